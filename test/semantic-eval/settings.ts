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
  /** LiteLLM's name of the decision model. */
  JUDGE_MODEL: z.string().default('semantic-judge'),
  EMBEDDING_MODEL: z.string().default('local-embed-model'),
  /** A LiteLLM that runs already; without it the local one is started. */
  LITELLM_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  LITELLM_API_KEY: z.string().optional(),
  /** The labelled pairs, JSON lines. */
  PAIRS: file('test/fixtures/semantic/pairs.test.jsonl'),
  /** The share of near misses that may be served. */
  MAX_FALSE: share(0.02),
  /** The threshold in force: SEMANTIC_MIN_PROBABILITY. */
  MIN_PROBABILITY: share(0.9),
  CHART: file('docs/semantic-eval.svg'),
  /** Keeps the verdicts, so that a run can go on where another one stopped. */
  VERDICTS: file('.local/semantic-eval'),
  /** Any text: the kept verdicts are thrown away. */
  FRESH: z.string().optional(),
  /** The gateway's own limit is a second; here a slow verdict is better than none. */
  JUDGE_TIMEOUT_MS: z.coerce.number().positive().default(10_000),
})

export type EvalSettings = z.infer<typeof shape>

/** The settings of `make semantic-eval`; an empty one counts as unset. Throws one line a wrong one. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): EvalSettings {
  const given = Object.entries(env).filter(([, value]) => value !== '')
  const { data, error } = shape.safeParse(Object.fromEntries(given))
  if (data) return data
  const lines = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(lines.join('\n'))
}
