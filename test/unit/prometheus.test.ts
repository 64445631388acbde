import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exposition } from '../../src/ledger/exposition.ts'
import { LATENCY_BOUNDS_MS } from '../../src/ledger/histogram.ts'
import { metricFamilies } from '../../src/ledger/metrics.ts'
import { ledgerEvents, ledgerGauges, ledgerOutcomes } from '../../src/ledger/record.ts'
import type { Totals } from '../../src/ledger/report.ts'
import { verdicts } from '../../src/ledger/semantic-metrics.ts'
import { samplesOf, valueOf } from '../support/exposition.ts'
import { latencies, ledgerTotals, requestTotals } from '../support/ledger-totals.ts'

const PREFIX = 'edge_llm_cache_'
const textOf = (totals: Partial<Totals>) =>
  exposition(metricFamilies(ledgerTotals(totals), '1.2.3'))
/** The values of the metrics of these totals, by name without prefix, and labels. */
function valuesOf(totals: Partial<Totals>) {
  const samples = samplesOf(textOf(totals))
  return (name: string, labels?: Record<string, string>) =>
    valueOf(samples, `${PREFIX}${name}`, labels)
}

describe('the text format', () => {
  it('has HELP and TYPE for each family, once and before its samples, even without samples', () => {
    const lines = textOf({}).trimEnd().split('\n')
    const families = metricFamilies(ledgerTotals(), '1.2.3')
    expect(families.some(({ series }) => series.length === 0)).toBe(true)
    for (const { name, type } of families) {
      const at = lines.findIndex((line) => line.startsWith(`# HELP ${name} `))
      expect(lines[at + 1]).toBe(`# TYPE ${name} ${type}`)
      const own = lines.flatMap((line, at) => (line.split(/[ {]/)[0]!.startsWith(name) ? [at] : []))
      for (const line of own) expect(line).toBeGreaterThan(at + 1)
      expect(lines.filter((line) => line.startsWith(`# TYPE ${name} `))).toHaveLength(1)
    }
  })

  it('names counters by _total and nothing else, and times by _seconds', () => {
    for (const { name, type } of metricFamilies(ledgerTotals(), '1.2.3')) {
      expect(name).toMatch(/^edge_llm_cache_[a-z]+(_[a-z]+)*$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|millis|microseconds|minutes)\b|_ms_/)
    }
  })

  it('keeps any label as it is, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (model) => {
        const samples = samplesOf(textOf({ requests: [requestTotals({ model })] }))
        const models = samples.flatMap(({ labels }) => labels['model'] ?? [])
        expect(models).toEqual([model || '(unknown)'])
      }),
    )
  })

  it.each([
    ['a"} 1\nevil_total 7', 'model="a\\"} 1\\nevil_total 7"'],
    ['back\\slash', 'model="back\\\\slash"'],
    ['\\n is no line break', 'model="\\\\n is no line break"'],
    ['# TYPE x counter', 'model="# TYPE x counter"'],
  ])('escapes a model named %j', (model, written) => {
    const text = textOf({ requests: [requestTotals({ model })] })
    expect(text).toContain(written)
    const names = new Set(samplesOf(text).map(({ name }) => name))
    expect([...names].every((name) => name.startsWith(PREFIX))).toBe(true)
  })

  it('escapes backslashes and line breaks in HELP', () => {
    const family = {
      name: 'a',
      help: 'a\\b\nc "d"',
      type: 'gauge',
      labels: [],
      series: [],
    } as const
    expect(exposition([family])).toBe('# HELP a a\\\\b\\nc "d"\n# TYPE a gauge\n')
  })

  it('has no series twice, even if two models are the same in UTF-8', () => {
    const models = ['', '(unknown)', 'a\ud800', 'a\udfff', 'a\ufffd']
    const requests = models.map((model) => requestTotals({ model }))
    const value = valuesOf({ requests: [...requests, ...requests] })
    const labels = {
      api: '/v1/chat/completions',
      outcome: 'exact-hit',
      tier: 'memory',
      status: '2xx',
    }
    expect(value('requests_total', { ...labels, model: '(unknown)' })).toBe(4)
    expect(value('requests_total', { ...labels, model: 'a\ufffd' })).toBe(6)
  })
})

