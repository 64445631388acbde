/** A JSON value as `JSON.parse` returns it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

/** Thrown for text that is not JSON, repeats a member name, or is nested too deeply. */
export class InvalidJson extends Error {
  override readonly name = 'InvalidJson'
}

/** Maximum nesting. LiteLLM's own parser stops at 1,024. */
export const MAX_DEPTH = 1_000

/** Whether a number token has the same decimal value as its RFC 8785 form. */
export function isSafeNumber(token: string): boolean {
  if (token.length <= 15 && !/[.eE]/.test(token)) return true
  const double = Number(token)
  if (String(double) === token) return true
  if (double === 0) return !/[1-9]/.test(token.split(/[eE]/)[0] ?? '')
  return Number.isFinite(double) && decimal(token) === decimal(JSON.stringify(double))
}

/** Normalises a finite, non-zero token: significant digits and power of ten. */
function decimal(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 0x30) end -= 1
  const power = Number(exponent) - fraction.length + digits.length - end
  return `${mantissa.startsWith('-') ? '-' : ''}${digits.slice(0, end)}e${power}`
}

/** Whether this is a JSON object. */
export function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isRawNumber(value)
}

/** Whether this is a number kept as text, because a double would change it. */
export function isRawNumber(value: Json): boolean {
  return (JSON as unknown as { isRawJSON(value: Json): boolean }).isRawJSON(value)
}

/** The members of an object; none if the value is something else. */
export function membersOf(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {}
}

/** The items of a list; none if the value is something else. */
export function itemsOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}
