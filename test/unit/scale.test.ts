import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { erlangB, SEATS } from '../bench/scale/erlang.ts'
import { simulate } from '../bench/scale/simulation.ts'
import type { Scenario } from '../bench/scale/traffic.ts'

const SMALL: Scenario = {
  requestsPerSecond: 10,
  tenants: 2,
  questions: 100,
  exponent: 1.1,
  ttlSeconds: 60,
  colos: 2,
  isolates: 2,
  shards: 4,
  latencyMs: 500,
  counted: 500,
}

describe('the simulation of make bench-scale', () => {
  it('gives the same counts again', async () => {
    expect(await simulate(SMALL)).toEqual(await simulate(SMALL))
  })

  it('answers every request from a tier, a shared call or a call of its own', async () => {
    const { requests, hits, collapsed, upstreamCalls } = await simulate(SMALL)
    expect(requests).toBe(500)
    const { memory, colo, qdrant } = hits
    expect(Math.min(memory, colo, qdrant)).toBeGreaterThan(0)
    expect(memory + colo + qdrant + collapsed + upstreamCalls).toBe(requests)
  })

  it('has no hits if no question comes twice, and a full pool as often as Erlang B says', async () => {
    const waiting = 8
    const requestsPerSecond = waiting / (SMALL.latencyMs / 1000)
    const only = { ...SMALL, exponent: undefined, colos: 1, requestsPerSecond, counted: 1_500 }
    const { requests, upstreamCalls, busy } = await simulate(only)
    expect(upstreamCalls).toBe(requests)
    expect(busy / requests).toBeCloseTo(erlangB(waiting / SMALL.shards, SEATS), 1)
    expect(erlangB(2, 4)).toBeCloseTo(0.0952, 4) // a value of the usual tables
  })
})

describe('make bench-engine', () => {
  it('has the same payload indexes as the gateway makes', () => {
    const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
    const [, typescript = ''] =
      /const INDEXES = (\{[^]*?\n\})/.exec(read('src/store/qdrant.ts')) ?? []
    const [, python = ''] =
      /^INDEXES = (\{[^]*?\n\})/m.exec(read('test/bench/scale/engine.py')) ?? []
    const plain = (text: string) =>
      text
        .replaceAll(/["',\s]/g, '')
        .replaceAll('False', 'false')
        .replaceAll('True', 'true')
    expect(plain(typescript)).toContain('expires_at')
    expect(plain(python)).toBe(plain(typescript))
  })
})
