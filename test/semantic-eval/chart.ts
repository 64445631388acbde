import type { Rates } from './rates.ts'

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 320, 48, 36, 16]

const LINES: readonly [key: keyof Rates, label: string, stroke: string, dash: string][] = [
  ['trueHits', 'paraphrases, LiteLLM alone', '#2a78d6', '5 4'],
  ['guardedTrueHits', 'paraphrases, guarded', '#2a78d6', ''],
  ['falseHits', 'near misses, LiteLLM alone', '#c2410c', '5 4'],
  ['guardedFalseHits', 'near misses, guarded', '#c2410c', ''],
]

/** The rates as one SVG: hits in per cent over the threshold. */
export function chart(rates: readonly Rates[]): string {
  const [from, to] = [rates[0]!.threshold, rates.at(-1)!.threshold]
  const x = (threshold: number) => LEFT + ((threshold - from) / (to - from)) * (WIDTH - LEFT - 200)
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
  const text = (at: [number, number], content: string, anchor = 'middle') =>
    `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}">${content}</text>`
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${x(to)}" y1="${y(share)}" y2="${y(share)}" stroke="#8884"/>` +
      text([LEFT - 6, y(share) + 4], `${100 * share} %`, 'end'),
  )
  const ticks = rates
    .filter((_, at) => at % 2 === 0)
    .map(({ threshold }) => text([x(threshold), HEIGHT - BOTTOM + 18], threshold.toFixed(2)))
  const lines = LINES.map(([key, label, stroke, dash], at) => {
    const points = rates.map((one) => `${x(one.threshold).toFixed(1)},${y(one[key]).toFixed(1)}`)
    const labelY = TOP + 20 + 22 * at
    const style = `fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}"`
    return (
      `<polyline points="${points.join(' ')}" ${style}/>` +
      `<line x1="${x(to) + 14}" x2="${x(to) + 40}" y1="${labelY - 4}" y2="${labelY - 4}" ${style}/>` +
      text([x(to) + 46, labelY], label, 'start')
    )
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
      `aria-label="Semantic hits over LiteLLM's similarity threshold" ` +
      `font-family="system-ui, sans-serif" font-size="11" fill="#777">`,
    ...grid,
    ...ticks,
    ...lines,
    '</svg>\n',
  ].join('\n')
}
