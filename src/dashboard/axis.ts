/** Multiples of these look round. */
const ROUND = [1, 2, 2.5, 5, 10]

/** Round values from 0 up to the first one that is not below `largest`, in about `parts` steps. */
export function ticksUpTo(largest: number, parts = 4): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = largest / parts
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

/** At most `most` evenly spaced labels, none at either edge, where it would be cut off. */
export function spacedLabels(texts: readonly string[], most: number): Label[] {
  const every = Math.ceil(texts.length / most)
  const first = Math.floor(every / 2)
  return texts.map((text, at) => ({ at, text })).filter(({ at }) => at % every === first)
}

/** A percentage as an SVG length. */
export const percent = (value: number): string => `${Number(value.toFixed(3))}%`
