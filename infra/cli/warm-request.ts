import { createHash } from 'node:crypto'
import * as z from 'zod'
import { CONTROL_HEADERS } from '../../src/cache/controls.ts'
import { COUNTED_HEADERS } from '../../src/upstream/headers.ts'

/** Headers that change the entry or its key. No others: the caller's key comes from elsewhere. */
const headerName = z.enum([...CONTROL_HEADERS, ...COUNTED_HEADERS])

/** A request to send: a line of the file that `edge warm` reads. */
export const warmRequest = z.strictObject({
  /** Of the gateway, with Azure's `api-version` if it has one. */
  path: z.string().regex(/^\/[\w./:@%-]*(\?api-version=[^&#\s]+)?$/, 'must be a path'),
  body: z.record(z.string(), z.unknown()),
  headers: z.partialRecord(headerName, z.string()).optional(),
})

export type WarmRequest = z.output<typeof warmRequest>

/** Equal for requests that mean the same to the gateway, whichever order their headers have. */
export function digestOf({ path, body, headers = {} }: WarmRequest): string {
  const named = Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([path, body, named]))
    .digest('hex')
}

/**
 * The body that is sent: without `stream`, because only a whole answer says in a header what it cost.
 * Neither member is in the cache key, and one entry answers both modes.
 */
export function sentBody({ body }: WarmRequest): Record<string, unknown> {
  const { stream: _stream, stream_options: _options, ...sent } = body
  return sent
}
