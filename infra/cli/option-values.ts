import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.')
  return Number(text)
}

/** Reads an option that is a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.')
  }
  return value
}

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads an option that is a duration, such as 24h, in ms. */
export function duration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  if (unit === '') throw new InvalidArgumentError('It must be a duration such as 30m, 24h or 7d.')
  return Number(digits) * UNITS_MS[unit as keyof typeof UNITS_MS]
}
