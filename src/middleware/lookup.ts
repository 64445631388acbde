import type { ParsedRequest } from '../apis/request.ts'
import type { Expected } from '../cache/admissibility.ts'
import type { Entry } from '../cache/entry.ts'
import {
  errorWindowSeconds,
  refusal,
  satisfiesOnError,
  satisfiesStale,
} from '../cache/freshness.ts'
import type { Refusal } from '../cache/freshness.ts'
import { replay } from '../cache/replay.ts'
import type { Replayed, StoredForm } from '../cache/replay.ts'
import type { Forward, Forwarding } from '../cache/status.ts'
import { CircuitOpen } from '../store/circuit-breaker.ts'
import type { StoredEntry, TierName, Store } from '../store/store.ts'
import { isTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { Trace } from '../telemetry/trace.ts'

export interface LookupOptions {
  readonly store: Store
  /**
   * Whether a stored semantic hit may be served if it needs this probability. `same` is undefined if it
   * was never verified.
   */
  readonly servesSemantic: (same: number | undefined, minProbability: number) => boolean
  readonly now: () => number
}

/** An entry that may be served, and its answer in the requested mode. */
export interface CacheHit {
  readonly entry: Entry
  readonly tier: TierName
  readonly answer: Replayed
  /** Whether it is served although it has expired. */
  readonly stale: boolean
  /** When the lookup began, epoch ms. */
  readonly lookedUpAt: number
  /** When the entry was chosen, epoch ms. */
  readonly now: number
  readonly lookupMs: number
}

/** Looks a request up in the exact cache: a hit, or why the request is forwarded. Any failure is a miss. */
export async function lookUp(
  request: ParsedRequest,
  trace: Trace,
  waitUntil: (work: Promise<unknown>) => void,
  options: LookupOptions,
): Promise<CacheHit | Forwarding> {
  const { key, bypass, controls } = request
  const lookedUpAt = options.now()
  const notLookedUp = { lookedUpAt, lookupMs: 0 }
  if (key === undefined) {
    return { fwd: 'bypass', outcome: 'bypass', detail: bypass, ...notLookedUp }
  }
  if (!controls.read) {
    return controls.store
      ? { fwd: 'request', outcome: 'refresh', ...notLookedUp }
      : { fwd: 'bypass', outcome: 'bypass', detail: 'no-store', ...notLookedUp }
  }
  const span = trace.child('cache lookup', 'client')
  const looked = await readStore(key.id, waitUntil, options)
  const now = options.now()
  const evaluated = evaluate(looked, request, options, now)
  span.attributes['cache.hit'] = 'answer' in evaluated
  if ('tier' in evaluated) span.attributes['cache.tier'] = evaluated.tier
  if ('detail' in evaluated && evaluated.detail) span.attributes['cache.detail'] = evaluated.detail
  trace.end(span, looked.failure)
  return { ...evaluated, lookedUpAt, lookupMs: now - lookedUpAt }
}

/** Decides whether the entry found may answer this request now. */
function evaluate(
  { held, failure }: Looked,
  request: ParsedRequest,
  { servesSemantic }: LookupOptions,
  now: number,
): Omit<CacheHit, 'lookedUpAt' | 'lookupMs'> | Reason {
  if (held === undefined) return miss('uri-miss', failure)
  const { entry, tier } = held
  const { controls, policy } = request
  const refused = refusalOf(entry, request, servesSemantic, now)
  const stale = refused === 'expired' && satisfiesStale(entry, controls, policy.windows, now)
  if (refused !== undefined && !stale) {
    const { stored_at: storedAt, expires_at: expiresAt } = entry
    return { ...missFor(refused), refused: { why: refused, storedAt, expiresAt } }
  }
  const answer = answerFrom(entry, request)
  return typeof answer === 'string' ? miss('uri-miss', answer) : { entry, tier, answer, stale, now }
}

/** Why the entry is not a fresh answer to this request now (epoch ms); undefined if it is. */
export function refusalOf(
  entry: Entry,
  request: Pick<ParsedRequest, 'key' | 'identity' | 'controls' | 'policy' | 'eligibility'>,
  servesSemantic: LookupOptions['servesSemantic'],
  now: number,
): Refusal | undefined {
  const { key, identity, controls, policy, eligibility } = request
  const { tenant, path } = identity
  const { maxAgeSeconds, minFreshSeconds } = controls
  const wanted = {
    tenant,
    path,
    proof: key?.proof ?? '',
    semantic: 'text' in eligibility && servesSemantic(entry.same, policy.minProbability),
    maxAgeSeconds,
    minFreshSeconds,
  }
  const refused = refusal(entry, wanted, now)
  if (refused === 'collision' || refused === 'tenant') warn('entry refused', refused)
  return refused
}

/** The entry's answer in the caller's mode, or why there is none. */
function answerFrom(entry: Entry, request: ParsedRequest): Replayed | string {
  const { api, stream, wantsUsage, expected } = request
  try {
    const stored = unpacked(entry, api.storedForm, expected)
    if (stored === undefined) return 'recorded in another form'
    return replay(stored, stream, wantsUsage, api.modes) ?? 'recorded in the other mode'
  } catch (error) {
    warn('entry not readable', error)
    return 'entry not readable'
  }
}

/** The entry with its answer to this request; undefined if it has none. */
function unpacked(
  entry: Entry,
  form: StoredForm | undefined,
  expected: Expected,
): Pick<Entry, 'mode' | 'body' | 'content_type'> | undefined {
  if (form === undefined) return entry
  const { mode, content_type } = entry
  const body = form.unpack(entry.body, mode, expected)
  return body === undefined ? undefined : { mode, content_type, body }
}

/**
 * Looks up an entry to serve because LiteLLM has failed, fresh or stale, if the caller and the
 * operator allow it.
 */
export async function lookUpStale(
  request: ParsedRequest,
  trace: Trace,
  waitUntil: (work: Promise<unknown>) => void,
  options: LookupOptions,
): Promise<CacheHit | undefined> {
  const { key, controls, policy } = request
  const isAllowed = errorWindowSeconds(controls, policy.windows) > 0
  if (key === undefined || !isAllowed || options.now() >= request.tenantUntil) return undefined
  const span = trace.child('stale lookup', 'client')
  const lookedUpAt = options.now()
  const { held, failure } = await readStore(key.id, waitUntil, options)
  trace.end(span, failure)
  const now = options.now()
  if (held === undefined) return undefined
  const { entry, tier } = held
  const refused = refusalOf(entry, request, options.servesSemantic, now)
  const isOurs = refused === undefined || ['expired', 'too-old', 'expiring'].includes(refused)
  if (!isOurs) return undefined
  if (!satisfiesOnError(entry, controls, policy.windows, now)) return undefined
  const answer = answerFrom(entry, request)
  if (typeof answer === 'string') return undefined
  const stale = refused !== undefined
  return { entry, tier, answer, stale, lookedUpAt, now, lookupMs: now - lookedUpAt }
}

/** Why a request is forwarded, without the times. */
type Reason = Omit<Forwarding, 'lookedUpAt' | 'lookupMs'>

function missFor(refused: Refusal): Reason {
  switch (refused) {
    case 'expired':
      return miss('stale')
    case 'too-old':
    case 'expiring':
      return miss('request')
    case 'semantic':
      return miss('uri-miss', 'the stored answer is a semantic hit')
    case 'collision':
    case 'tenant':
      return miss('uri-miss', refused)
  }
}

function miss(fwd: Forward, detail?: string): Reason {
  return { fwd, outcome: 'miss', detail }
}

interface Looked {
  readonly held?: StoredEntry | undefined
  readonly failure?: string
}

async function readStore(
  id: string,
  waitUntil: (work: Promise<unknown>) => void,
  { store }: LookupOptions,
): Promise<Looked> {
  try {
    return { held: await store.get(id, { waitUntil }) }
  } catch (error) {
    return { failure: failureDetail(error) }
  }
}

/** Why a lookup failed, for `Cache-Status`. Logs it. */
export function failureDetail(error: unknown): string {
  // The circuit breaker logged this once, when it opened.
  if (error instanceof CircuitOpen) return 'lookup skipped'
  warn('lookup failed', error)
  return isTimeout(error) ? 'lookup timed out' : 'lookup failed'
}
