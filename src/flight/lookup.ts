import type { Entry } from '../cache/entry.ts'
import { refusal } from '../cache/policy.ts'
import type { Refusal } from '../cache/policy.ts'
import type { Forward, Forwarding } from '../cache/status.ts'
import { BreakerOpen } from '../store/breaker.ts'
import type { Held, Place, Store } from '../store/store.ts'
import { replay } from '../stream/replay.ts'
import type { Replayed } from '../stream/replay.ts'
import { warn } from '../telemetry/log.ts'
import type { Trace } from '../telemetry/trace.ts'
import type { Question } from './question.ts'

export interface LookupOptions {
  readonly store: Store
  /** What a lookup may take; after it the request goes on as a miss. */
  readonly timeoutMs: number
  readonly now: () => number
}

/** An entry that answers, and its answer in the mode that was asked for. */
export interface Found {
  readonly entry: Entry
  readonly place: Place
  readonly answer: Replayed
  /** When that was decided, epoch ms. */
  readonly now: number
  readonly lookupMs: number
}

/** Looks a question up: what answers it now, or why it goes forward. Any failure is a miss. */
export async function find(
  question: Question,
  trace: Trace,
  later: (work: Promise<unknown>) => void,
  options: LookupOptions,
): Promise<Found | Forwarding> {
  const { key, bypass, controls } = question
  if (key === undefined) {
    return { fwd: 'bypass', outcome: 'bypass', detail: bypass, lookupMs: 0 }
  }
  if (!controls.read) {
    return controls.store
      ? { fwd: 'request', outcome: 'refresh', lookupMs: 0 }
      : { fwd: 'bypass', outcome: 'bypass', detail: 'no-store', lookupMs: 0 }
  }
  const span = trace.child('cache lookup', 'client')
  const startedAt = options.now()
  const looked = await lookUp(key.id, later, options)
  const now = options.now()
  const judged = judge(looked, question, now)
  span.attributes['cache.hit'] = 'answer' in judged
  if ('place' in judged) span.attributes['cache.place'] = judged.place
  if ('detail' in judged && judged.detail) span.attributes['cache.detail'] = judged.detail
  trace.end(span, looked.failure)
  return { ...judged, lookupMs: now - startedAt }
}

/** Whether what the lookup gave answers this question now. */
function judge(
  { held, failure }: Looked,
  question: Question,
  now: number,
): Omit<Found, 'lookupMs'> | Omit<Forwarding, 'lookupMs'> {
  const { key, identity, controls, matchable, stream, api } = question
  if (held === undefined || key === undefined) return miss('uri-miss', failure)
  const { entry, place } = held
  const { maxAgeSeconds } = controls
  const { tenant, path } = identity
  const wanted = { tenant, path, proof: key.proof, semantic: matchable, maxAgeSeconds }
  const refused = refusal(entry, wanted, now)
  if (refused === 'collision' || refused === 'tenant') warn('entry refused', refused)
  if (refused !== undefined) return missFor(refused)
  const { modes } = api
  try {
    const answer = replay(entry, stream, modes?.wantsUsage(identity.body) ?? false, modes)
    return answer === undefined
      ? miss('uri-miss', 'recorded in the other mode')
      : { entry, place, answer, now }
  } catch (error) {
    warn('entry not readable', error)
    return miss('uri-miss', 'entry not readable')
  }
}

function missFor(refused: Refusal): Omit<Forwarding, 'lookupMs'> {
  switch (refused) {
    case 'expired':
      return miss('stale')
    case 'too-old':
      return miss('request')
    case 'semantic':
      return miss('uri-miss', 'kept answer was matched by meaning')
    case 'collision':
    case 'tenant':
      return miss('uri-miss', refused)
  }
}

function miss(fwd: Forward, detail?: string): Omit<Forwarding, 'lookupMs'> {
  return { fwd, outcome: 'miss', detail }
}

interface Looked {
  readonly held?: Held | undefined
  readonly failure?: string
}

async function lookUp(
  id: string,
  later: (work: Promise<unknown>) => void,
  { store, timeoutMs }: LookupOptions,
): Promise<Looked> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return { held: await store.get(id, { signal, later }) }
  } catch (error) {
    // Said once, when it opened: not for each request that it spares.
    if (error instanceof BreakerOpen) return { failure: 'lookup skipped' }
    warn('lookup failed', error)
    return { failure: signal.aborted ? 'lookup timed out' : 'lookup failed' }
  }
}
