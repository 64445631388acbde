/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

/** JSON text, read once, with what a cache must know of it beyond its value. */
export interface ParsedJson {
  readonly value: Json
  /**
   * False when the value does not say all that the text says: a number that a double changes, or a
   * lone surrogate. Such a value has no canonical form (RFC 8785, 3.1). Its numbers are kept as
   * raw text, so that `JSON.stringify` gives them back digit by digit.
   */
  readonly faithful: boolean
}

/** Why a text is refused: not JSON, a member name twice in one object, or nested out of reason. */
export class InvalidJson extends Error {
  override readonly name = 'InvalidJson'
}

/** LiteLLM's own parser gives up at 1,024; no request that means anything comes near. */
export const MAX_DEPTH = 1_000

/** Reads JSON text in linear time. Throws `InvalidJson`. */
export function parseJson(text: string): ParsedJson {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw new InvalidJson('The text is not valid JSON.')
  }
  const faithful = inspect(text)
  return { value: faithful ? value : withRawNumbers(text), faithful }
}

const QUOTE = 0x22
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LONE_SURROGATE_POSSIBLE = /\\u[dD][89a-fA-F]/

/** Walks text that is known to be valid JSON; tells whether it is faithful. Throws `InvalidJson`. */
function inspect(text: string): boolean {
  const open: (Set<string> | null)[] = []
  let faithful = true
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      const token = text.slice(at, end)
      if (LONE_SURROGATE_POSSIBLE.test(token) && !(JSON.parse(token) as string).isWellFormed()) {
        faithful = false
      }
      const next = skipSpace(text, end)
      if (text[next] === ':') noteName(open.at(-1) ?? null, token)
      at = next
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at
      const token = NUMBER.exec(text)?.[0] ?? ''
      if (!isSafeNumber(token)) faithful = false
      at += token.length
    } else {
      if (code === 0x7b || code === 0x5b) {
        if (open.length === MAX_DEPTH) throw new InvalidJson(`Nested deeper than ${MAX_DEPTH}.`)
        open.push(code === 0x7b ? new Set() : null)
      } else if (code === 0x7d || code === 0x5d) {
        open.pop()
      }
      at += 1
    }
  }
  return faithful
}

/** RFC 8259, 4: names should be unique; parsers differ in which of two wins, so neither may. */
function noteName(names: Set<string> | null, token: string): void {
  const name = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1)
  if (names?.has(name)) throw new InvalidJson(`The member ${JSON.stringify(name)} appears twice.`)
  names?.add(name)
}

/** The index after the closing quote; linear, since each backslash is looked at once for its quote. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1
    if (backslashes % 2 === 0) return quote + 1
  }
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1
  return at
}

/** A number token is safe if its decimal value is that of its RFC 8785 form. */
export function isSafeNumber(token: string): boolean {
  if (token.length <= 15 && !/[.eE]/.test(token)) return true
  const double = Number(token)
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

/** `JSON.rawJSON` and source text access (ECMA-262 2026) are in workerd's V8; TypeScript lacks them. */
const json = JSON as unknown as {
  rawJSON(text: string): Json
  isRawJSON(value: Json): boolean
  parse(
    text: string,
    reviver: (name: string, value: Json, context: { source?: string }) => Json,
  ): Json
}

function withRawNumbers(text: string): Json {
  return json.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isSafeNumber(source)
      ? json.rawJSON(source)
      : value,
  )
}

/** Whether this is a number that a double would change, kept as its text. */
export function isRawNumber(value: Json): boolean {
  return json.isRawJSON(value)
}
