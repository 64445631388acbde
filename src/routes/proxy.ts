import type { Context } from 'hono'
import type { Admission } from '../cache/admission.ts'
import type { Entry } from '../cache/entry.ts'
import { statusHeaders } from '../cache/status.ts'
import type { CacheMember } from '../cache/status.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { coloOf, join, mayShare } from '../coalescing/client.ts'
import { POOL_BUSY } from '../coalescing/coalescer.ts'
import type { CoalescingOptions } from '../coalescing/client.ts'
import type { AppEnv } from '../env.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { CALLER_LEFT } from '../explain/recent-request.ts'
import type { Kept } from '../explain/recent-request.ts'
import { savingsOf } from '../ledger/savings.ts'
import { failureOf } from './failure.ts'
import { shownOf, upstreamCall } from './upstream-call.ts'
import type { TieredStore } from '../store/tiered.ts'
import { withFrames } from '../stream/map-frames.ts'
import type { Memory, MemoryBudget } from '../stream/memory-budget.ts'
import { warn } from '../telemetry/log.ts'
import type { Span } from '../telemetry/trace.ts'
import { askAndRecord, responseOf } from '../upstream/answer.ts'
import type { RecordedAnswer } from '../upstream/answer.ts'
import type { AskUpstream, UpstreamCall } from '../upstream/call.ts'

export interface ProxyOptions {
  readonly ask: AskUpstream
  /** The coalescing pool; undefined if each request makes its own call. */
  readonly coalescing: CoalescingOptions | undefined
  readonly store: TieredStore
  readonly maxEntryBytes: number
  readonly memory: MemoryBudget
  /** Whether semantic hits are stored. */
  readonly storeSemanticHits: boolean
  readonly now: () => number
}

/** An answer, and how to store its entry. */
interface Answered extends RecordedAnswer {
  readonly collapsed: boolean
  /** Whether its frames are already those that this caller wants. */
  readonly adapted: boolean
  /** Gives the answer up. Undefined if closing its body does. */
  readonly leave?: () => void
  /** Why the call could not be shared. */
  readonly alone?: string | undefined
  readonly keep: (id: string, entry: Entry) => Promise<void>
}

/** Calls LiteLLM, alone or in a flight, streams its answer back, and stores it once it is complete. */
export const proxy = (options: ProxyOptions) => async (c: Context<AppEnv>) => {
  const { request, trace, caller, observed } = c.var
  const { now } = options
  const { api } = request
  const held = options.memory.holdingOf(caller.id, c.req.raw)
  const span = trace.child('litellm', 'client')
  const startedAt = now()
  let answered: Answered
  try {
    answered = await begin(c, span, held, options)
  } catch (error) {
    held.close()
    trace.end(span, error)
    if (!(error instanceof GatewayError)) throw error
    observed.refused = error
    observed.kept = { why: error.code }
    const afterMs = now() - startedAt
    if (!OWN_FAILURES.has(error.code)) {
      c.set('failure', { why: error.code, status: error.status, afterMs })
    }
    return withStatus(c, errorResponse(error, request.api.errorShape), undefined, afterMs)
  }
  span.attributes['http.response.status_code'] = answered.status
  Object.assign(trace.root.attributes, answered.facts)
  for (const one of answered.spans) trace.record(one, span)
  if (answered.collapsed) trace.root.attributes['cache.collapsed'] = true
  const answeredMs = now() - observed.startedAt
  const after = answered.ended
    .then(({ text, mode, admission, facts, spent }) => {
      Object.assign(trace.root.attributes, facts)
      const cause = facts?.['error.type']
      if (typeof cause === 'string') observed.broke = cause
      if (answered.cached) observed.saved = savingsOf(answered.cached.spent, answeredMs)
      else if (answered.collapsed && answered.status === 200 && !isCut(admission)) {
        observed.saved = savingsOf(spent, undefined)
      }
      trace.end(span)
      if (text !== undefined) trace.showOutput(() => api.shownAnswer(text, mode))
      return keep(c, admission, answered.keep, options.store).then((kept) => {
        if (answered.collapsed) return
        // If others share the call, it goes on, and its answer is stored.
        const hasLeft = answered.leave !== undefined && isCut(admission) && cause === undefined
        observed.kept = hasLeft ? { why: CALLER_LEFT } : kept
      })
    })
    .catch((error: unknown) => warn('work after the answer failed', error))
    .finally(() => held.close())
  trace.waitFor(after)
  observed.settled = after
  c.executionCtx.waitUntil(after)
  const { failure, response } = await failureOf(responseOf(answered))
  const afterMs = now() - startedAt
  if (failure !== undefined) {
    const { status, leave } = answered
    c.set('failure', { why: failure, status, afterMs, leave })
  }
  // A seat adapts its frames itself: what crosses from the object passes untouched.
  const adapted = answered.adapted ? response : withUsageIfAsked(request, response)
  return withStatus(c, adapted, answered, afterMs)
}

