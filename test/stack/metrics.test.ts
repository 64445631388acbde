import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exposition } from '../../src/ledger/exposition.ts'
import { metricFamilies } from '../../src/ledger/metrics.ts'
import { samplesOf } from '../support/exposition.ts'
import { latencies, ledgerTotals, requestTotals } from '../support/ledger-totals.ts'
import { addresses, send } from './client.ts'

interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly (readonly [string, Record<string, string>, string])[]
}

const PYTHON = resolve(import.meta.dirname, '../../.local/clients-venv/metrics/bin/python')
const SCRIPT = resolve(import.meta.dirname, 'prometheus_parser.py')

/** What Prometheus' own Python parser reads. */
const parsed = (text: string) =>
  JSON.parse(execFileSync(PYTHON, [SCRIPT], { input: text, encoding: 'utf8' })) as Family[]

/** The parser drops `_total` from the names of counters. */
const nameOf = ({ name, type }: { name: string; type: string }) =>
  type === 'counter' ? name.replace(/_total$/, '') : name

const MODELS = [
  'a"} 1\nevil_total 7',
  'back\\slash\\',
  '\\n',
  'tab\tand\rreturn',
  '\0',
  '模型/größe',
  '🙂',
  '\ud800',
  '{a="b",}',
  ' # HELP',
]

describe("Prometheus' own parser", () => {
  const totals = ledgerTotals({
    requests: MODELS.map((model) =>
      requestTotals({ model, latency: latencies({ 2: 1, 15: 2 }), savedUsd: 1e-9 }),
    ),
    probabilities: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  })
  const text = exposition(metricFamilies(totals, '1.2.3'))

  it('reads every family with its type and help', () => {
    const families = metricFamilies(totals, '1.2.3')
    const seen = parsed(text).map(({ name, type, help }) => ({ name, type, help }))
    const written = families.map(({ name, type, help }) => ({
      name: nameOf({ name, type }),
      type,
      help,
    }))
    expect(seen).toEqual(written)
  })

  it('reads the same samples as the tests of the other layers, whatever a model is called', () => {
    const seen = parsed(text).flatMap(({ samples }) =>
      samples.map(([name, labels, value]) => ({ name, labels, value: Number(value) })),
    )
    expect(seen).toEqual(samplesOf(text))
    const models = seen.flatMap(({ labels }) => labels['model'] ?? [])
    expect(models).toEqual(MODELS.map((model) => model.toWellFormed()))
  })
})

describe('/metrics on the real stack', () => {
  it('counts requests that were sent, and is valid', async () => {
    const authorization = `Bearer ${addresses.masterKey}`
    const model = `no "such\\model" ${crypto.randomUUID()}`
    const body = { model, messages: [{ role: 'user', content: 'Hello.' }] }
    const request = () =>
      send('/v1/chat/completions', body, { url: addresses.keyed, headers: { authorization } })
    await request()
    await request()
    const countOf = (families: readonly Family[]) =>
      families
        .flatMap(({ samples }) => samples)
        .filter(([name, labels]) => name.endsWith('_requests_total') && labels['model'] === model)
        .reduce((sum, [, , value]) => sum + Number(value), 0)
    // The ledger is written after the answer, in batches.
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(`${addresses.keyed}/metrics`, {
        headers: { authorization: `Bearer ${addresses.adminKey}` },
      })
      expect(answer.status).toBe(200)
      const families = parsed(await answer.text())
      if (countOf(families) === 2 || attempt === 100) {
        expect(countOf(families)).toBe(2)
        return
      }
      await new Promise((resume) => setTimeout(resume, 250))
    }
  })
})