describe('metrics of requests', () => {
  it('count requests by API, model, outcome, tier and status', () => {
    const value = valuesOf({
      requests: [
        requestTotals({ requests: 3 }),
        requestTotals({
          outcome: 'rejected',
          tier: '',
          status: '4xx',
          api: '',
          model: '',
          requests: 2,
        }),
      ],
    })
    const labels = {
      api: '/v1/chat/completions',
      model: 'small',
      outcome: 'exact-hit',
      tier: 'memory',
    }
    expect(value('requests_total', { ...labels, status: '2xx' })).toBe(3)
    const unknown = { api: '(unknown)', model: '(unknown)', outcome: 'rejected', tier: 'none' }
    expect(value('requests_total', { ...unknown, status: '4xx' })).toBe(2)
  })

  it('name the tier of an exact hit from several of them mixed', () => {
    const value = valuesOf({ requests: [requestTotals({ tier: '' })] })
    const labels = { outcome: 'exact-hit', tier: 'mixed' }
    const more = { api: '/v1/chat/completions', model: 'small', status: '2xx' }
    expect(value('requests_total', { ...labels, ...more })).toBe(1)
    expect(value('request_duration_seconds_count', labels)).toBe(1)
  })

  it('have cumulative duration buckets in seconds, with +Inf, sum and count', () => {
    const latency = latencies({ 0: 2, 3: 1, 15: 4 })
    const value = valuesOf({
      requests: [
        requestTotals({ outcome: 'miss', tier: '', latency, latencySumMs: 300_500 }),
        requestTotals({ outcome: 'miss', tier: '', latency, latencySumMs: 500, model: 'large' }),
      ],
    })
    const labels = { outcome: 'miss', tier: 'none' }
    const bucket = (le: string) => value('request_duration_seconds_bucket', { ...labels, le })
    expect(['0.001', '0.005', '0.01', '60', '+Inf'].map(bucket)).toEqual([4, 4, 6, 6, 14])
    expect(value('request_duration_seconds_sum', labels)).toBe(301)
    expect(value('request_duration_seconds_count', labels)).toBe(14)
    const bounds = LATENCY_BOUNDS_MS.map((bound) => String(bound / 1000))
    for (const le of bounds) expect(bucket(le), le).toBeDefined()
  })

  it('have durations of every outcome before the first request', () => {
    const samples = samplesOf(textOf({}))
    const counts = samples.filter(({ name }) => name.endsWith('_duration_seconds_count'))
    expect(new Set(counts.map(({ labels }) => labels['outcome']))).toEqual(new Set(ledgerOutcomes))
    for (const { value } of counts) expect(value).toBe(0)
  })

  it('say what hits saved in base units, and which hits have no price', () => {
    const value = valuesOf({
      requests: [
        requestTotals({ savedInputTokens: 10, savedUsd: 0.5, savedMs: 1_500, unpricedHits: 1 }),
        requestTotals({ savedOutputTokens: 7, savedUsd: 0.25, model: 'large', unpricedHits: 2 }),
      ],
    })
    expect(value('saved_tokens_total', { type: 'input' })).toBe(10)
    expect(value('saved_tokens_total', { type: 'output' })).toBe(7)
    expect(value('saved_cost_usd_total')).toBe(0.75)
    expect(value('saved_seconds_total')).toBe(1.5)
    expect(value('unpriced_hits_total')).toBe(3)
  })
})

describe('metrics of the semantic cache', () => {
  const decided = (verdict: string, shadow: boolean, decisions: number) => ({
    verdict,
    shadow,
    decisions,
    agreed: 0,
    disagreed: 0,
  })

  it('count decisions by verdict, unknown ones as (other)', () => {
    const value = valuesOf({
      verdicts: [
        decided('hit', false, 3),
        decided('hit', true, 2),
        decided('a new verdict', false, 1),
        decided('another one', false, 1),
      ],
    })
    const of = (verdict: string, shadow = 'false') =>
      value('semantic_decisions_total', { verdict, shadow })
    expect([of('hit'), of('hit', 'true'), of('(other)'), of('too old')]).toEqual([3, 2, 2, 0])
    expect(of('a new verdict')).toBeUndefined()
  })

  it('know every verdict of the semantic layer', () => {
    const folder = resolve(import.meta.dirname, '../../src/semantic')
    const code = readdirSync(folder)
      .map((file) => readFileSync(resolve(folder, file), 'utf8'))
      .join('\n')
    const refusals = [...code.matchAll(/['`]semantic: ([a-z ]+?)(?: \(\$\{.*)?['`]/g)]
    const inCode = new Set(refusals.map(([, verdict]) => verdict!))
    inCode.delete('shadow') // which is no verdict
    expect(new Set(verdicts)).toEqual(new Set(['hit', ...inCode]))
  })

  it('have cumulative buckets of the probabilities', () => {
    const value = valuesOf({ probabilities: [1, 0, 0, 0, 0, 0, 0, 0, 2, 5] })
    const bucket = (le: string) => value('semantic_same_probability_bucket', { le })
    expect(['0.1', '0.8', '0.9', '1', '+Inf'].map(bucket)).toEqual([1, 1, 3, 8, 8])
    expect(value('semantic_same_probability_count')).toBe(8)
  })

  it('say what the judge cost and how long it took', () => {
    const value = valuesOf({ judge: { calls: 4, usd: 0.002, unpriced: 1, ms: 2_500 } })
    expect(value('judge_calls_total')).toBe(4)
    expect(value('judge_cost_usd_total')).toBe(0.002)
    expect(value('judge_unpriced_calls_total')).toBe(1)
    expect(value('judge_duration_seconds_total')).toBe(2.5)
  })
})

describe('metrics of the gateway itself', () => {
  it('count every event of the ledger, from 0 on', () => {
    const samples = samplesOf(textOf({}))
    const before = samples.filter(({ value }) => value > 0).length
    const events = ledgerEvents.map((name) => ({ name, count: 7 }))
    const after = samplesOf(textOf({ events })).filter(({ value }) => value === 7)
    expect(before).toBe(1) // build_info
    expect(after).toHaveLength(ledgerEvents.length)
    for (const { name } of after) expect(valueOf(samples, name)).toBe(0)
  })

  it('show a gauge once it was set, instants in seconds', () => {
    const at = 1_800_000_000_000
    const before = valuesOf({})
    expect(before('sweep_remaining_entries')).toBeUndefined()
    const value = valuesOf({
      gauges: [
        { name: 'sweep_left', value: 12, at },
        { name: 'sweep_ended_at', value: at, at },
      ],
    })
    expect(value('sweep_remaining_entries')).toBe(12)
    expect(value('sweep_last_run_timestamp_seconds')).toBe(1_800_000_000)
    expect(ledgerGauges).toHaveLength(2)
  })

  it('name the version', () => {
    expect(valuesOf({})('build_info', { version: '1.2.3' })).toBe(1)
  })
})
