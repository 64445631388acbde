import { createMiddleware } from 'hono/factory'
import type { Entry } from '../cache/entry.ts'
import { ageSeconds, refusal, ttlSeconds } from '../cache/policy.ts'
import type { Refusal } from '../cache/policy.ts'
import { statusHeaders } from '../cache/status.ts'
import type { Forward, Forwarding } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import type { Question } from '../flight/question.ts'
import type { Steps } from '../steps.ts'
import { BreakerOpen } from '../store/breaker.ts'
import type { Store } from '../store/store.ts'
import { replay } from '../stream/replay.ts'
import type { Replayed } from '../stream/replay.ts'
import { warn } from '../telemetry/log.ts'
import type { Trace } from '../telemetry/trace.ts'

export interface CachedOptions {
  readonly store: Store
  /** What a lookup may take; after it the request goes on as a miss. */
  readonly timeoutMs: number
  readonly now: () => number
}

/** Answers a question that was answered before; everything else goes on. Any failure is a miss. */
export const cached = (options: CachedOptions) =>
  createMiddleware<Steps>(async (c, next) => {
    const { question, trace } = c.var
    const found = await find(question, trace, options)
    const id = question.key?.id
    if ('fwd' in found) {
      if (!question.controls.onlyIfCached) {
        c.set('forward', found)
        return next()
      }
      const members = [{ cache: 'edge', key: id, detail: 'only-if-cached' }] as const
      const headers = statusHeaders('miss', id, members, { cache: found.lookupMs })
      const refused = errorResponse(
        new GatewayError('not_in_cache', 'The answer is not in the cache.'),
      )
      for (const [name, value] of Object.entries(headers)) refused.headers.set(name, value)
      return refused
    }
    const { entry, answer, now, lookupMs } = found
    const { preview } = question.api
    trace.show(() => ({
      input: preview.input(question.identity.body),
      output: preview.output(entry.body, entry.mode),
    }))
    trace.root.attributes['cache.outcome'] = 'exact-hit'
    const detail =
      entry.source === 'semantic' ? `qdrant; semantic ${entry.similarity ?? 'hit'}` : 'qdrant'
    const member = { cache: 'edge', hit: true, ttlSeconds: ttlSeconds(entry, now), key: id, detail }
    return c.body(answer.body, 200, {
      'content-type': answer.contentType,
      age: String(ageSeconds(entry, now)),
      ...statusHeaders('exact-hit', id, [{ ...member, cache: 'edge' }], { cache: lookupMs }),
    })
  })

/** An entry that answers, and its answer in the mode that was asked for. */
interface Found {
  readonly entry: Entry
  readonly answer: Replayed
  readonly now: number
  readonly lookupMs: number
}

async function find(
  question: Question,
  trace: Trace,
  options: CachedOptions,
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
  const looked = await lookUp(key.id, options)
  const now = options.now()
  const judged = judge(looked, question, now)
  span.attributes['cache.hit'] = 'answer' in judged
  if ('detail' in judged && judged.detail) span.attributes['cache.detail'] = judged.detail
  trace.end(span, looked.failure)
  return { ...judged, lookupMs: now - startedAt }
}

/** Whether what the lookup gave answers this question now. */
function judge(
  { entry, failure }: Looked,
  question: Question,
  now: number,
): Omit<Found, 'lookupMs'> | Omit<Forwarding, 'lookupMs'> {
  const { key, identity, controls, matchable, stream, api } = question
  if (entry === undefined || key === undefined) return miss('uri-miss', failure)
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
      : { entry, answer, now }
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
  readonly entry?: Entry | undefined
  readonly failure?: string
}

async function lookUp(id: string, { store, timeoutMs }: CachedOptions): Promise<Looked> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return { entry: await store.get(id, signal) }
  } catch (error) {
    // Said once, when it opened: not for each request that it spares.
    if (error instanceof BreakerOpen) return { failure: 'lookup skipped' }
    warn('lookup failed', error)
    return { failure: signal.aborted ? 'lookup timed out' : 'lookup failed' }
  }
}
