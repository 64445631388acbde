/** A value and the values of the family's labels, in their order. */
export interface Series<Value> {
  readonly labels: readonly string[]
  readonly value: Value
}

/** How many observations fell into each bucket. */
export interface Histogram {
  /** The upper bounds of the buckets, inclusive. One more bucket has no bound. */
  readonly bounds: readonly number[]
  /** Not cumulative, one more than `bounds`. */
  readonly counts: readonly number[]
  /** The sum of all observations; undefined if it is unknown. */
  readonly sum: number | undefined
}

/** A metric: its name, its meaning and its series. */
export type MetricFamily = {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
} & (
  | { readonly type: 'counter' | 'gauge'; readonly series: readonly Series<number>[] }
  | { readonly type: 'histogram'; readonly series: readonly Series<Histogram>[] }
)

/** The media type of `exposition`. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Writes metrics in Prometheus' text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). A family without series has its
 * HELP and TYPE.
 */
export function exposition(families: readonly MetricFamily[]): string {
  return families
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf(family: MetricFamily): string[] {
  const { name, help, type } = family
  const values =
    family.type === 'histogram'
      ? family.series.flatMap((series) => histogramLines(family, series))
      : family.series.map(({ labels, value }) => line(name, pairs(family, labels), value))
  return [`# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}`, `# TYPE ${name} ${type}`, ...values]
}

/** The buckets are cumulative. */
function histogramLines(family: MetricFamily, { labels, value }: Series<Histogram>): string[] {
  const { name } = family
  const { bounds, counts, sum } = value
  const own = pairs(family, labels)
  let count = 0
  const buckets = [...bounds, Infinity].map((bound, at) => {
    count += counts[at] ?? 0
    return line(`${name}_bucket`, [...own, ['le', decimal(bound)]], count)
  })
  const sums = sum === undefined ? [] : [line(`${name}_sum`, own, sum)]
  return [...buckets, ...sums, line(`${name}_count`, own, count)]
}

type Label = readonly [name: string, value: string]

const pairs = ({ labels }: MetricFamily, values: readonly string[]): Label[] =>
  labels.map((name, at) => [name, values[at] ?? ''])

function line(name: string, labels: readonly Label[], value: number): string {
  const written = labels.map(([label, text]) => `${label}="${text.replace(/[\\\n"]/g, escaped)}"`)
  const braced = written.length === 0 ? '' : `{${written.join(',')}}`
  return `${name}${braced} ${decimal(value)}`
}

const escaped = (character: string) => (character === '\n' ? '\\n' : `\\${character}`)

const decimal = (value: number) => (value === Infinity ? '+Inf' : String(value))
