import type { Json } from './json.ts'

/**
 * RFC 8785 canonical JSON of a value without lone surrogates. Numbers and text are written as
 * ECMAScript does, as the RFC requires. Members are sorted by UTF-16 code units. Arrays of plain
 * values are written in one call: token lists can have millions.
 */
export function canonicalJson(value: Json): string {
  const parts: string[] = []
  write(value, parts)
  return parts.join('')
}

/** Whether a value is neither an array nor an object. */
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
