import { JsonScanner } from './json-scanner.ts'
import { InvalidJson, isSafeNumber, rawNumber } from './json.ts'
import type { Json } from './json.ts'

/** A parsed JSON text, and whether its value is faithful. */
export interface ParsedJson {
  readonly value: Json
  /**
   * False if parsing changed something: a number that no double holds, or a lone surrogate. Such a
   * value has no canonical form (RFC 8785, 3.1). Its numbers are kept as raw text, so that
   * `JSON.stringify` writes the same digits.
   */
  readonly faithful: boolean
}

/** Parses JSON in linear time. Throws `InvalidJson`. */
export function parseJson(text: string): ParsedJson {
  const scanner = new JsonScanner()
  scanner.push(new TextEncoder().encode(text))
  const { faithful, markLength } = scanner.end()
  if (markLength > 0) throw new InvalidJson('The text begins with a byte order mark.')
  return { value: jsonValue(text, faithful), faithful }
}

/** Like `parseJson`, but returns undefined for invalid text. */
export function tryParseJson(text: string): Json | undefined {
  try {
    return parseJson(text).value
  } catch {
    return undefined
  }
}

/** `JSON.parse`, or undefined for invalid text. */
export function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Parses scanned text, with raw numbers if it is not faithful. */
function jsonValue(text: string, faithful: boolean): Json {
  return faithful ? (JSON.parse(text) as Json) : withRawNumbers(text)
}

/** Source text access (ECMA-262 2026) is in workerd's V8; TypeScript lacks it. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (name: string, value: Json, context: { source?: string }) => Json,
  ): Json
}

function withRawNumbers(text: string): Json {
  return json.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isSafeNumber(source)
      ? rawNumber(source)
      : value,
  )
}
