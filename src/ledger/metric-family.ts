import type { Histogram, MetricFamily, Series } from './exposition.ts'

/** What a name in the table of metrics begins with. */
const PREFIX = 'edge_llm_cache_'

/** The values of the labels, and what to add to the series that has them. */
export type Point<Value> = readonly [labels: readonly string[], value: Value]

/** A counter without labels. */
export function counter(name: string, help: string, value: number): MetricFamily {
  return counters(name, help, [], [[[], value]])
}

/** A counter with labels. Points with the same labels are one series: their sum. */
export function counters(
  name: string,
  help: string,
  labels: readonly string[],
  points: readonly Point<number>[],
): MetricFamily {
  const series = summed(points, (one, other) => one + other)
  return { name: PREFIX + name, help, labels, type: 'counter', series }
}

/** A gauge; without a value, it has no series. */
export function gauge(name: string, help: string, value: number | undefined): MetricFamily {
  const series = value === undefined ? [] : [{ labels: [], value }]
  return { name: PREFIX + name, help, labels: [], type: 'gauge', series }
}

/** A gauge that is always 1 and says something by its label. */
export function fact(name: string, help: string, label: string, text: string): MetricFamily {
  const series = [{ labels: [text], value: 1 }]
  return { name: PREFIX + name, help, labels: [label], type: 'gauge', series }
}

/** A histogram. Points with the same labels, whose buckets must be the same, are one series. */
export function histograms(
  name: string,
  help: string,
  labels: readonly string[],
  points: readonly Point<Histogram>[],
): MetricFamily {
  return { name: PREFIX + name, help, labels, type: 'histogram', series: summed(points, added) }
}

function added(one: Histogram, other: Histogram): Histogram {
  const counts = one.counts.map((count, at) => count + (other.counts[at] ?? 0))
  const sum = one.sum === undefined || other.sum === undefined ? undefined : one.sum + other.sum
  return { bounds: one.bounds, counts, sum }
}

/**
 * One series for each combination of labels: Prometheus drops what comes twice. Texts that differ in
 * lone surrogates alone are the same in UTF-8.
 */
function summed<Value>(
  points: readonly Point<Value>[],
  add: (one: Value, other: Value) => Value,
): Series<Value>[] {
  const series = new Map<string, Series<Value>>()
  for (const [texts, value] of points) {
    const labels = texts.map((text) => text.toWellFormed())
    const key = JSON.stringify(labels)
    const known = series.get(key)
    series.set(key, { labels, value: known === undefined ? value : add(known.value, value) })
  }
  return [...series.values()]
}
