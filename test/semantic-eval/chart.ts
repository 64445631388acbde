import { servedAt, shareOf } from './statistics.ts'
import type { Scored } from './statistics.ts'

const [WIDTH, HEIGHT] = [640, 340]
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 16, 50, 52]
const [FROM, STEP, STEPS] = [0.5, 0.01, 50]

/** Colours that are readable on white and on black. */
const [KEPT, WRONG, INK, GRID] = ['#2a78d6', '#d1571b', '#767676', '#8884']

const x = (threshold: number) => LEFT + ((threshold - FROM) / 0.5) * (WIDTH - LEFT - RIGHT)
const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
const label = (at: readonly [number, number], text: string, more = 'text-anchor="middle"') =>
  `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${text}</text>`

/** The shares of gated pairs served at each threshold of the judge, as one SVG. */
export function chart(gated: readonly Scored[], inForce: number): string {
  const thresholds = Array.from({ length: STEPS + 1 }, (_, at) => FROM + at * STEP)
  const served = thresholds.map((threshold) => ({ threshold, ...servedAt(threshold, gated) }))
  const line = (kind: 'kept' | 'wrong', stroke: string) => {
    // Without pairs the share is NaN, which is drawn as 0.
    const share = (one: (typeof served)[number]) => (one[kind].of === 0 ? 0 : shareOf(one[kind]))
    const points = served.map((one) => `${x(one.threshold).toFixed(1)},${y(share(one)).toFixed(1)}`)
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
      `aria-label="Paraphrases kept and near misses served, over the threshold of the judge" ` +
      `font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    ...axes(),
    ...(inForce >= FROM ? marker(inForce) : []),
    line('kept', KEPT),
    line('wrong', WRONG),
    ...legend(LEFT, 'paraphrases kept', KEPT),
    ...legend(LEFT + 160, 'near misses served (false)', WRONG),
    '</svg>\n',
  ].join('\n')
}

function axes(): string[] {
  const [middleX, middleY] = [x(0.75), y(0.5)]
  return [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      `<line x1="${LEFT}" x2="${x(1)}" y1="${y(share)}" y2="${y(share)}" stroke="${GRID}"/>`,
      label([LEFT - 8, y(share) + 4], `${100 * share} %`, 'text-anchor="end"'),
    ]),
    ...[0.5, 0.6, 0.7, 0.8, 0.9, 1].map((at) => label([x(at), y(0) + 18], at.toFixed(1))),
    label([middleX, HEIGHT - 10], 'least probability that the questions are the same'),
    label(
      [16, middleY],
      'share of gated pairs',
      `text-anchor="middle" transform="rotate(-90 16 ${middleY})"`,
    ),
  ]
}

function marker(threshold: number): string[] {
  const at = x(threshold).toFixed(1)
  return [
    `<line x1="${at}" x2="${at}" y1="${y(0)}" y2="${y(1)}" stroke="${INK}" stroke-dasharray="3 3"/>`,
    label([x(threshold), TOP - 6], `in force: ${threshold}`),
  ]
}

function legend(left: number, text: string, stroke: string): string[] {
  return [
    `<line x1="${left}" x2="${left + 24}" y1="16" y2="16" stroke="${stroke}" stroke-width="2"/>`,
    label([left + 30, 20], text, 'text-anchor="start"'),
  ]
}
