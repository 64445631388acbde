import { rawNumber } from '../../cache/json.ts'
import type { Json } from '../../cache/json.ts'

/** A vector as OpenAI's API has it: numbers, or 32-bit floats, little-endian, in base64. */
export type Vector = string | readonly number[]

/** The number of its dimensions; undefined if it is not a vector, or one that JSON cannot hold. */
export function dimensionsOf(vector: Vector): number | undefined {
  if (typeof vector !== 'string') return vector.length
  const floats = floatsOf(vector)
  return floats?.every(Number.isFinite) ? floats.length : undefined
}

/**
 * The form that is stored: base64, which is a quarter as long, if 32 bits hold every number exactly.
 * Otherwise the numbers.
 */
export function compact(vector: Vector): Json {
  if (typeof vector === 'string') return vector
  const isExact = vector.every((value) => Math.fround(value) === value)
  return isExact ? base64Of(Float32Array.from(vector)) : asNumbers(vector)
}

/** The vector in base64; undefined if a number is too large for 32 bits. */
export function asBase64(vector: Vector): string | undefined {
  if (typeof vector === 'string') return vector
  const floats = Float32Array.from(vector)
  return floats.every(Number.isFinite) ? base64Of(floats) : undefined
}

/** The vector as numbers, for `JSON.stringify`. */
export function asNumbers(vector: Vector): Json[] {
  const values = typeof vector === 'string' ? (floatsOf(vector) ?? []) : vector
  return Array.from(values, (value) => (Object.is(value, -0) ? NEGATIVE_ZERO : value))
}

/** `JSON.stringify` drops the sign of -0. */
const NEGATIVE_ZERO = rawNumber('-0.0')

function floatsOf(base64: string): Float32Array | undefined {
  const text = decoded(base64)
  if (text === undefined || text === '' || text.length % FLOAT_BYTES !== 0) return undefined
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at)
  return new Float32Array(bytes.buffer) // every platform that runs this is little-endian
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT

function decoded(base64: string): string | undefined {
  try {
    return atob(base64)
  } catch {
    return undefined
  }
}

/** `String.fromCharCode` takes its characters as arguments, whose number is limited. */
const LONGEST_ARGUMENTS = 8_192

function base64Of(floats: Float32Array<ArrayBuffer>): string {
  const bytes = new Uint8Array(floats.buffer)
  let text = ''
  for (let at = 0; at < bytes.length; at += LONGEST_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + LONGEST_ARGUMENTS))
  }
  return btoa(text)
}
