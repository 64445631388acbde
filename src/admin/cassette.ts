import * as z from 'zod'
import { KEY_FORMAT } from '../cache/canonical.ts'
import { payloadSchema } from '../cache/entry.ts'
import { fingerprintSchema } from '../explain/mark.ts'
import { keySchema } from './entry-filter.ts'

/** The version of the file format, which docs/cassettes.md documents. */
export const CASSETTE_VERSION = 1

/** The first line of a cassette. */
export const cassetteHeader = z.strictObject({
  cassette: z.literal(CASSETTE_VERSION),
  /** Entries with keys of another format are never found. */
  key_format: z.literal(KEY_FORMAT),
  /** Epoch ms. */
  created_at: z.number().int().nonnegative(),
  /** What was exported, as it was asked for. */
  filter: z.record(z.string(), z.unknown()),
})

/** Every other line but the last: an entry and its key. */
export const cassetteEntry = z.strictObject({
  key: keySchema,
  entry: payloadSchema.extend({
    proof: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
    pair_id: keySchema.optional(),
  }),
  /** Digests of the request's parts, so that a miss can name this request as the nearest. */
  fingerprint: fingerprintSchema.optional(),
})

/** The last line of a cassette. */
export interface CassetteTrailer {
  readonly entries: number
  /** SHA-256 of every byte before this line. */
  readonly sha256: string
}

export type CassetteHeader = z.output<typeof cassetteHeader>
export type CassetteEntry = z.output<typeof cassetteEntry>
