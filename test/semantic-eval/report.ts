import { isGated } from './measured.ts'
import type { Measured } from './measured.ts'
import type { Ratings } from './pairs.ts'
import { auc, count, quantile, servedAt, shareOf, wilson } from './statistics.ts'
import type { Count } from './statistics.ts'

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.99]

/** A share as a percentage with one decimal. */
const percent = (share: number) => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`)
const number = (value: number) => value.toLocaleString('en')

/** A share with its confidence interval. */
function withInterval(count: Count): string {
  if (count.of === 0) return '–'
  const [low, high] = wilson(count).map((bound) => (100 * bound).toFixed(1))
  return `${percent(shareOf(count))} (${low}–${high})`
}

/** The same, with the total. */
const ofSome = (count: Count) =>
  count.of === 0 ? '–' : `${withInterval(count)} of ${number(count.of)}`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** The number of pairs, the number that reach the judge, and the agreement of the raters. */
export function countsText(
  pairs: readonly Pick<Measured, 'same' | 'cosine'>[],
  ratings?: Ratings,
): string {
  const kinds = (some: typeof pairs) => {
    const { hits, of } = count(some, ({ same }) => same)
    return `${number(of)} (${number(hits)} paraphrases, ${number(of - hits)} near misses)`
  }
  const lines = [
    `Pairs: ${kinds(pairs)}`,
    `Gated, cosine at least 0.7: ${kinds(pairs.filter(isGated))}`,
  ]
  if (ratings !== undefined) {
    const { pairs, agreed, kappa } = ratings
    lines.push(
      `Labels: the raters agreed on ${number(agreed)} of ${number(pairs)} pairs; kappa ${kappa.toFixed(2)}`,
    )
  }
  return lines.map((line) => `* ${line}`).join('\n')
}

/** The paraphrases and near misses served at each threshold. */
export function thresholdTable(pairs: readonly Measured[]): string {
  const gated = pairs.filter(isGated)
  const alone = [true, false].map((same) =>
    count(
      pairs.filter((pair) => pair.same === same),
      isGated,
    ),
  )
  const rows = THRESHOLDS.map((threshold) => {
    const { kept, wrong } = servedAt(threshold, gated)
    return [threshold.toFixed(2), withInterval(kept), withInterval(wrong)]
  })
  return [
    table(
      ['threshold', 'paraphrases kept', 'near misses served (false)'],
      [['embedding alone', ...alone.map(withInterval)], ...rows],
    ),
    'Shares of the gated pairs, with their 95 % Wilson intervals; in the first row, of all pairs.',
  ].join('\n\n')
}

/** The result at the current threshold: in total, by language and by category. */
export function atThreshold(threshold: number, pairs: readonly Measured[]): string {
  const gated = pairs.filter(isGated)
  const served = (isMeant: (pair: Measured) => boolean) =>
    servedAt(threshold, gated.filter(isMeant))
  const english = (category: string) =>
    ofSome(served((pair) => pair.language === 'en' && pair.category === category).kept)
  const languages = Map.groupBy(gated, ({ language }) => language)
  const categories = Map.groupBy(
    gated.filter(({ same }) => !same),
    ({ category }) => category,
  )
  const byLanguage = inOrder(languages, (one, other) => other.length - one.length).map(
    ([language, some]) => {
      const { kept, wrong } = servedAt(threshold, some)
      return [language, number(some.length), withInterval(kept), withInterval(wrong)]
    },
  )
  const byCategory = inOrder(categories).map(([category, some]) => [
    category,
    number(some.length),
    withInterval(servedAt(threshold, some).wrong),
  ])
  const area = auc(gated)
  return [
    `## At ${threshold}`,
    [
      `* English, free paraphrases kept: ${english('free')}`,
      `* English, near-verbatim repeats kept: ${english('near-verbatim')}`,
      `* Injections served: ${ofSome(served(({ category }) => category === 'injection').wrong)}`,
      `* AUC: ${Number.isNaN(area) ? '–' : area.toFixed(3)}`,
      ...costs(gated),
    ].join('\n'),
    table(['language', 'pairs', 'paraphrases kept', 'near misses served (false)'], byLanguage),
    table(['near misses by what differs', 'pairs', 'served (false)'], byCategory),
  ].join('\n\n')
}

/** The groups in the order of a comparison, otherwise by name. */
function inOrder<Item>(
  groups: ReadonlyMap<string, Item>,
  compare: (one: Item, other: Item) => number = () => 0,
): [name: string, group: Item][] {
  return [...groups].toSorted(
    ([name, one], [otherName, other]) => compare(one, other) || (name < otherName ? -1 : 1),
  )
}

/** The latency and cost of a verdict. */
function costs(gated: readonly Measured[]): string[] {
  const verdicts = gated.flatMap(({ verdict }) => verdict ?? [])
  const times = verdicts.map(({ latencyMs }) => latencyMs)
  const [p50, p95] = [0.5, 0.95].map((share) => quantile(times, share).toFixed(0))
  const told = verdicts.flatMap(({ costUsd }) => costUsd ?? [])
  const mean = told.reduce((sum, usd) => sum + usd, 0) / told.length
  return [
    `* Latency of a verdict: p50 ${p50} ms, p95 ${p95} ms; ` +
      `later than 1,000 ms: ${percent(shareOf(count(times, (ms) => ms > 1_000)))}`,
    `* USD per 1,000 verdicts: ${told.length === 0 ? 'not told' : (1_000 * mean).toFixed(4)}`,
  ]
}

/** The paraphrases kept at the lowest threshold within MAX_FALSE, or a line that there is none. */
export function boundText(
  maxFalse: number,
  threshold: number | undefined,
  pairs: readonly Measured[],
): string {
  if (threshold === undefined) {
    return `No threshold serves at most ${percent(maxFalse)} of the near misses and keeps any paraphrase.`
  }
  const { kept, wrong } = servedAt(threshold, pairs.filter(isGated))
  return (
    `The lowest threshold that serves at most ${percent(maxFalse)} of the near misses is **${threshold}**: ` +
    `paraphrases kept ${withInterval(kept)}, near misses served ${withInterval(wrong)}.`
  )
}