/** Whether an answer broke off, or its caller left. */
const isCut = (admission: Admission) => 'why' in admission && admission.why === 'cut'

/** Failures that no stale answer replaces: LiteLLM did not fail, or broke a promise. */
const OWN_FAILURES: ReadonlySet<string> = new Set(['upstream_unsound', 'overloaded'])

/** Drops the usage chunk unless the caller requested it: upstream, it is always requested. */
function withUsageIfAsked(
  { api: { modes }, wantsUsage }: ParsedRequest,
  response: Response,
): Response {
  if (modes?.usage === undefined) return response
  return withFrames(response, modes.usage.frames(wantsUsage))
}

/** Starts the call and releases the body. Not async, which would keep the body alive. */
function begin(
  c: Context<AppEnv>,
  span: Span,
  held: Memory,
  options: ProxyOptions,
): Promise<Answered> {
  const { request, body, trace, forward } = c.var
  const { coalescing } = options
  const pool = coalescing && mayShare(request, coalescing) ? coalescing : undefined
  const call = upstreamCall(c, span, forward.lookedUpAt, pool !== undefined)
  const answering = answer(c, call, pool, span, held, options)
  if (body !== undefined) trace.putInput(() => shownOf(body))
  c.set('body', undefined)
  return answering
}

/** Shares a call if possible, or makes one. */
async function answer(
  c: Context<AppEnv>,
  call: UpstreamCall,
  pool: CoalescingOptions | undefined,
  span: Span,
  held: Memory,
  { ask, store, maxEntryBytes, storeSemanticHits, now }: ProxyOptions,
): Promise<Answered> {
  const { request } = call
  const { signal } = c.req.raw
  let alone: string | undefined
  if (pool !== undefined) {
    const joined = await join(call, signal, coloOf(c.req.raw), pool)
    // The flight writes to Qdrant; this isolate only stores its own copies.
    if (!('alone' in joined)) return { ...joined, keep: store.putNear }
    span.attributes['coalescing.alone'] = joined.alone
    alone = joined.alone
  }
  const filled = await askAndRecord(request, {
    ask: () => ask(call, signal),
    maxEntryBytes,
    memory: held,
    storeSemanticHits,
    now,
  })
  return { ...filled, collapsed: false, adapted: false, alone, keep: store.set }
}

/**
 * Stores what may be stored, after the answer; resolves with what became of it, undefined for a batch. A
 * failure is only logged.
 */
async function keep(
  c: Context<AppEnv>,
  admission: Admission,
  put: Answered['keep'],
  store: TieredStore,
): Promise<Kept | undefined> {
  const { key } = c.var.request
  if ('why' in admission) return { why: admission.why }
  if (key === undefined) return { why: 'no-store' }
  const span = c.var.trace.child('cache store', 'client')
  try {
    await ('parts' in admission ? store.setMany(admission.parts) : put(key.id, admission.entry))
    c.var.trace.end(span)
  } catch (error) {
    c.var.trace.end(span, error)
    warn('entry not stored', error)
    return { why: 'the write failed' }
  }
  return 'entry' in admission ? { expiresAt: admission.entry.expires_at } : undefined
}

/** Adds the headers that say what the caches did. */
function withStatus(
  c: Context<AppEnv>,
  answer: Response,
  answered: Answered | undefined,
  upstreamMs: number,
): Response {
  const { request, trace, forward, observed } = c.var
  const { fwd, lookupMs } = forward
  const { cached, note, stored, collapsed, alone } = answered ?? {}
  const isBusy = alone === POOL_BUSY && alone
  const key = request.parts === undefined ? request.key?.id : undefined
  const ineligible = 'reason' in request.eligibility ? request.eligibility.reason : undefined
  const unused = ineligible && `semantic: ${ineligible}`
  const details = [forward.detail, unused, note, isBusy].filter(Boolean)
  const detail = details.length === 0 ? undefined : details.join('; ')
  const fwdStatus = answered === undefined ? undefined : answer.status
  const members: CacheMember[] = [{ cache: 'edge', fwd, fwdStatus, stored, collapsed, key, detail }]
  if (cached !== undefined) {
    members.unshift({ cache: 'litellm', hit: true, detail: cached.detail })
  }
  const outcome = cached === undefined ? forward.outcome : 'semantic-hit'
  observed.semantic = unused ?? note
  observed.pairId = cached?.match?.pair_id
  observed.outcome = collapsed && outcome === 'miss' ? 'coalesced' : outcome
  if (note !== undefined) trace.root.attributes['semantic.note'] = note
  if (ineligible !== undefined) trace.root.attributes['semantic.ineligible'] = ineligible
  const timings = { cache: lookupMs, upstream: upstreamMs }
  const headers = new Headers(answer.headers)
  for (const [name, value] of Object.entries(statusHeaders(outcome, key, members, timings))) {
    headers.set(name, value)
  }
  return new Response(answer.body, { status: answer.status, headers })
}
