import { scaleBand } from 'd3-scale'
import { percent, ticksUpTo } from './axis.ts'
import type { Label } from './axis.ts'

const HEIGHT = 200
const LABELS_HEIGHT = 26
/** Room for half a line of text above the highest grid line. */
const TOP = 8

export interface StackedBarsOptions {
  /** A name that is unique on the page. */
  readonly id: string
  readonly title: string
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly description: string
  /** The parts of a bar, from below. Each has a colour in the stylesheet. */
  readonly parts: readonly string[]
  /** The values of each bar, in the order of its parts. */
  readonly bars: readonly (readonly number[])[]
  /** What the pointer shows over each bar. */
  readonly hints: readonly string[]
  readonly labels: readonly Label[]
  /** What the vertical axis counts. */
  readonly unit: string
  readonly format: (value: number) => string
  /** The smallest step of the vertical axis: 1 for what is counted. */
  readonly leastStep?: number
  /** A vertical line at this share of the width. */
  readonly mark?: { readonly at: number; readonly text: string } | undefined
}

/**
 * Stacked bars as SVG that is as wide as its place: horizontal lengths are percentages, so that texts
 * keep their size.
 */
export const StackedBars = (options: StackedBarsOptions) => {
  const { id, title, description, parts, bars, hints, labels, unit, format, leastStep, mark } =
    options
  const sums = bars.map((values) => values.reduce((sum, value) => sum + value, 0))
  const ticks = ticksUpTo(Math.max(0, ...sums), leastStep)
  const top = ticks.at(-1)!
  const y = (value: number) => TOP + HEIGHT - (value / top) * HEIGHT
  const x = scaleBand<number>()
    .domain(bars.keys())
    .range([0, 100])
    .paddingInner(bars.length > 20 ? 0.2 : 0.1)
  return (
    <div class="chart">
      <p class="unit">{unit}</p>
      <div class="plot">
        <svg class="scale" width="52" height={TOP + HEIGHT + LABELS_HEIGHT} aria-hidden="true">
          {ticks.map((tick) => (
            <text x="44" y={y(tick)} dy="0.32em">
              {format(tick)}
            </text>
          ))}
        </svg>
        <svg
          class="bars"
          width="100%"
          height={TOP + HEIGHT + LABELS_HEIGHT}
          role="img"
          aria-labelledby={`${id}-title ${id}-description`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-description`}>{description}</desc>
          {ticks.map((tick) => (
            <line class="grid-line" x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          ))}
          {parts.map((name, part) => (
            <g class={`is-${name}`}>
              {bars.map((values, bar) => {
                const from = values.slice(0, part).reduce((sum, value) => sum + value, 0)
                const to = from + (values[part] ?? 0)
                if (to === from) return null
                return (
                  <rect
                    x={percent(x(bar)!)}
                    width={percent(x.bandwidth())}
                    y={y(to).toFixed(1)}
                    height={(y(from) - y(to)).toFixed(1)}
                  />
                )
              })}
            </g>
          ))}
          {hints.map((hint, bar) => (
            <rect
              class="hint"
              x={percent(x(bar)!)}
              width={percent(x.step())}
              y={TOP}
              height={HEIGHT}
            >
              <title>{hint}</title>
            </rect>
          ))}
          {labels.map(({ at, text }) => (
            <text x={percent(x(at)! + x.bandwidth() / 2)} y={TOP + HEIGHT + 18}>
              {text}
            </text>
          ))}
          {mark === undefined ? null : (
            <g class="mark">
              <line
                x1={percent(mark.at * 100)}
                x2={percent(mark.at * 100)}
                y1={TOP}
                y2={TOP + HEIGHT}
              />
              <text x={percent(mark.at * 100)} dx="-6" y={TOP + 12}>
                {mark.text}
              </text>
            </g>
          )}
        </svg>
      </div>
    </div>
  )
}
