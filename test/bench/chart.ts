/** A value with its name. What is not this gateway has another colour. */
export interface Bar {
  readonly name: string
  readonly value: number
}

export interface Group {
  readonly title: string
  readonly bars: readonly Bar[]
}

const OTHERS = /reference|Portkey|LiteLLM/
const [WIDTH, LEFT, RIGHT, ROW, BAR] = [720, 190, 80, 26, 16]
const [HEAD, GAP, FOOT] = [70, 34, 44]

const STYLE = `
  svg { --text: #1f2328; --quiet: #59636e; --grid: #d1d9e0; --own: #0b6bcb; --other: #8c959f; --page: #ffffff }
  @media (prefers-color-scheme: dark) {
    svg { --text: #e6edf3; --quiet: #9198a1; --grid: #3d444d; --own: #58a6ff; --other: #6e7681; --page: #0d1117 }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--text) }
  .title { font-size: 16px; font-weight: 600 }
  .group { font-weight: 600 }
  .quiet { fill: var(--quiet); font-size: 12px }
  .value { paint-order: stroke; stroke: var(--page); stroke-width: 4px }
  .page { fill: var(--page) } .own { fill: var(--own) } .other { fill: var(--other) }
  line { stroke: var(--grid) }`

/** Horizontal bars of milliseconds as one SVG, for light and dark pages. */
export function chart(title: string, note: string, groups: readonly Group[]): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const step = stepFor(most)
  const scale = (WIDTH - LEFT - RIGHT) / most
  const x = (value: number) => (LEFT + value * scale).toFixed(1)
  let y = HEAD
  const drawn = groups.map(({ title, bars }) => {
    const lines = [`<text class="group" x="16" y="${y + BAR}">${title}</text>`]
    y += ROW
    for (const bar of bars) {
      lines.push(drawnBar(bar, y, x))
      y += ROW
    }
    y += GAP - ROW
    return lines.join('\n')
  })
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step)
  const height = y + FOOT
  const grid = ticks.map(
    (tick) => `<line x1="${x(tick)}" x2="${x(tick)}" y1="${HEAD}" y2="${y}"/>
<text class="quiet" x="${x(tick)}" y="${y + 18}" text-anchor="middle">${Number(tick.toFixed(2))} ms</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${title}</title>
<desc id="desc">${described(groups)}</desc>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>
<text class="title" x="16" y="28">${title}</text>
<text class="quiet" x="16" y="48">${note}</text>
${grid.join('\n')}
${drawn.join('\n')}
</svg>
`
}

function drawnBar({ name, value }: Bar, y: number, x: (value: number) => string): string {
  const width = (Number(x(value)) - LEFT).toFixed(1)
  const kind = OTHERS.test(name) ? 'other' : 'own'
  return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${name}</text>
<rect class="${kind}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>
<text class="value" x="${(Number(x(value)) + 6).toFixed(1)}" y="${y + 13}">${value.toFixed(2)}</text>`
}

/** Between grid lines: 1, 2 or 5 times a power of ten, so that there are at most eight. */
function stepFor(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 8))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => most / step <= 8)!
}

/** The same in words, for those who hear the picture. */
function described(groups: readonly Group[]): string {
  const told = groups.map(({ title, bars }) => {
    const values = bars.map(({ name, value }) => `${name} ${value.toFixed(2)} ms`)
    return `${title}: ${values.join('; ')}.`
  })
  return told.join(' ')
}
