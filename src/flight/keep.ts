import type { Verdict } from '../apis/api.ts'
import { ENTRY_VERSION } from '../cache/entry.ts'
import type { Entry } from '../cache/entry.ts'
import { parseJson } from '../cache/json.ts'
import { parseEvents } from '../stream/sse.ts'
import type { CachedUpstream, UpstreamAnswer } from '../upstream/answer.ts'
import type { Question } from './question.ts'

/** A whole answer with status 200, and where it came from. */
export interface Delivered {
  readonly bytes: Uint8Array
  readonly mode: 'json' | 'sse'
  readonly contentType: string
  readonly latencyMs: number
  readonly costUsd: number | null
  /** LiteLLM's own cache answered. */
  readonly cached: CachedUpstream | undefined
  /** What a later hit of that cache is traced back by. */
  readonly origin: UpstreamAnswer['origin']
}

/** What becomes of an answer: an entry to store, or the reason why there is none. */
export type Keeping = { readonly entry: Entry } | { readonly why: string }

/** Decides about a delivered answer. `now` in epoch ms. */
export function keep(
  question: Question,
  delivered: Delivered,
  keepSemantic: boolean,
  now: number,
): Keeping {
  const { key, identity, controls } = question
  const { cached, origin } = delivered
  if (key === undefined || !controls.store) return { why: 'no-store' }
  if (cached !== undefined && !keepSemantic) return { why: 'semantic answers are not kept' }
  const text = decode(delivered.bytes)
  if (text === undefined) return { why: 'not UTF-8' }
  const verdict = judge(question, text, delivered.mode)
  if (!verdict.storable) return { why: verdict.why }
  const { usage, created, id } = verdict.answer
  const storedAt = bornAt(delivered, created, now)
  if (storedAt === undefined) return { why: 'age of the semantic answer unknown' }
  const expiresAt = storedAt + controls.ttlSeconds * 1000
  if (expiresAt <= now) return { why: 'already expired' }
  return {
    entry: {
      v: ENTRY_VERSION,
      proof: key.proof,
      tenant: identity.tenant,
      path: identity.path,
      model: question.model,
      namespace: identity.namespace,
      tags: [...controls.tags],
      stored_at: storedAt,
      expires_at: expiresAt,
      status: 200,
      content_type: delivered.contentType,
      mode: delivered.mode,
      body: text,
      usage,
      cost_usd: delivered.costUsd,
      latency_ms: delivered.latencyMs,
      source: cached === undefined ? 'llm' : 'semantic',
      ...(cached?.similarity === undefined ? {} : { similarity: cached.similarity }),
      ...(cached?.same === undefined ? {} : { same: cached.same }),
      created,
      // A cached answer has no origin of its own: it was made for another question.
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

function judge({ api, identity }: Question, text: string, mode: 'json' | 'sse'): Verdict {
  if (mode === 'sse') return api.judgeStream(parseEvents(text), identity.body)
  try {
    // As strictly as it will be read when a stream is made of it; nobody else pays for that.
    if (api.modes !== undefined) parseJson(text)
    return api.judgeJson(JSON.parse(text), identity.body)
  } catch {
    return { storable: false, why: 'not JSON' }
  }
}

/**
 * When the answer was made. A semantic answer is as old as its original: its JSON keeps the original
 * `created`, but a replayed stream gets a new one: only the original's own entry tells its age.
 */
function bornAt(
  { cached, mode }: Delivered,
  created: number | null,
  now: number,
): number | undefined {
  if (cached === undefined) return now
  const told = mode === 'sse' || created === null ? undefined : Math.min(created * 1000, now)
  const { storedAt } = cached
  return storedAt ?? told
}
