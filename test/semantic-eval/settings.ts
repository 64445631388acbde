import { resolve } from 'node:path'
import * as z from 'zod'

const REPOSITORY = resolve(import.meta.dirname, '../..')

const file = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((path) => resolve(REPOSITORY, path))
const share = (fallback: number) => z.coerce.number().min(0).max(1).default(fallback)

const shape = z.object({
  /** The decision model's name in LiteLLM. */
  JUDGE_MODEL: z.string().default('semantic-judge'),
  EMBEDDING_MODEL: z.string().default('local-embed-model'),
  /** A running LiteLLM. If unset, the local one is started. */
  LITELLM_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  LITELLM_API_KEY: z.string().optional(),
  /** The labelled pairs, JSON lines. */
  PAIRS: file('test/fixtures/semantic/pairs.test.jsonl'),
  /** The share of near misses that may be served. */
  MAX_FALSE: share(0.02),
  /** The current threshold, SEMANTIC_MIN_PROBABILITY. */
  MIN_PROBABILITY: share(0.9),
  CHART: file('docs/semantic-eval.svg'),
  /** Where verdicts are kept, so that an interrupted run can continue. */
  VERDICTS: file('.local/semantic-eval'),
  /** If set to any text, earlier verdicts are discarded. */
  FRESH: z.string().optional(),
  /** Longer than the gateway's limit of a second, because here a slow verdict is better than none. */
  JUDGE_TIMEOUT_MS: z.coerce.number().positive().default(10_000),
})

export type EvalSettings = z.infer<typeof shape>

/** The settings of `make semantic-eval`; an empty one is unset. Throws one line per invalid setting. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): EvalSettings {
  const given = Object.entries(env).filter(([, value]) => value !== '')
  const { data, error } = shape.safeParse(Object.fromEntries(given))
  if (data) return data
  const lines = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(lines.join('\n'))
}
