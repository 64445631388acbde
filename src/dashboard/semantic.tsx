import type { Child } from 'hono/jsx'
import type { Report } from '../ledger/report.ts'
import { Card, Empty, Fold } from './card.tsx'
import { DataTable } from './data-table.tsx'
import { count, duration, share, usd } from './format.ts'
import {
  probabilitiesTable,
  probabilityStep,
  semanticSums,
  verdictsTable,
} from './semantic-tables.ts'
import { StackedBars } from './stacked-bars.tsx'
import { shareOf } from './sums.ts'
import type { View } from './view.ts'

export interface SemanticSettings {
  readonly mode: 'on' | 'shadow' | 'off'
  /** The lowest probability at which a semantic hit is served, 0 … 1. */
  readonly minProbability: number
}

/** How semantic hits were verified. */
export const Semantic = (props: { report: Report; view: View; semantic: SemanticSettings }) => (
  <Card
    id="semantic"
    title="Semantic verification"
    lead="Hits of LiteLLM’s semantic cache are served only if a decision model finds the answer right for both questions."
  >
    {props.report.verdicts.length === 0 ? (
      <Empty>{whatToDo(props.semantic.mode)}</Empty>
    ) : (
      <Verification {...props} />
    )}
  </Card>
)

function whatToDo(mode: SemanticSettings['mode']): Child {
  if (mode === 'off') {
    return (
      <p>
        The semantic cache is off (<code>SEMANTIC=off</code>). Set <code>SEMANTIC=shadow</code> to
        measure it on real traffic without serving its answers, or <code>on</code> to use it.
      </p>
    )
  }
  return (
    <p>
      No semantic hit in this range (<code>SEMANTIC={mode}</code>). LiteLLM finds one if a short
      question is asked again in other words; <code>make test-semantic-cache</code> shows it.
    </p>
  )
}

const Verification = ({
  report,
  view,
  semantic,
}: {
  report: Report
  view: View
  semantic: SemanticSettings
}) => {
  const { judge, probabilities } = report
  const sums = semanticSums(report)
  const compared = sums.agreed + sums.disagreed
  const hasShadow = sums.wouldServe + sums.wouldRefuse > 0
  const steps = probabilities.map((_, at) => probabilityStep(at))
  return (
    <>
      <dl class="facts">
        <Fact title="Served">{count(sums.served)} semantic hits</Fact>
        <Fact title="Refused">{count(sums.refused)} semantic hits, asked again</Fact>
        {hasShadow ? (
          <Fact title="Shadow mode would have served">
            {count(sums.wouldServe)} of {count(sums.wouldServe + sums.wouldRefuse)} semantic hits
            {compared === 0
              ? ''
              : `; ${count(sums.agreed)} of ${count(compared)} had the text of the fresh answer (${share(shareOf(sums.agreed, compared))})`}
          </Fact>
        ) : null}
        <Fact title="Judge">
          {count(judge.calls)} calls
          {judge.calls > 0 ? `, ${duration(judge.ms / judge.calls)} on average` : ''}
        </Fact>
        <Fact title="Judge’s cost">
          {judge.calls > 0 && judge.unpriced === judge.calls
            ? 'unknown: no call has a price'
            : usd(judge.usd)}
          {judge.unpriced > 0 && judge.unpriced < judge.calls
            ? `; ${count(judge.unpriced)} calls have no price`
            : ''}
        </Fact>
      </dl>
      <div class="columns">
        <div>
          <h3>Verdicts by probability</h3>
          <StackedBars
            id="probabilities-chart"
            title="Verdicts by probability"
            description={`Bars for ten steps of the probability. From ${semantic.minProbability} on, a semantic hit is served, unless a policy has another threshold. The table below has the numbers.`}
            parts={['semantic']}
            bars={probabilities.map((verdicts) => [verdicts])}
            hints={probabilities.map((verdicts, at) => `${steps[at]}: ${count(verdicts)} verdicts`)}
            labels={steps.map((text, at) => ({ at, text })).filter(({ at }) => at % 3 === 0)}
            unit="Verdicts, by the probability that the answer is right"
            format={count}
            leastStep={1}
            mark={{ at: semantic.minProbability, text: `served from ${semantic.minProbability}` }}
          />
          <Fold title="The numbers of this chart">
            <DataTable table={probabilitiesTable(report)} view={view} />
          </Fold>
        </div>
        <div>
          <h3>Semantic hits by verdict</h3>
          <DataTable table={verdictsTable(report)} view={view} />
        </div>
      </div>
    </>
  )
}

const Fact = ({ title, children }: { title: string; children?: Child }) => (
  <div>
    <dt>{title}</dt>
    <dd>{children}</dd>
  </div>
)
