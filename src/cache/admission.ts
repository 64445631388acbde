import { ENTRY_VERSION } from './entry.ts'
import type { Entry } from './entry.ts'
import { parseJson } from './parse-json.ts'
import { formatEvent, parseEvents } from '../stream/sse.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import type { Identity } from './canonical.ts'
import type { Controls } from './controls.ts'
import type { JsonObject } from './json.ts'
import type { Key } from './key.ts'
import type { Modes } from './replay.ts'

/** Tokens as the vendors count them; a cache adds up what its hits saved. */
export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** A whole answer, as far as a cache has to understand it. */
export interface Answer {
  readonly usage: Usage | null
  /** When the model made it, epoch seconds; null where the API doesn't say. */
  readonly created: number | null
  /** The answer's own name; null where the API gives it none. */
  readonly id: string | null
  /** When something in it expires, epoch seconds: audio has an id that is good for so long. */
  readonly expiresAt?: number
}

/** What a whole answer must bring, as its request asked for it. */
export interface Expected {
  /** Choices, or vectors. */
  readonly count: number
  /** The length of vectors, where the request names one. */
  readonly dimensions?: number | undefined
  /** Whether vectors are base64. */
  readonly base64?: boolean
}

/** Whether an answer may be kept, and if not, why. */
export type Admissibility =
  | { readonly admissible: true; readonly answer: Answer }
  | { readonly admissible: false; readonly why: string }

/** The verdict that keeps an answer. */
export const admissible = (answer: Answer): Admissibility => ({ admissible: true, answer })

/** The verdict that delivers an answer without keeping it. */
export const inadmissible = (why: string): Admissibility => ({ admissible: false, why })

/** A whole answer with status 200, and where it came from. */
export interface WholeAnswer {
  readonly bytes: Uint8Array
  readonly mode: 'json' | 'sse'
  readonly contentType: string
  readonly latencyMs: number
  readonly costUsd: number | null
  /** Where LiteLLM's own cache answered: what is known of that hit. */
  readonly cached:
    | {
        readonly similarity: number | undefined
        readonly same: number | undefined
        /** When the original was made, epoch ms. */
        readonly storedAt: number | undefined
      }
    | undefined
  /** What a later hit of that cache is traced back by. */
  readonly origin: Pick<Entry, 'question' | 'scope'> | undefined
}

/** The request that was answered, as far as admission depends on it. */
export interface AnsweredRequest {
  readonly key: Key | undefined
  readonly identity: Identity
  readonly model: string
  readonly controls: Controls
  readonly expected: Expected
  /** What shapes a stream for its caller alone. */
  readonly ownOptions: JsonObject | undefined
  readonly api: {
    readonly modes?: Modes
    admitJson(answer: unknown, expected: Expected): Admissibility
    admitStream(events: readonly ServerSentEvent[], expected: Expected): Admissibility
  }
}

/**
 * What becomes of an answer: an entry to store, or the reason why there is none. One that is not stored
 * may be whole all the same, and can be had in the other mode.
 */
export type Admission =
  | { readonly entry: Entry }
  | { readonly why: string; readonly admissible?: boolean }

/** Decides about a delivered answer. `now` in epoch ms. */
export function admit(
  request: AnsweredRequest,
  delivered: WholeAnswer,
  storeSemanticHits: boolean,
  now: number,
): Admission {
  const { key, identity, controls } = request
  const { cached, origin } = delivered
  if (key === undefined || !controls.store) return { why: 'no-store' }
  const text = decode(delivered.bytes)
  if (text === undefined) return { why: 'not UTF-8' }
  const events = delivered.mode === 'sse' ? parseEvents(text) : undefined
  const verdict = judge(request, text, events)
  if (!verdict.admissible) return { why: verdict.why }
  const notStored = (why: string) => ({ why, admissible: true })
  if (cached !== undefined && !storeSemanticHits) return notStored('semantic answers are not kept')
  const { usage, created, id, expiresAt: ownExpiry = Infinity } = verdict.answer
  const storedAt = bornAt(delivered, created, now)
  if (storedAt === undefined) return notStored('age of the semantic answer unknown')
  const expiresAt = Math.min(storedAt + controls.ttlSeconds * 1000, ownExpiry * 1000)
  if (expiresAt <= now) return notStored('already expired')
  const kept = events === undefined ? { ...JSON_MODE, body: text } : storedStream(request, events)
  if (kept === undefined) return notStored("a stream shaped by one caller's options")
  return {
    entry: {
      v: ENTRY_VERSION,
      proof: key.proof,
      tenant: identity.tenant,
      path: identity.path,
      model: request.model,
      namespace: identity.namespace,
      tags: [...controls.tags],
      stored_at: storedAt,
      expires_at: expiresAt,
      status: 200,
      content_type: kept.mode === delivered.mode ? delivered.contentType : 'application/json',
      mode: kept.mode,
      body: kept.body,
      usage,
      cost_usd: delivered.costUsd,
      latency_ms: delivered.latencyMs,
      source: cached === undefined ? 'llm' : 'semantic',
      ...(cached?.similarity === undefined ? {} : { similarity: cached.similarity }),
      ...(cached?.same === undefined ? {} : { same: cached.same }),
      created,
      // A cached answer has no origin of its own: it was made for another request.
      ...(id !== null && origin !== undefined ? { answer_id: id, ...origin } : {}),
    },
  }
}

/** The text whose UTF-8 is exactly these bytes, a byte order mark included; undefined if there is none. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const JSON_MODE = { mode: 'json' } as const

/**
 * What is stored of a stream: its events, or, if it was shaped by options of its caller, the answer as
 * JSON, from which everyone's stream can be made; undefined where that is not to be had.
 */
function storedStream(
  { api: { modes }, ownOptions }: AnsweredRequest,
  events: readonly ServerSentEvent[],
): Pick<Entry, 'mode' | 'body'> | undefined {
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
    // As strictly as it will be read when a stream is made of it; nobody else pays for that.
    if (api.modes !== undefined) parseJson(text)
    return api.admitJson(JSON.parse(text), expected)
  } catch {
    return { admissible: false, why: 'not JSON' }
  }
}

/**
 * When the answer was made. A semantic answer is as old as its original: its JSON keeps the original
 * `created`, but a replayed stream gets a new one: only the original's own entry tells its age.
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
