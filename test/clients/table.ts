import type { Address, Capability, Client } from './client.ts'
import { curl } from './curl.ts'
import { aiSdkAnthropic, aiSdkChat, aiSdkResponses } from './node/ai-sdk.ts'
import { anthropicMessages } from './node/anthropic.ts'
import { langchainAnthropic, langchainOpenai } from './node/langchain.ts'
import { chatCompletions, completions, responses } from './node/openai.ts'
import { pythonClient } from './python-client.ts'

/** Why a client does not do something: the SDK, or its API, does not have it. */
export const NOTES = {
  anthropic: 'Anthropic has no embeddings API.',
  chatOnly: 'The legacy API has neither tools nor schemas.',
  noModels: 'The SDK does not list models.',
  noHeaders: "LangChain for Python gives no access to the headers of Anthropic's answers.",
  structuredOnly: 'instructor asks for structured output only.',
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

const openai = ['AuthenticationError', 'BadRequestError'] as const
const python = (script: string, ...args: string[]) =>
  pythonClient({ environment: 'current', script, args })

/** Every client that the tests drive. */
export const rows: readonly Row[] = [
  {
    sdk: 'openai',
    language: 'Node',
    api: 'chat/completions',
    headers: '`.withResponse()`',
    open: chatCompletions,
    lacks: {},
    raises: openai,
  },
  {
    sdk: 'openai',
    language: 'Node',
    api: 'responses',
    headers: '`.withResponse()`',
    open: responses,
    lacks: {},
    raises: openai,
  },
  {
    sdk: 'openai',
    language: 'Node',
    api: 'completions',
    headers: '`.withResponse()`',
    open: completions,
    lacks: { tools: 'chatOnly', structured: 'chatOnly' },
    raises: openai,
  },
  {
    sdk: 'openai',
    language: 'Python',
    api: 'chat/completions',
    headers: '`.with_raw_response`',
    open: python('openai_calls.py', 'chat'),
    lacks: {},
    raises: openai,
  },
  {
    sdk: 'openai',
    language: 'Python',
    api: 'responses',
    headers: '`.with_raw_response`',
    open: python('openai_calls.py', 'responses'),
    lacks: {},
    raises: openai,
  },
  {
    sdk: 'openai',
    language: 'Python',
    api: 'completions',
    headers: '`.with_raw_response`',
    open: python('openai_calls.py', 'completions'),
    lacks: { tools: 'chatOnly', structured: 'chatOnly' },
    raises: openai,
  },
  {
    sdk: '@anthropic-ai/sdk',
    language: 'Node',
    api: 'messages',
    headers: '`.withResponse()`',
    open: anthropicMessages,
    lacks: { embeddings: 'anthropic' },
    raises: [...openai, 'APIUserAbortError'],
  },
  {
    sdk: 'anthropic',
    language: 'Python',
    api: 'messages',
    headers: '`.with_raw_response`',
    open: python('anthropic_calls.py'),
    lacks: { embeddings: 'anthropic' },
    raises: openai,
  },
  {
    sdk: '@langchain/openai',
    language: 'Node',
    api: 'chat/completions',
    headers: 'a `fetch` of your own',
    open: langchainOpenai,
    lacks: { models: 'noModels' },
    raises: [...openai, 'AbortError'],
  },
  {
    sdk: '@langchain/anthropic',
    language: 'Node',
    api: 'messages',
    headers: 'a `fetch` of your own',
    open: langchainAnthropic,
    lacks: { models: 'noModels', embeddings: 'anthropic', retry: 'noRetry' },
    raises: [...openai, 'AbortError'],
  },
  {
    sdk: 'langchain-openai',
    language: 'Python',
    api: 'chat/completions',
    headers: '`include_response_headers`',
    open: python('langchain_calls.py', 'openai'),
    lacks: { models: 'noModels' },
    raises: openai,
  },
  {
    sdk: 'langchain-anthropic',
    language: 'Python',
    api: 'messages',
    open: python('langchain_calls.py', 'anthropic'),
    lacks: { models: 'noModels', embeddings: 'anthropic', headers: 'noHeaders' },
    raises: openai,
  },
  {
    sdk: '@ai-sdk/openai',
    language: 'Node',
    api: 'responses',
    headers: '`response.headers`',
    open: aiSdkResponses,
    lacks: { models: 'noModels' },
    raises: ['AI_APICallError', 'AI_APICallError', 'AbortError'],
  },
  {
    sdk: '@ai-sdk/openai',
    language: 'Node',
    api: 'chat/completions',
    headers: '`response.headers`',
    open: aiSdkChat,
    lacks: { models: 'noModels' },
    raises: ['AI_APICallError', 'AI_APICallError', 'AbortError'],
  },
  {
    sdk: '@ai-sdk/anthropic',
    language: 'Node',
    api: 'messages',
    headers: '`response.headers`',
    open: aiSdkAnthropic,
    lacks: { models: 'noModels', embeddings: 'anthropic' },
    raises: ['AI_APICallError', 'AI_APICallError', 'AbortError'],
  },
  {
    sdk: 'instructor',
    language: 'Python',
    api: 'chat/completions',
    headers: 'an `http_client` of your own',
    lock: 'instructor',
    open: pythonClient({ environment: 'instructor', script: 'instructor_calls.py' }),
    lacks: {
      chat: 'structuredOnly',
      stream: 'structuredOnly',
      tools: 'structuredOnly',
      embeddings: 'structuredOnly',
      models: 'structuredOnly',
      abort: 'structuredOnly',
    },
    raises: ['InstructorRetryException', 'InstructorRetryException'],
  },
  {
    sdk: 'curl',
    language: 'shell',
    api: 'chat/completions',
    headers: '`-i`',
    open: curl,
    lacks: { tools: 'byHand', structured: 'byHand' },
    raises: ['exit code 22', 'exit code 22', 'SIGINT'],
  },
]
