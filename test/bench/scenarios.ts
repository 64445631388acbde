import { UNIQUE } from './client.ts'
import { portkeyHeaders } from './peers.ts'
import type { PeerName } from './peers.ts'
import type { WorkerName } from './workerd.ts'

export interface Scenario {
  readonly name: string
  readonly worker: WorkerName | PeerName
  readonly body: string
  /** Where throughput and CPU are measured. One more measurement has one connection. */
  readonly connections: number
  readonly headers?: Readonly<Record<string, string>>
  /** What the response's headers say if the scenario is what its name claims. */
  readonly claims?: Readonly<Record<string, RegExp>>
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

const same = (name: string, worker: Scenario['worker'], kilobytes = 1): Scenario => ({
  name,
  worker,
  body: bodyOf(kilobytes, 'the sky'),
  connections: HITS,
})

const hit = (
  name: string,
  worker: WorkerName,
  tier: 'memory' | 'colo' | 'qdrant' = 'memory',
  kilobytes = 1,
): Scenario => ({
  ...same(name, worker, kilobytes),
  claims: {
    'x-cache': /^exact-hit$/,
    'cache-status': new RegExp(`^edge;hit;.*;detail="${tier}"$`),
  },
})

const distinct = (name: string, worker: Scenario['worker'], stream = false): Scenario => ({
  name,
  worker,
  body: bodyOf(1, UNIQUE, stream),
  connections: MISSES,
})

/** Any other detail would say that the coalescing pool did not take the request. */
const MISS = {
  'x-cache': /^miss$/,
  'cache-status':
    /^edge;fwd=uri-miss;fwd-status=200;(stored;)?key="[^"]*"(;detail="semantic: judge not allowed")?$/,
}

const miss = (name: string, worker: WorkerName, stream = false): Scenario => ({
  ...distinct(name, worker, stream),
  claims: MISS,
})

const slow = (scenario: Scenario): Scenario => ({ ...scenario, connections: 1 })

export const SCENARIOS: readonly Scenario[] = [
  same('hello', 'hello'),
  same('scan', 'scan'),
  hit('hit, memory', 'gateway'),
  hit('hit, uncounted', 'uncounted'),
  hit('hit, memory, traced', 'traced'),
  { ...hit('hit, memory, streamed', 'gateway'), body: bodyOf(1, 'the sky', true) },
  hit('hit, colo', 'colo', 'colo'),
  hit('hit, Qdrant', 'far', 'qdrant'),
  same('hello, 16 KB', 'hello', 16),
  hit('hit, memory, 16 KB', 'gateway', 'memory', 16),
  same('scan, 200 KB', 'scan', 200),
  hit('hit, memory, 200 KB', 'gateway', 'memory', 200),
  distinct('reference', 'reference'),
  miss('miss alone', 'alone'),
  miss('coalesced miss', 'gateway'),
  {
    ...distinct('semantic hit, verified', 'semantic'),
    claims: { 'x-cache': /^semantic-hit$/, 'cache-status': /^litellm;hit;.*same=0\.97/ },
  },
  distinct('reference, streamed', 'reference', true),
  miss('miss alone, streamed', 'alone', true),
  miss('coalesced miss, streamed', 'gateway', true),
  slow(distinct('reference, 60 ms', 'slowReference')),
  slow(miss('miss alone, 60 ms', 'slowAlone')),
  slow(miss('coalesced miss, 60 ms', 'slow')),
]

/**
 * Other gateways. LiteLLM keeps its cache in memory here. Portkey's package on npm is built without its
 * cache (`"cache": false` in https://github.com/Portkey-AI/gateway/blob/main/conf.json), so it only has
 * misses.
 */
export const peerScenarios = (stubUrl: string): readonly Scenario[] => [
  {
    ...distinct('miss, Portkey', 'portkey'),
    headers: portkeyHeaders(stubUrl),
    claims: { 'x-portkey-cache-status': /^DISABLED$/ },
  },
  { ...same('hit, LiteLLM', 'litellm'), claims: { 'x-litellm-cache-key': /./ } },
]
