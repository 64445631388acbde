import { UNIQUE } from './client.ts'
import { portkeyHeaders } from './peers.ts'
import type { PeerName } from './peers.ts'
import type { WorkerName } from './workerd.ts'

export interface Scenario {
  readonly name: string
  readonly worker: WorkerName | PeerName
  readonly body: string
  readonly connections: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Connections where throughput counts: many callers hit, fewer wait for a model. */
const [HITS, MISSES] = [32, 16]

/** A request of about this size, as applications send them. */
function bodyOf(kilobytes: number, subject: string, stream = false): string {
  const rest = kilobytes * 1_000 - 200
  const sentence = 'Please explain it in detail. '
  const text = sentence.repeat(Math.ceil(rest / sentence.length))
  const messages = [{ role: 'user', content: `Why is ${subject} blue? ${text}` }]
  return JSON.stringify({ model: 'bench', messages, ...(stream ? { stream } : {}) })
}

const hit = (
  name: string,
  worker: Scenario['worker'],
  kilobytes = 1,
  stream = false,
): Scenario => ({
  name,
  worker,
  body: bodyOf(kilobytes, 'the sky', stream),
  connections: HITS,
})
const miss = (name: string, worker: Scenario['worker'], stream = false): Scenario => ({
  name,
  worker,
  body: bodyOf(1, UNIQUE, stream),
  connections: MISSES,
})

export const SCENARIOS: readonly Scenario[] = [
  hit('hello', 'hello'),
  hit('hit, memory', 'gateway'),
  hit('hit, memory, traced', 'traced'),
  hit('hit, memory, streamed', 'gateway', 1, true),
  hit('hit, Qdrant', 'far'),
  hit('hello, 16 KB', 'hello', 16),
  hit('hit, memory, 16 KB', 'gateway', 16),
  hit('hello, 200 KB', 'hello', 200),
  hit('hit, memory, 200 KB', 'gateway', 200),
  miss('reference', 'reference'),
  miss('miss alone', 'alone'),
  miss('coalesced miss', 'gateway'),
  miss('reference, streamed', 'reference', true),
  miss('miss alone, streamed', 'alone', true),
  miss('coalesced miss, streamed', 'gateway', true),
]

/** Other gateways: Portkey keeps its cache in memory, as LiteLLM does here. */
export const peerScenarios = (stubUrl: string): readonly Scenario[] => [
  { ...hit('hit, Portkey', 'portkey'), headers: portkeyHeaders(stubUrl, true) },
  { ...miss('miss, Portkey', 'portkey'), headers: portkeyHeaders(stubUrl, false) },
  hit('hit, LiteLLM', 'litellm'),
]

export type Measured = 'p50' | 'time per request' | 'CPU'

export interface Goal {
  readonly of: string
  readonly to: string
  /** The most that each ratio may be; those that are not named have no goal. */
  readonly most: Readonly<Partial<Record<Measured, number>>>
}

/** What is compared. A ratio above its goal is shown, and fails nothing: machines differ. */
export const GOALS: readonly Goal[] = [
  { of: 'hit, memory', to: 'hello', most: { p50: 2, 'time per request': 2 } },
  { of: 'hit, memory, traced', to: 'hit, memory', most: {} },
  { of: 'hit, memory, streamed', to: 'hit, memory', most: {} },
  { of: 'hit, memory, 16 KB', to: 'hello, 16 KB', most: {} },
  { of: 'hit, memory, 200 KB', to: 'hello, 200 KB', most: {} },
  { of: 'hit, memory', to: 'reference', most: {} },
  { of: 'hit, Qdrant', to: 'reference', most: { p50: 1, 'time per request': 1 } },
  { of: 'miss alone', to: 'reference', most: { CPU: 3 } },
  { of: 'coalesced miss', to: 'miss alone', most: { p50: 1.3, 'time per request': 1.3 } },
  { of: 'miss alone, streamed', to: 'reference, streamed', most: {} },
  { of: 'hit, memory', to: 'hit, Portkey', most: {} },
  { of: 'hit, memory', to: 'hit, LiteLLM', most: {} },
  { of: 'miss alone', to: 'miss, Portkey', most: { 'time per request': 1 } },
  {
    of: 'coalesced miss, streamed',
    to: 'miss alone, streamed',
    most: { p50: 1.3, 'time per request': 1.3 },
  },
]
