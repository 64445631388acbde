import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exposition } from '../../src/ledger/exposition.ts'
import { metricFamilies } from '../../src/ledger/metrics.ts'
import { ledgerOutcomes } from '../../src/ledger/record.ts'
import { verdicts } from '../../src/ledger/semantic-metrics.ts'
import { samplesOf } from '../support/exposition.ts'
import { ledgerTotals } from '../support/ledger-totals.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/metrics.md'), 'utf8')
const families = metricFamilies(ledgerTotals(), '1.2.3')

/** The cells of the rows whose first cell is code that matches. */
const rows = (first: RegExp) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([cell]) => first.test(cell!))
const codes = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

describe('docs/metrics.md', () => {
  it('lists every metric with its type and labels, in the order of /metrics', () => {
    const listed = rows(/^`edge_/).map(([name, type, labels]) => ({
      name: codes(name)[0],
      type,
      labels: codes(labels),
    }))
    expect(listed).toEqual(families.map(({ name, type, labels }) => ({ name, type, labels })))
  })

  it('has a unit that fits the name, and a meaning', () => {
    for (const [name, , , unit, meaning] of rows(/^`edge_/)) {
      expect(meaning, name).toBeTruthy()
      expect(/_usd_/.test(name!), name).toBe(unit === 'US dollars')
      if (unit === 'seconds') expect(name).toMatch(/_seconds/)
    }
  })

  it('explains every label with its values', () => {
    const labels = new Set(families.flatMap((family) => family.labels))
    labels.delete('version')
    const listed = rows(/^`(?!edge_)/)
    expect(new Set(listed.map(([label]) => codes(label)[0]))).toEqual(labels)
    const valuesOf = (label: string) =>
      codes(listed.find(([first]) => first === `\`${label}\``)?.[1])
    expect(valuesOf('outcome')).toEqual(expect.arrayContaining([...ledgerOutcomes]))
    expect(valuesOf('verdict')).toEqual(expect.arrayContaining([...verdicts, '(other)']))
  })

  it('states how many series there are before the first request', () => {
    const count = samplesOf(exposition(families)).length
    expect(page).toContain(`Before the first request there are ${count}.`)
  })

  it('states how many series the durations have at most', () => {
    const durations = samplesOf(exposition(families)).filter(
      ({ name, labels }) => name.includes('_request_duration_') && labels['outcome'] === 'miss',
    )
    const most = durations.length * ledgerOutcomes.length * 4 // tiers, with none
    expect(page).toContain(`at most ${most}.`)
  })
})
