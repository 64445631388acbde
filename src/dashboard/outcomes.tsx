import { ledgerOutcomes } from '../ledger/record.ts'
import type { Report } from '../ledger/report.ts'
import { timeLabels } from './axis.ts'
import { Card, Fold } from './card.tsx'
import { DataTable } from './data-table.tsx'
import { count, dateTime, large, usd } from './format.ts'
import { layersTable, outcomesTable, seriesTable } from './outcome-tables.ts'
import { ShareBar } from './share-bar.tsx'
import { StackedBars } from './stacked-bars.tsx'
import { stepsOf } from './time-steps.ts'
import { isUnpriced, savedTokens, totalOf } from './sums.ts'
import { ranges } from './view.ts'
import type { View } from './view.ts'

interface SectionProps {
  report: Report
  view: View
}

/** Requests over time, by outcome. */
export const OutcomesOverTime = ({ report, view }: SectionProps) => {
  const steps = stepsOf(report)
  const starts = steps.map(({ at }) => at)
  const used = ledgerOutcomes.filter((_, at) => steps.some(({ byOutcome }) => byOutcome[at]! > 0))
  const bars = steps.map(({ byOutcome }) =>
    used.map((outcome) => byOutcome[ledgerOutcomes.indexOf(outcome)]!),
  )
  const hints = bars.map((values, bar) => {
    const named = used.map((outcome, at) => ({ outcome, requests: values[at]! }))
    const parts = named
      .filter(({ requests }) => requests > 0)
      .map(({ outcome, requests }) => `${outcome} ${count(requests)}`)
    return [`${dateTime(starts[bar]!)} UTC`, ...(parts.length > 0 ? parts : ['none'])].join('\n')
  })
  return (
    <Card
      id="over-time"
      title="Requests over time"
      lead={`By outcome, in steps of ${ranges[view.range].step}. Times are UTC.`}
    >
      <ul class="legend">
        {used.map((outcome) => (
          <li>
            <span class={`swatch is-${outcome}`} aria-hidden="true"></span> {outcome}
          </li>
        ))}
      </ul>
      <StackedBars
        id="over-time-chart"
        title="Requests over time by outcome"
        description="Stacked bars, one for each step of the range. The table below has the numbers."
        parts={used}
        bars={bars}
        hints={hints}
        labels={timeLabels(starts, report.query.stepMs)}
        unit={`Requests per ${ranges[view.range].per}`}
        format={count}
        leastStep={1}
      />
      <Fold title="The numbers of this chart">
        <DataTable table={seriesTable(report)} view={view} />
      </Fold>
    </Card>
  )
}

/** Every outcome with what it saved. */
export const Outcomes = ({ report, view }: SectionProps) => (
  <Card id="outcomes" title="Outcomes" lead="How requests were answered, and what that saved.">
    <DataTable table={outcomesTable(report)} view={view} />
  </Card>
)

/** The hit ratio by layer. */
export const Layers = ({ report, view }: SectionProps) => {
  const table = layersTable(report)
  const parts = table.rows.map(([layer, , share]) => ({
    name: String(layer),
    share: Number(share),
  }))
  return (
    <Card id="layers" title="Hit ratio by layer" lead="Which part of the cache answered." half>
      <ShareBar id="layers-chart" title="Hit ratio by layer" parts={parts} />
      <DataTable table={table} view={view} />
    </Card>
  )
}

/** What hits saved over time: money, or tokens if LiteLLM names no prices. */
export const SavedOverTime = ({ report, view }: SectionProps) => {
  const steps = stepsOf(report)
  const inTokens = isUnpriced(totalOf(report.outcomes))
  const title = inTokens ? 'Saved tokens over time' : 'Saved money over time'
  const format = inTokens ? large : usd
  const saved = steps.map((step) => (inTokens ? savedTokens(step) : step.savedUsd))
  return (
    <Card
      id="saved"
      title={title}
      lead={
        inTokens
          ? 'In tokens: LiteLLM names no price for these models.'
          : 'From hits whose answer has a price.'
      }
      half
    >
      <StackedBars
        id="saved-chart"
        title={title}
        description="Bars, one for each step of the range. The table of requests over time has the numbers."
        parts={['saved']}
        bars={saved.map((value) => [value])}
        hints={saved.map((value, at) => `${dateTime(steps[at]!.at)} UTC\n${format(value)}`)}
        labels={timeLabels(
          steps.map(({ at }) => at),
          report.query.stepMs,
        )}
        unit={`${inTokens ? 'Tokens' : 'USD'} per ${ranges[view.range].per}`}
        format={format}
        leastStep={inTokens ? 1 : 0}
      />
    </Card>
  )
}
