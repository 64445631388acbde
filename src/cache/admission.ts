import { ENTRY_VERSION } from './entry.ts'
import type { Entry, Match, Spent } from './entry.ts'
import { parseJson } from './parse-json.ts'
import { formatEvent, parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import type { Admissibility, Expected } from './admissibility.ts'
import type { Identity } from './canonical.ts'
import type { Controls } from './controls.ts'
import type { JsonObject } from './json.ts'
import type { Key } from './key.ts'
import type { Modes, StoredForm } from './replay.ts'

/** A complete answer with status 200, and where it came from. */
export interface WholeAnswer {
  readonly bytes: Uint8Array
  readonly mode: 'json' | 'sse'
  readonly contentType: string
  readonly latencyMs: number
  readonly costUsd: number | null
  /** The longest body of an entry. */
  readonly maxEntryBytes: number
  /** What is known about the hit, if LiteLLM's own cache answered. */
  readonly cached:
    | {
        readonly similarity: number | undefined
        readonly same: number | undefined
        /** When the original answer was made, epoch ms. */
        readonly storedAt: number | undefined
        /** What making the original answer took. */
        readonly spent: Spent | undefined
        /** The questions that were matched; undefined if the original is unknown. */
        readonly match: Match | undefined
      }
    | undefined
  /** Stored with the entry to verify later semantic hits. */
  readonly origin: Pick<Entry, 'question' | 'scope'> | undefined
}

/** What admission needs to know about the request. */
export interface AnsweredRequest {
  readonly key: Key | undefined
  readonly identity: Identity
  readonly model: string
  readonly controls: Controls
  readonly expected: Expected
  /** The keys of its inputs, in order, if each has an entry of its own. */
  readonly parts?: readonly Key[]
  /** Stream options that affect this caller only. */
  readonly ownOptions: JsonObject | undefined
  readonly api: {
    readonly modes?: Modes
    readonly storedForm?: StoredForm
    readonly partTexts?: (answer: string, expected: Expected) => readonly string[] | string
    admitJson(answer: unknown, expected: Expected): Admissibility
    admitStream(events: readonly ServerSentEvent[], expected: Expected): Admissibility
  }
}

/**
 * An entry to store, or why there is none. If `admissible` is true, the answer is complete and can
 * still be converted to the other mode.
 */
export type Admission =
  | { readonly entry: Entry }
  /** An entry for each input, by its id. */
  | { readonly parts: ReadonlyMap<string, Entry> }
  | { readonly why: string; readonly admissible?: boolean }

/** Decides whether a delivered answer is stored. `now` in epoch ms. */
export function admit(
  request: AnsweredRequest,
  delivered: WholeAnswer,
  storeSemanticHits: boolean,
  now: number,
): Admission {
  const { key, controls } = request
  const { cached, origin } = delivered
  if (key === undefined || !controls.store) return { why: 'no-store' }
  const text = decode(delivered.bytes)
  if (text === undefined) return { why: 'not UTF-8' }
  if (request.parts !== undefined) return admitParts(request, request.parts, text, delivered, now)
  const events = delivered.mode === 'sse' ? parseEvents(text) : undefined
  const verdict = judge(request, text, events)
  if (!verdict.admissible) return { why: verdict.why }
  const notStored = (why: string) => ({ why, admissible: true })
  if (cached !== undefined && !storeSemanticHits) return notStored('semantic hits are not stored')
  const { usage, created, id, expiresAt: ownExpiry = Infinity } = verdict.answer
  const storedAt = bornAt(delivered, created, now)
  if (storedAt === undefined) return notStored('age of the semantic hit unknown')
  const expiresAt = Math.min(storedAt + controls.ttlSeconds * 1000, ownExpiry * 1000)
  if (expiresAt <= now) return notStored('already expired')
  const kept = storedAnswer(request, text, events)
  if (kept === undefined) return notStored("a stream shaped by one caller's options")
  return {
    entry: {
      ...identified(request, key),
      stored_at: storedAt,
      expires_at: expiresAt,
      status: 200,
      content_type: kept.mode === delivered.mode ? delivered.contentType : 'application/json',
      mode: kept.mode,
      body: kept.body,
      usage,
      ...effortOf(delivered),
      source: cached === undefined ? 'llm' : 'semantic',
      ...(cached?.similarity === undefined ? {} : { similarity: cached.similarity }),
      ...(cached?.same === undefined ? {} : { same: cached.same }),
      ...cached?.match,
      created,
      // A semantic hit was made for another request, so it is no original.
      ...(id !== null && origin !== undefined ? { answer_id: id, ...origin } : {}),
    },
  }
}

/** What making the answer took. Of a semantic hit, what making its original took. */
function effortOf({ cached, costUsd, latencyMs }: WholeAnswer): Omit<Spent, 'usage'> {
  if (cached === undefined) return { cost_usd: costUsd, latency_ms: latencyMs }
  const { cost_usd = null, latency_ms = latencyMs } = cached.spent ?? {}
  return { cost_usd, latency_ms }
}

/** What is stored of an answer to several inputs. */
function admitParts(
  request: AnsweredRequest,
  keys: readonly Key[],
  text: string,
  { contentType, latencyMs, maxEntryBytes }: WholeAnswer,
  now: number,
): Admission {
  const { api, controls, expected } = request
  const bodies = api.partTexts?.(text, expected) ?? 'not divisible'
  if (typeof bodies === 'string') return { why: bodies }
  const shared = {
    stored_at: now,
    expires_at: now + controls.ttlSeconds * 1000,
    status: 200,
    content_type: contentType,
    mode: 'json',
    // Usage and cost are known for the whole answer only, not for each input.
    usage: null,
    cost_usd: null,
    latency_ms: latencyMs,
    source: 'llm',
    created: null,
  } as const
  const parts = keys.flatMap((key, at): [string, Entry][] => {
    const body = bodies[at]
    if (body === undefined || body.length > maxEntryBytes) return []
    return [[key.id, { ...identified(request, key), ...shared, body }]]
  })
  return { parts: new Map(parts) }
}

/** The members of an entry that say which request it answers. */
function identified(
  { identity, model, controls }: Pick<AnsweredRequest, 'identity' | 'model' | 'controls'>,
  { proof }: Key,
): Pick<Entry, 'v' | 'proof' | 'tenant' | 'path' | 'model' | 'namespace' | 'tags'> {
  const { tenant, path, namespace } = identity
  return { v: ENTRY_VERSION, proof, tenant, path, model, namespace, tags: [...controls.tags] }
}

/** Decodes UTF-8, byte order mark included; undefined if it is invalid. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const JSON_MODE = { mode: 'json' } as const

type Stored = Pick<Entry, 'mode' | 'body'>

/** What is stored of an answer; undefined if it can only be replayed to its own caller. */
function storedAnswer(
  request: AnsweredRequest,
  text: string,
  events: readonly ServerSentEvent[] | undefined,
): Stored | undefined {
  const { storedForm } = request.api
  const kept = events === undefined ? { ...JSON_MODE, body: text } : storedStream(request, events)
  if (kept === undefined || storedForm === undefined) return kept
  return { ...kept, body: storedForm.pack(kept.body, kept.mode, request.expected) }
}

/**
 * What is stored of a stream: its events. If its caller's options shaped it, JSON is stored
 * instead, which can be replayed to everyone; undefined if that is impossible.
 */
function storedStream(
  { api: { modes }, ownOptions }: AnsweredRequest,
  events: readonly ServerSentEvent[],
): Stored | undefined {
  if (ownOptions === undefined) {
    const kept = modes === undefined ? events : modes.storedEvents(events)
    return { mode: 'sse', body: kept.map(formatEvent).join('') }
  }
  const body = modes?.assemble(events)
  return body === undefined ? undefined : { ...JSON_MODE, body }
}

function judge(
  { api, expected }: AnsweredRequest,
  text: string,
  events: readonly ServerSentEvent[] | undefined,
): Admissibility {
  if (events !== undefined) return api.admitStream(events, expected)
  try {
    // A replay as a stream parses this strictly. APIs without streams need no such check.
    if (api.modes !== undefined) parseJson(text)
    return api.admitJson(JSON.parse(text), expected)
  } catch {
    return { admissible: false, why: 'not JSON' }
  }
}

/**
 * When the answer was made. A semantic hit is as old as its original. JSON keeps the original's
 * `created`; a replayed stream does not, so only the original's entry tells its age.
 */
function bornAt(
  { cached, mode }: WholeAnswer,
  created: number | null,
  now: number,
): number | undefined {
  if (cached === undefined) return now
  const told = mode === 'sse' || created === null ? undefined : Math.min(created * 1000, now)
  const { storedAt } = cached
  return storedAt ?? told
}
