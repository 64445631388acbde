import * as z from 'zod'
import { DIGEST_LENGTH } from './digests.ts'

const digest = z.string().length(DIGEST_LENGTH)
/** The words of APIs that are kept as they are. Any other may be content. */
const words = [
  ...(['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const),
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const),
  ...(['auto', 'required', 'any', 'default', 'flex', 'priority'] as const),
] as const
const setting = z.union([z.number(), z.boolean(), z.enum(words), z.null()])
/** The digest of a line, and that of the masked line if it differs. */
const line = z.array(digest).min(1).max(2)
const more = z.int().positive().optional()

/**
 * What is kept of a value in a request: digests, or the value itself if it is a setting. Never text
 * that somebody wrote.
 */
export type Mark =
  | { readonly value: Setting }
  | {
      readonly digest: string
      /** Of the text without times, ids and numbers; undefined if it has none. */
      readonly masked?: string | undefined
      /** Its first lines. */
      readonly lines?: readonly LineMark[] | undefined
    }
  | {
      readonly digest: string
      /** By name, in the order that counts. */
      readonly members: readonly (readonly [string, Mark])[]
      /** How many more it has. */
      readonly more?: number | undefined
    }
  | {
      readonly digest: string
      readonly items: readonly Mark[]
      readonly more?: number | undefined
    }

export type Setting = z.output<typeof setting>

/** Whether a text is a word of an API, which may be kept. */
export function isWord(text: string): text is (typeof words)[number] {
  return (words as readonly string[]).includes(text)
}

export type LineMark = readonly string[]

const mark: z.ZodType<Mark> = z.lazy(() =>
  z.union([
    z.strictObject({ value: setting }),
    z.strictObject({ digest, members: z.array(z.tuple([z.string().max(64), mark])), more }),
    z.strictObject({ digest, items: z.array(mark), more }),
    z.strictObject({ digest, masked: digest.optional(), lines: z.array(line).optional() }),
  ]),
)

export const fingerprintSchema = z.strictObject({ identity: mark, body: mark })

/** What a cache key is made of besides the tenant, as digests by path. */
export interface Fingerprint {
  /** The namespace, and the API's path. */
  readonly identity: Mark
  /** The counted members of the body, and the counted headers. */
  readonly body: Mark
}
