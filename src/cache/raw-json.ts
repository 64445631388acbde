/**
 * The members of a JSON object by name, in the order of the text, with their values as source text.
 * Parsing would sort names like `"10"`, and change numbers that no double holds.
 */
export type RawObject = Map<string, string>

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BRACKET_OPEN = 0x5b
const BACKSLASH = 0x5c
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

/** The members of an object. The text must be valid JSON (see `parseJson`) and an object. */
export function rawMembers(text: string): RawObject {
  const members: RawObject = new Map()
  let at = text.indexOf('{') + 1
  for (;;) {
    at = startOfToken(text, at)
    if (text.charCodeAt(at) !== QUOTE) return members
    const endOfName = endOfString(text, at)
    const name = JSON.parse(text.slice(at, endOfName)) as string
    const start = startOfToken(text, endOfName)
    at = endOfValue(text, start)
    members.set(name, text.slice(start, at))
  }
}

/** The items of an array. The text must be valid JSON and an array. */
export function rawItems(text: string): string[] {
  const items: string[] = []
  let at = text.indexOf('[') + 1
  for (;;) {
    const start = startOfToken(text, at)
    if (start >= text.length || text.charCodeAt(start) === BRACKET_CLOSE) return items
    at = endOfValue(text, start)
    items.push(text.slice(start, at))
  }
}

/** The text of an object with these members. */
export function rawObject(members: Iterable<readonly [string, string]>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

/** Skips white space, commas and colons. */
function startOfToken(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code !== COMMA && code !== COLON && !isSpace(code)) break
  }
  return at
}

/** The index after the value that begins here. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      if (depth === 0) return at
      continue
    }
    if (code === BRACE_OPEN || code === BRACKET_OPEN) depth += 1
    else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) {
      if (depth === 0) return at // the end of what contains a literal or a number
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && (code === COMMA || isSpace(code))) return at
    at += 1
  }
  return at
}

/** The index after the string that begins here. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  }
  return at + 1
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
