import { decodeList } from 'structured-field-values'

/** A `Cache-Status` field as an independent parser of structured fields reads it. */
export function cacheStatus(answer: Response): Record<string, unknown>[] {
  const field = answer.headers.get('cache-status')
  if (field === null) return []
  return decodeList(field).map(({ value, params }) => ({
    cache: String((value as { description?: string }).description ?? value),
    ...Object.fromEntries(
      Object.entries((params ?? {}) as Record<string, unknown>).map(([name, parameter]) => [
        name,
        typeof parameter === 'symbol' ? parameter.description : parameter,
      ]),
    ),
  }))
}
