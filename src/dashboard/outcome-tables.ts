import { isMixed, ledgerOutcomes } from '../ledger/record.ts'
import type { LedgerOutcome } from '../ledger/record.ts'
import type { OutcomeSums, Report, Sums } from '../ledger/report.ts'
import {
  answerable,
  HIT_RATIO,
  hitRatioOf,
  REQUESTS,
  SAVINGS,
  savedTokens,
  savingsCells,
  shareOf,
  totalOf,
} from './sums.ts'
import { stepsOf } from './time-steps.ts'
import type { Column, Table } from './table.ts'

/** Requests by outcome. */
export function outcomesTable({ outcomes }: Report): Table {
  const all = totalOf(outcomes).requests
  const rows = byOutcome(outcomes).map(({ outcome, sums }) => [
    outcome,
    sums.requests,
    shareOf(sums.requests, all),
    ...savingsCells(sums),
  ])
  const columns: Column[] = [
    {
      name: 'outcome',
      title: 'Outcome',
      kind: 'outcome',
      definition:
        'The x-cache header of the response. Coalesced requests shared the upstream call of another one. Rejected requests were refused before any cache was asked.',
    },
    REQUESTS,
    { name: 'share', title: 'Share', kind: 'share', definition: 'Of all requests in the range.' },
    ...SAVINGS,
  ]
  return { name: 'outcomes', caption: 'Requests by outcome', columns, rows }
}

function byOutcome(sums: readonly OutcomeSums[]): { outcome: LedgerOutcome; sums: Sums }[] {
  return ledgerOutcomes
    .map((outcome) => ({ outcome, sums: totalOf(sums.filter((one) => one.outcome === outcome)) }))
    .filter(({ sums }) => sums.requests > 0)
}

/** Requests in each step of the range, by outcome. */
export function seriesTable(report: Report): Table {
  const rows = stepsOf(report).map((step) => [
    step.at,
    ...step.byOutcome,
    step.hits,
    hitRatioOf(step),
    step.savedUsd,
    savedTokens(step),
  ])
  const columns: Column[] = [
    { name: 'from', title: 'From (UTC)', kind: 'instant' },
    ...ledgerOutcomes.map((outcome): Column => ({ name: outcome, title: outcome, kind: 'count' })),
    {
      name: 'hits',
      title: 'Hits',
      kind: 'count',
      definition:
        'exact-hit, semantic-hit, coalesced and stale with a status below 400: a shared call that failed is no hit.',
    },
    HIT_RATIO,
    { name: 'saved_usd', title: 'Saved USD', kind: 'usd' },
    { name: 'saved_tokens', title: 'Saved tokens', kind: 'count' },
  ]
  return { name: 'series', caption: 'Requests over time', columns, rows }
}

/** The parts of the cache by the names that `Cache-Status` and `x-cache` give them. */
const LAYERS: readonly (readonly [string, (sums: OutcomeSums) => boolean])[] = [
  ['memory', ({ outcome, tier }) => outcome === 'exact-hit' && tier === 'memory'],
  ['colo', ({ outcome, tier }) => outcome === 'exact-hit' && tier === 'colo'],
  ['qdrant', ({ outcome, tier }) => outcome === 'exact-hit' && tier === 'qdrant'],
  ['mixed', isMixed],
  ['semantic', ({ outcome }) => outcome === 'semantic-hit'],
  ['coalesced', ({ outcome }) => outcome === 'coalesced'],
  ['stale', ({ outcome }) => outcome === 'stale'],
]

/** Hits by the part of the cache that answered. */
export function layersTable({ outcomes }: Report): Table {
  const all = answerable(totalOf(outcomes))
  const rows = LAYERS.flatMap(([layer, isOf]) => {
    const sums = totalOf(outcomes.filter(isOf))
    if (layer === 'mixed' && sums.requests === 0) return []
    return [[layer, sums.hits, shareOf(sums.hits, all), sums.savedUsd, savedTokens(sums)]]
  })
  const columns: Column[] = [
    {
      name: 'layer',
      title: 'Layer',
      kind: 'outcome',
      definition:
        'What answered: memory is the isolate’s, colo the data centre’s cache, mixed a batch from several tiers. Semantic hits are LiteLLM’s, after verification. Coalesced requests shared the upstream call of another one. Stale answers had expired.',
    },
    { name: 'hits', title: 'Hits', kind: 'count' },
    {
      ...HIT_RATIO,
      definition:
        'Hits of the layer, divided by all requests but rejected ones. The layers add up to the hit ratio.',
    },
    { name: 'saved_usd', title: 'Saved USD', kind: 'usd' },
    { name: 'saved_tokens', title: 'Saved tokens', kind: 'count' },
  ]
  return { name: 'layers', caption: 'Hit ratio by layer', columns, rows }
}
