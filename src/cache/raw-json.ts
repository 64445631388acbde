/** A member of an object or an item of an array, as a range of the JSON text. */
export interface RawValue {
  /** The member's name; "" in an array. */
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Where the values of an object or array are in its text, which must be valid JSON. */
export function rawValues(text: string): RawValue[] {
  const values: RawValue[] = []
  let depth = 0
  let name = ''
  let start = 0
  const take = (end: number) => {
    const value = trimmed(text, start, end)
    if (value.start < value.end) values.push({ name, ...value })
    name = ''
    start = end + 1
  }
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (char === '"') {
      const end = endOfString(text, at)
      // Only a name is directly followed by a colon.
      if (depth === 1 && isName(text, end)) {
        name = JSON.parse(text.slice(at, end)) as string
        start = text.indexOf(':', end) + 1
      }
      at = end - 1
    } else if (char === '{' || char === '[') {
      depth += 1
      if (depth === 1) start = at + 1
    } else if (char === '}' || char === ']') {
      if (depth === 1) take(at)
      depth -= 1
    } else if (char === ',' && depth === 1) take(at)
  }
  return values
}

/**
 * The members of a JSON object by name, in the order of the text, with their values as JSON text.
 * Parsing would sort names like `"10"`, and change numbers that no double holds.
 */
export type RawObject = Map<string, string>

/** The members of an object. */
export function rawMembers(text: string): RawObject {
  return new Map(rawValues(text).map(({ name, start, end }) => [name, text.slice(start, end)]))
}

/** The texts of an array's items. */
export function rawItems(text: string): string[] {
  return rawValues(text).map(({ start, end }) => text.slice(start, end))
}

/** The text of an object with these members. */
export function rawObject(members: Iterable<readonly [string, string]>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

/** Replaces members that an object has by other JSON texts. All else keeps its bytes. */
export function withRawMembers(
  text: string,
  replaced: Readonly<Record<string, string | undefined>>,
): string {
  let changed = ''
  let at = 0
  for (const { name, start, end } of rawValues(text)) {
    const value = Object.hasOwn(replaced, name) ? replaced[name] : undefined
    if (value === undefined) continue
    changed += text.slice(at, start) + value
    at = end
  }
  return changed + text.slice(at)
}

/** The text of an object without a member. The values of all others keep their bytes. */
export function withoutRawMember(text: string, name: string): string {
  const members = rawMembers(text)
  members.delete(name)
  return rawObject(members)
}

/** The index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote > 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote
    while (text[before - 1] === '\\') before -= 1
    if ((quote - before) % 2 === 0) return quote + 1
  }
  return text.length
}

function isName(text: string, from: number): boolean {
  let at = from
  while (isSpace(text[at])) at += 1
  return text[at] === ':'
}

function trimmed(text: string, from: number, to: number): { start: number; end: number } {
  let start = from
  let end = to
  while (start < end && isSpace(text[start])) start += 1
  while (end > start && isSpace(text[end - 1])) end -= 1
  return { start, end }
}

/** White space in JSON (RFC 8259, 2). */
function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}
