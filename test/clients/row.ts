import type { Address, Capability, Client } from './client.ts'

/** Why a client does not do something: the SDK, or its API, does not have it. */
export const NOTES = {
  anthropic: 'Anthropic has no embeddings API.',
  chatOnly: 'The legacy API has neither tools nor schemas.',
  noModels: 'The SDK does not list models.',
  noHeaders: "LangChain for Python gives no access to the headers of Anthropic's answers.",
  structuredOnly: 'instructor returns objects, not text. Its partial streams are not tested.',
  noRetry:
    'LangChain for Node retries a 429 only if it has `retry-after`, which LiteLLM drops here.',
  byHand: 'curl sends and prints text; the JSON is yours.',
} as const
export type Note = keyof typeof NOTES

/** The APIs by their paths under `/v1`. */
export const APIS = {
  'chat/completions': 'Chat Completions',
  responses: 'Responses',
  completions: 'Completions',
  messages: 'Messages',
} as const

/** LiteLLM 1.105.3 drops the provider's `retry-after` on the other APIs; so SDKs choose when. */
export const WITH_RETRY_AFTER: ReadonlySet<string> = new Set(['chat/completions', 'responses'])

/** One client with one API: a row of the matrix. */
export interface Row {
  /** The package as the lock files name it. */
  readonly sdk: string
  readonly language: 'Node' | 'Python' | 'shell'
  /** The path under `/v1` that it uses. */
  readonly api: keyof typeof APIS
  /** The lock file of a Python package in infra/clients; `current` if left out. */
  readonly lock?: 'current' | 'instructor'
  /** How a program reads the response's headers. Undefined if it cannot. */
  readonly headers?: string
  readonly open: (at: Address) => Partial<Client>
  /** What it lacks, and why. */
  readonly lacks: Partial<Record<Capability, Note>>
  /** The errors that a wrong key, a 400 and an abort raise. Without the last, a stream just ends. */
  readonly raises: readonly [wrongKey: string, badRequest: string, abort?: string]
}
