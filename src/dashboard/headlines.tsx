import type { Child } from 'hono/jsx'
import { count, duration, large, share, usd } from './format.ts'
import type { Report, Sums } from '../ledger/report.ts'
import { stepsOf } from './time-steps.ts'
import { Sparkline } from './sparkline.tsx'
import { answerable, hitRatioOf, isUnpriced, savedTokens, shareOf, totalOf } from './sums.ts'

/** The most important numbers of the range, each with its unit and what it means. */
export const Headlines = ({ report }: { report: Report }) => {
  const total = totalOf(report.outcomes)
  const steps = stepsOf(report)
  const ratio = hitRatioOf(total)
  return (
    <section aria-labelledby="summary">
      <h2 id="summary" class="hidden">
        Summary
      </h2>
      <dl class="headlines">
        <Headline
          title="Requests"
          value={large(total.requests)}
          curve={steps.map(({ requests }) => requests)}
        >
          {requestsNote(total.rejected)}
        </Headline>
        <Headline
          title="Hit ratio"
          value={ratio === null ? '–' : share(ratio)}
          curve={steps.map((step) => hitRatioOf(step) ?? 0)}
        >
          {ratio === null
            ? 'Requests that a cache answered, of all but rejected ones.'
            : `${count(total.hits)} of ${count(answerable(total))} requests were answered by a cache.`}
        </Headline>
        <Headline
          title="Saved money"
          {...(isUnpriced(total) ? { value: '–' } : { value: usd(total.savedUsd), unit: 'USD' })}
          curve={steps.map(({ savedUsd }) => savedUsd)}
        >
          {unpriced(total)}
          {report.judge.usd > 0 ? ` The judge’s ${usd(report.judge.usd)} are not deducted.` : ''}
        </Headline>
        <Headline
          title="Saved tokens"
          value={large(savedTokens(total))}
          curve={steps.map(savedTokens)}
        >
          {count(total.savedInputTokens)} input and {count(total.savedOutputTokens)} output tokens,
          from the usage of the cached answers.
        </Headline>
        <Headline
          title="Saved time"
          value={duration(total.savedMs)}
          curve={steps.map(({ savedMs }) => savedMs)}
        >
          {total.hits === 0
            ? 'How much earlier hits arrived than when their answers were made.'
            : `On average, a hit was ${duration(total.savedMs / total.hits)} faster than when its answer was made.`}
        </Headline>
        <Headline
          title="Failed"
          value={count(total.failed)}
          curve={steps.map(({ failed }) => failed)}
          isBad={total.failed > 0}
        >
          Requests with a status of 500 or above or a broken stream
          {total.failed > 0 ? `: ${share(shareOf(total.failed, total.requests))} of all.` : '.'}
        </Headline>
      </dl>
    </section>
  )
}

function requestsNote(rejected: number): string {
  if (rejected === 0) return 'All requests of LLM APIs.'
  return `All requests of LLM APIs. ${count(rejected)} rejected: not in the hit ratio.`
}

function unpriced(total: Sums): string {
  const { hits, unpricedHits } = total
  if (hits === 0) return 'What the cached answers cost when they were made.'
  if (isUnpriced(total)) {
    return `LiteLLM named no price for ${count(unpricedHits)} of ${count(hits)} hits.`
  }
  if (unpricedHits === 0) return `All ${count(hits)} hits have a price.`
  const verb = unpricedHits === 1 ? 'has' : 'have'
  return `Of ${count(hits)} hits, ${count(unpricedHits)} ${verb} no price and count as 0.`
}

const Headline = ({
  title,
  value,
  unit,
  curve,
  isBad = false,
  children,
}: {
  title: string
  value: string
  unit?: string
  curve?: readonly number[]
  isBad?: boolean
  children?: Child
}) => (
  <div class={isBad ? 'headline bad' : 'headline'}>
    <dt>{title}</dt>
    <dd class="value">
      {value.replaceAll(/ (?=[a-z%])/gi, '\u00a0')}
      {unit === undefined ? null : <span class="of"> {unit}</span>}
    </dd>
    <dd class="note">{children}</dd>
    {curve === undefined ? null : (
      <dd class="curve">
        <Sparkline values={curve} />
      </dd>
    )}
  </div>
)
