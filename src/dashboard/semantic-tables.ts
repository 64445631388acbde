import type { Report } from '../ledger/report.ts'
import type { Column, Table } from './table.ts'

/** What became of hits in the semantic cache. */
export function verdictsTable({ verdicts }: Report): Table {
  const columns: Column[] = [
    {
      name: 'verdict',
      title: 'Verdict',
      kind: 'text',
      definition: 'hit, or why the semantic hit was not served.',
    },
    {
      name: 'mode',
      title: 'Mode',
      kind: 'text',
      definition: 'In shadow mode nothing is served, whatever the verdict.',
    },
    { name: 'decisions', title: 'Semantic hits', kind: 'count' },
    {
      name: 'agreed',
      title: 'Same text',
      kind: 'count',
      definition: 'In shadow mode: the fresh answer had the same text as the cached one.',
    },
    {
      name: 'disagreed',
      title: 'Other text',
      kind: 'count',
      definition:
        'In shadow mode: the fresh answer had another text. It may still say the same in other words.',
    },
  ]
  const rows = verdicts.map(({ verdict, shadow, decisions, agreed, disagreed }) => [
    verdict,
    shadow ? 'shadow' : 'on',
    decisions,
    shadow ? agreed : null,
    shadow ? disagreed : null,
  ])
  return { name: 'verdicts', caption: 'Semantic hits by verdict', columns, rows }
}

/** Verdicts by the probability that one answer is right for both questions. */
export function probabilitiesTable({ probabilities }: Report): Table {
  const columns: Column[] = [
    { name: 'probability', title: 'Probability', kind: 'text' },
    { name: 'verdicts', title: 'Verdicts', kind: 'count' },
  ]
  const rows = probabilities.map((verdicts, at) => [probabilityStep(at), verdicts])
  return { name: 'probabilities', caption: 'Verdicts by probability', columns, rows }
}

/** The name of a step of the histogram, such as `0.8–0.9`. */
export const probabilityStep = (at: number): string =>
  `${(at / 10).toFixed(1)}–${((at + 1) / 10).toFixed(1)}`

/** The semantic hits of a report in few numbers. */
export function semanticSums({ verdicts }: Report) {
  const live = verdicts.filter(({ shadow }) => !shadow)
  const shadow = verdicts.filter(({ shadow }) => shadow)
  const sum = (list: Report['verdicts'], name: 'decisions' | 'agreed' | 'disagreed') =>
    list.reduce((total, one) => total + one[name], 0)
  const hits = (list: Report['verdicts']) => list.filter(({ verdict }) => verdict === 'hit')
  return {
    served: sum(hits(live), 'decisions'),
    refused: sum(live, 'decisions') - sum(hits(live), 'decisions'),
    /** What shadow mode would have served, and how its texts compared with fresh answers. */
    wouldServe: sum(hits(shadow), 'decisions'),
    wouldRefuse: sum(shadow, 'decisions') - sum(hits(shadow), 'decisions'),
    agreed: sum(hits(shadow), 'agreed'),
    disagreed: sum(hits(shadow), 'disagreed'),
  }
}
