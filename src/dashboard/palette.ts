/**
 * Colours that stay apart for colour-blind readers: Okabe and Ito's (https://jfly.uni-koeln.de/color/),
 * with shades of their blue for the tiers of the exact cache, and grey for what no cache answered.
 */
const SERIES = {
  'exact-hit': ['#0072b2', '#3d9fe0'],
  memory: ['#00507d', '#2b7fbf'],
  colo: ['#0072b2', '#3d9fe0'],
  qdrant: ['#4fa3d6', '#8cc8f2'],
  mixed: ['#8fbcd8', '#c2dff3'],
  'semantic-hit': ['#009e73', '#1fbf93'],
  semantic: ['#009e73', '#1fbf93'],
  coalesced: ['#56b4e9', '#9ad4f5'],
  stale: ['#d9c800', '#f0e442'],
  miss: ['#8a8f98', '#7d8590'],
  refresh: ['#e69f00', '#e69f00'],
  bypass: ['#cc79a7', '#d68fb8'],
  rejected: ['#d55e00', '#f0803c'],
  saved: ['#009e73', '#1fbf93'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

/** Everything else by name: light, dark. */
const SURFACES = {
  page: ['#f4f6f8', '#0e1216'],
  card: ['#ffffff', '#171c22'],
  raised: ['#eef1f4', '#222932'],
  border: ['#dde2e7', '#2c343d'],
  /** The edge of a table that goes on behind it. */
  shadow: ['#b9c3cd', '#46535f'],
  text: ['#16202a', '#e8edf2'],
  muted: ['#52606d', '#a3b0bd'],
  accent: ['#0062a3', '#6cb8f0'],
  'on-accent': ['#ffffff', '#08131c'],
  good: ['#00684b', '#4fd1a8'],
  bad: ['#b03a00', '#ff9d66'],
  'bad-surface': ['#fdf0e8', '#33200f'],
  'good-surface': ['#e6f5ef', '#0f2c23'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

const variables = (scheme: 0 | 1) =>
  Object.entries({ ...SURFACES, ...SERIES })
    .map(([name, colours]) => `--${name}:${colours[scheme]};`)
    .join('')

const series = Object.keys(SERIES)
  .map((name) => `.is-${name}{--series:var(--${name})}`)
  .join('\n')

/** The colours as custom properties, and the class of each series. */
export const PALETTE = `:root{color-scheme:light dark;${variables(0)}}
@media (prefers-color-scheme:dark){:root{${variables(1)}}}
${series}
`
