import { scalePoint } from 'd3-scale'
import { LATENCY_BOUNDS_MS } from '../ledger/histogram.ts'
import { percent } from './axis.ts'
import { atMost, duration } from './format.ts'
import { PERCENTILES } from './latency-table.ts'

const ROW_HEIGHT = 30
const LABELS_HEIGHT = 26
/** The bounds that have a label; on a phone, there is room for half of them. */
const LABELLED = [1, 10, 100, 1_000, 10_000, 60_000]

export interface LatencyRow {
  readonly name: string
  readonly outcome: string
  /** The bound of each percentile, in ms; Infinity beyond the last one. */
  readonly bounds: readonly number[]
}

/** The percentiles of each outcome on an axis of buckets, which is nearly logarithmic. */
export const LatencyChart = ({ rows }: { rows: readonly LatencyRow[] }) => {
  const x = scalePoint<number>()
    .domain([...LATENCY_BOUNDS_MS, Infinity])
    .range([3, 97])
  const at = (bound: number) => percent(x(bound) ?? 97)
  const bottom = rows.length * ROW_HEIGHT
  return (
    <div class="chart">
      <p class="unit">Upper bound of the latency, from left to right p50, p95 and p99</p>
      <div class="plot">
        <svg class="scale" width="132" height={bottom + LABELS_HEIGHT} aria-hidden="true">
          {rows.map(({ name }, row) => (
            <text x="124" y={(row + 0.5) * ROW_HEIGHT} dy="0.32em">
              {name}
            </text>
          ))}
        </svg>
        <svg
          class="bars"
          width="100%"
          height={bottom + LABELS_HEIGHT}
          role="img"
          aria-labelledby="latency-title latency-description"
        >
          <title id="latency-title">Latency by outcome</title>
          <desc id="latency-description">
            The upper bounds of p50, p95 and p99 for each outcome. The table below has the numbers.
          </desc>
          {LABELLED.map((bound, n) => (
            <>
              <line class="grid-line" x1={at(bound)} x2={at(bound)} y1="0" y2={bottom} />
              <text class={n % 2 === 1 ? 'minor' : ''} x={at(bound)} y={bottom + 18}>
                {duration(bound)}
              </text>
            </>
          ))}
          {rows.map(({ name, outcome, bounds }, row) => (
            <g class={`range is-${outcome}`}>
              <title>{hintOf(name, bounds)}</title>
              <line
                x1={at(bounds[0]!)}
                x2={at(bounds.at(-1)!)}
                y1={(row + 0.5) * ROW_HEIGHT}
                y2={(row + 0.5) * ROW_HEIGHT}
              />
              {bounds.toReversed().map((bound, n) => (
                <circle
                  cx={at(bound)}
                  cy={(row + 0.5) * ROW_HEIGHT}
                  r={n === bounds.length - 1 ? 6 : 4}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
    </div>
  )
}

function hintOf(name: string, bounds: readonly number[]): string {
  const shown = bounds.map(
    (bound, at) => `p${PERCENTILES[at]! * 100} ${atMost(bound, LATENCY_BOUNDS_MS.at(-1)!)}`,
  )
  return `${name}: ${shown.join(', ')}`
}
