import { LATENCY_BOUNDS_MS } from '../ledger/histogram.ts'
import { atMost, count, duration, instant, share, usd } from './format.ts'

/** A value of a table; null if there is none. */
export type Cell = string | number | null

/** The tenant of a LiteLLM key is the SHA-256 of that key. */
const DIGEST = /^([0-9a-f]{12})[0-9a-f]{52}$/

/** How each kind of value is shown. In CSV, numbers are written plainly. */
const shown = {
  text: (value) => String(value),
  /** Text that may take several lines. */
  prose: (value) => String(value),
  /** A name that has a colour in the charts. */
  outcome: (value) => String(value),
  /** A name, in a fixed-width font; cut if it is long. A digest shows as its first digits. */
  code: (value) => String(value).replace(DIGEST, '$1…'),
  /** An identifier, in a fixed-width font and whole. */
  id: (value) => String(value),
  count: (value) => count(Number(value)),
  usd: (value) => usd(Number(value)),
  ms: (value) => duration(Number(value)),
  share: (value) => share(Number(value)),
  /** The upper bound of a latency, in ms. */
  atMost: (value) => atMost(Number(value), LATENCY_BOUNDS_MS.at(-1)!),
  /** Epoch ms. */
  instant: (value) => instant(Number(value)),
} as const satisfies Record<string, (value: string | number) => string>

export type Kind = keyof typeof shown

export interface Column {
  /** Its name in CSV, with its unit: `latency_ms`. */
  readonly name: string
  readonly title: string
  readonly kind: Kind
  /** What the number says, in a sentence. */
  readonly definition?: string
  /** Where a value leads to. */
  readonly href?: (value: Cell) => string | undefined
}

/** A table, for the page and for CSV. */
export interface Table {
  /** Its name in URLs. */
  readonly name: string
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

const TEXTS: ReadonlySet<Kind> = new Set(['text', 'prose', 'code', 'id', 'outcome', 'instant'])

/** Whether values of this kind are compared by size, so that they are aligned right. */
export const isNumeric = (kind: Kind): boolean => !TEXTS.has(kind)

/** A number as machines read it, without the last digits of sums of fractions. */
export const plain = (value: number): string => String(Number(value.toPrecision(12)))

/** The text of a cell. */
export function textOf(value: Cell, kind: Kind): string {
  if (value === null) return '–'
  if (value === '') return '(unknown)'
  return shown[kind](value)
}
