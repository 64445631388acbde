const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const tenths = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})
const cents = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
})
const significant = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

/** A whole number, such as `12,345`. */
export const count = (value: number): string => whole.format(value)

/** The same for headlines: from ten million on in short, such as `12.3 M`. */
export const large = (value: number): string =>
  value < 10_000_000 ? count(value) : `${oneDigit.format(value / 1_000_000)} M`

/** US dollars, such as `$1,234.50`; below a cent with two significant digits. */
export function usd(value: number): string {
  const isTiny = value > 0 && value < 0.01
  return `$${(isTiny ? significant : cents).format(value)}`
}

/** A share of 1 as per cent, such as `35.8 %`. Only nothing is `0 %`, and only all is `100 %`. */
export function share(value: number): string {
  if (value > 0 && value < 0.001) return '< 0.1 %'
  if (value < 1 && value > 0.999) return '> 99.9 %'
  if (value === 0 || value === 1) return `${value * 100} %`
  return `${tenths.format(value * 100)} %`
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** A duration in its two largest units, such as `3 h 12 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${count(ms)} ms`
  if (ms < 59_950) return `${oneDigit.format(ms / 1_000)} s`
  const seconds = Math.round(ms / 1_000)
  const at = UNITS.findIndex(([, size]) => seconds >= size)
  const [[unit, size], [nextUnit, nextSize]] = [UNITS[at]!, UNITS[at + 1]!]
  const most = Math.floor(seconds / size)
  const rest = Math.floor((seconds % size) / nextSize)
  return rest === 0 ? `${count(most)} ${unit}` : `${count(most)} ${unit} ${rest} ${nextUnit}`
}

/** An upper bound in ms, such as `≤ 5 ms`; beyond the last bucket, its lower bound. */
export const atMost = (boundMs: number, lastBoundMs: number): string =>
  Number.isFinite(boundMs) ? `≤ ${duration(boundMs)}` : `> ${duration(lastBoundMs)}`

const utc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hourCycle: 'h23', ...options })
const clock = utc({ hour: '2-digit', minute: '2-digit' })
const day = utc({ day: 'numeric', month: 'short' })
const second = utc({ hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** The time of day in UTC, such as `09:30`. */
export const clockTime = (at: number): string => clock.format(at)

/** The day in UTC, such as `5 Nov`. */
export const dayOf = (at: number): string => day.format(at)

/** Day and time in UTC, such as `5 Nov 09:30`. */
export const dateTime = (at: number): string => `${dayOf(at)} ${clockTime(at)}`

/** Day and time in UTC to the second. */
export const instant = (at: number): string => `${dayOf(at)} ${second.format(at)}`
