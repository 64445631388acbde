import { clockTime, dayOf } from './format.ts'

/** Multiples of these look round. */
const ROUND = [1, 2, 2.5, 5, 10]

const PARTS = 5

/**
 * Round values from 0 up to the first one that is not below `largest`, in about five steps of at
 * least `leastStep`: 1 for what is counted.
 */
export function ticksUpTo(largest: number, leastStep = 0): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = Math.max(largest / PARTS, leastStep)
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = ROUND.find((round) => round * power >= rough * (1 - 1e-9)) ?? 10
  const step = factor * power
  const steps = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: steps + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}

/** A label of an axis, at the middle of a bar. */
export interface Label {
  readonly at: number
  readonly text: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Times that are multiples of these look round. */
const ROUND_MS = [
  ...[1 / 20, 1 / 6, 1, 4].map((hours) => hours * HOUR_MS),
  ...[1, 5, 15].map((days) => days * DAY_MS),
]

/** Round times for the steps that begin then; none at the edges, where they would be cut off. */
export function timeLabels(starts: readonly number[], stepMs: number): Label[] {
  const rangeMs = starts.length * stepMs
  const every = ROUND_MS.find((interval) => rangeMs / interval <= 7) ?? rangeMs
  const edge = Math.ceil(starts.length / 30)
  return starts
    .map((start, at) => ({ start, at }))
    .filter(({ start, at }) => start % every === 0 && at >= edge && at < starts.length - edge)
    .map(({ start, at }) => ({ at, text: start % DAY_MS === 0 ? dayOf(start) : clockTime(start) }))
}

/** A percentage as an SVG length. */
export const percent = (value: number): string => `${Number(value.toFixed(3))}%`
