/**
 * `make bench-scale`: what the cache saves, by questions, TTL, rate, tenants and data centres. Runs the
 * gateway's own lookup, tiers, coalescing and admission on random requests in virtual time. The same
 * seed gives the same tables. Nothing here measures speed.
 */

import { erlangB, SEATS } from './erlang.ts'
import { simulate } from './simulation.ts'
import type { Scenario } from './traffic.ts'

const BASE: Scenario = {
  requestsPerSecond: 10,
  tenants: 4,
  questions: 10_000,
  exponent: 1.1,
  ttlSeconds: 1_800,
  colos: 2,
  isolates: 3,
  shards: 4,
  latencyMs: 2_000,
  counted: 6_000,
}

const EXPONENTS = [0.7, 0.9, 1.1, 1.3]
const TTLS = [300, 1_800, 86_400]
const RATES = [1, 10, 30]
const TENANTS = [1, 10, 100]
const COLOS = [1, 4, 16]
const LATENCIES_SECONDS = [1, 5, 20]
const WAITING_CALLS = [2, 4, 8, 16, 32]
const SHARDS = [4, 8, 16]

async function main(): Promise<void> {
  await hitRatios()
  await byTier('requests/s', RATES, (requestsPerSecond) => ({ requestsPerSecond }))
  await byTier('tenants', TENANTS, (tenants) => ({ tenants }))
  await byTier('data centres', COLOS, (colos) => ({ colos }))
  await coalescing()
  await pool()
}

async function hitRatios(): Promise<void> {
  title('Hit ratio by Zipf exponent and TTL, 1 request in 2 s: all (memory + colo + Qdrant)')
  header(['exponent', ...TTLS.map((seconds) => `TTL ${seconds} s`)])
  for (const exponent of EXPONENTS) {
    const cells: string[] = []
    for (const ttlSeconds of TTLS) {
      const scenario = { ...BASE, requestsPerSecond: 0.5, exponent, ttlSeconds }
      const { requests, hits } = await simulate(scenario)
      const parts = [hits.memory, hits.colo, hits.qdrant]
      const all = percent(sum(parts), requests)
      cells.push(`${all} (${parts.map((part) => percent(part, requests)).join(' + ')})`)
    }
    row([exponent, ...cells])
  }
}

/** How one number changes the hit ratio and where hits come from. */
async function byTier(
  name: string,
  values: readonly number[],
  over: (value: number) => Partial<Scenario>,
): Promise<void> {
  title(`Hit ratio by ${name}`)
  header([name, 'hits', 'memory', 'colo', 'Qdrant', 'upstream calls'])
  for (const value of values) {
    const { requests, hits, upstreamCalls } = await simulate({ ...BASE, ...over(value) })
    const parts = [hits.memory, hits.colo, hits.qdrant]
    const shares = [sum(parts), ...parts, upstreamCalls].map((part) => percent(part, requests))
    row([value, ...shares])
  }
}

async function coalescing(): Promise<void> {
  title('What coalescing saves if requests are independent, 30 requests/s, 4 shards')
  header(['the model takes', 'misses', 'of them saved', 'of them alone, pool busy'])
  for (const seconds of LATENCIES_SECONDS) {
    const scenario = { ...BASE, requestsPerSecond: 30, ttlSeconds: 300, latencyMs: seconds * 1000 }
    const { requests, hits, collapsed, busy } = await simulate(scenario)
    const misses = requests - sum(Object.values(hits))
    const shares = [percent(misses, requests), percent(collapsed, misses), percent(busy, misses)]
    row([`${seconds} s`, ...shares])
  }
}

async function pool(): Promise<void> {
  let worst = 0
  title(
    'Misses that go alone (`pool busy`), by calls that wait in one data centre: simulated, Erlang B',
  )
  header(['misses/s × seconds', ...SHARDS.map((shards) => `${shards} shards`)])
  for (const waiting of WAITING_CALLS) {
    const cells: string[] = []
    for (const shards of SHARDS) {
      const { busy, requests, busiest } = await simulate(allDifferent(waiting, shards))
      const expected = erlangB(waiting / shards, SEATS)
      cells.push(`${percent(busy, requests)}, ${percent(expected, 1)}`)
      if (shards === BASE.shards) worst = Math.max(worst, busiest)
    }
    row([waiting, ...cells])
  }
  console.log(
    `\nOf ${BASE.shards} shards, the busiest got at most ${percent(worst, 1)} of the requests.`,
  )
}

/** Requests that never come twice, so that each is a miss and takes a call of its own. */
const allDifferent = (waiting: number, shards: number): Scenario => ({
  ...BASE,
  exponent: undefined,
  colos: 1,
  requestsPerSecond: waiting / (BASE.latencyMs / 1000),
  shards,
  counted: 2_000,
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`
const title = (text: string) => console.log(`\n${text}\n`)
const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const header = (cells: readonly string[]) => {
  row(cells)
  console.log(`|${'---|'.repeat(cells.length)}`)
}

await main()
