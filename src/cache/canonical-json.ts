import type { Json } from './json.ts'

/**
 * RFC 8785 canonical JSON of a value without lone surrogates. Numbers and text are as ECMAScript writes
 * them, which is what the RFC asks for; members are sorted by their names' UTF-16 code units. Lists of
 * plain values are written in one go: token lists have millions of them.
 */
export function canonicalJson(value: Json): string {
  const parts: string[] = []
  write(value, parts)
  return parts.join('')
}

/** Whether a value holds no others. */
export function isPlain(value: Json): boolean {
  return value === null || typeof value !== 'object'
}

function write(value: Json, parts: string[]): void {
  if (value === null || typeof value !== 'object') parts.push(JSON.stringify(value))
  else if (Array.isArray(value)) {
    if (value.every(isPlain)) parts.push(JSON.stringify(value))
    else {
      for (const [at, item] of value.entries()) {
        parts.push(at === 0 ? '[' : ',')
        write(item, parts)
      }
      parts.push(']')
    }
  } else {
    parts.push('{')
    for (const [at, name] of Object.keys(value).sort().entries()) {
      parts.push(at === 0 ? '' : ',', JSON.stringify(name), ':')
      write(value[name] ?? null, parts)
    }
    parts.push('}')
  }
}
