/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

/** Why a text is refused: not JSON, a member name twice in one object, or nested out of reason. */
export class InvalidJson extends Error {
  override readonly name = 'InvalidJson'
}

/** LiteLLM's own parser gives up at 1,024; no request that means anything comes near. */
export const MAX_DEPTH = 1_000

/** A number token is safe if its decimal value is that of its RFC 8785 form. */
export function isSafeNumber(token: string): boolean {
  if (token.length <= 15 && !/[.eE]/.test(token)) return true
  const double = Number(token)
  if (String(double) === token) return true
  if (double === 0) return !/[1-9]/.test(token.split(/[eE]/)[0] ?? '')
  return Number.isFinite(double) && decimal(token) === decimal(JSON.stringify(double))
}

/** One spelling for the value of a finite token that is not zero: significant digits, power of ten. */
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

/** Whether this is a number that a double would change, kept as its text. */
export function isRawNumber(value: Json): boolean {
  return (JSON as unknown as { isRawJSON(value: Json): boolean }).isRawJSON(value)
}
