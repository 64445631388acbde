import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { connect, unlessStatus } from './qdrant-client.ts'
import type { QdrantAddress } from './qdrant-points.ts'

/** An answer in LiteLLM's semantic cache: the namespace it is in, and its `id`. */
export interface SemanticAnswer {
  readonly scope: string
  readonly answerId: string
}

export interface SemanticAnswersOptions extends QdrantAddress {
  /** LiteLLM's collection. */
  readonly collection: string
  readonly timeoutMs: number
}

/** The answers that LiteLLM's semantic cache holds. */
export interface SemanticAnswers {
  /**
   * Deletes these answers; resolves with the number of points. Rejects if Qdrant fails, is late or
   * cannot list all namespaces: answers may be left then.
   */
  delete(answers: readonly SemanticAnswer[]): Promise<number>
}

const KEY = 'litellm_cache_key'
/** More cache keys cannot be listed. In that many, those of the wanted namespaces are looked for. */
const MOST_KEYS = 64_000
/** Points per query: each holds a whole answer. */
const PAGE = 100
/** Ids in an answer's JSON, which LiteLLM stores inside the text of a Python dictionary. */
const ANSWER_ID = /"id": ?"([^"\\]{1,256})"/g

/** The ids in the answer of a point. */
const answersIn = (payload: Record<string, unknown> | null | undefined) =>
  Array.from(String(payload?.['response']).matchAll(ANSWER_ID), ([, id = '']) => id)

/**
 * LiteLLM's semantic cache, as far as single answers in it can be found: its points have random ids
 * and no member for an answer's id, but a key that begins with the namespace, and the answer's text.
 */
export function semanticAnswers({
  collection,
  timeoutMs,
  ...address
}: SemanticAnswersOptions): SemanticAnswers {
  const qdrant = connect(address).api()
  const place = { collection_name: collection }

  /** All of LiteLLM's keys, as far as Qdrant lists them. */
  async function allKeys(signal: AbortSignal): Promise<string[]> {
    const { data } = await qdrant
      .facet({ ...place, key: KEY, limit: MOST_KEYS }, { signal })
      .catch(unlessStatus(404, { data: { result: { hits: [] } } }))
    return (data.result?.hits ?? []).map(({ value }) => String(value))
  }

  async function remove(answers: readonly SemanticAnswer[], signal: AbortSignal): Promise<number> {
    const all = await allKeys(signal)
    const scopes = new Set(answers.map(({ scope }) => scope))
    const keys = all.filter((key) => scopes.has(key.slice(0, key.indexOf(':'))))
    const deleted = keys.length === 0 ? 0 : await removeIn(keys, answers, signal)
    if (all.length === MOST_KEYS) throw new Error('LiteLLM has more namespaces than can be listed.')
    return deleted
  }

  /** Deletes those of the answers that have one of these keys, page by page: each deletion counts. */
  async function removeIn(
    keys: readonly string[],
    answers: readonly SemanticAnswer[],
    signal: AbortSignal,
  ): Promise<number> {
    const wanted = new Set(answers.map(({ answerId }) => answerId))
    const filter = { must: [{ key: KEY, match: { any: [...keys] } }] }
    let deleted = 0
    let offset: string | number | undefined
    do {
      const { data } = await qdrant.scrollPoints(
        {
          ...place,
          filter,
          limit: PAGE,
          with_payload: ['response'],
          with_vector: false,
          ...(offset === undefined ? {} : { offset }),
        },
        { signal },
      )
      const ids = (data.result?.points ?? [])
        .filter(({ payload }) => answersIn(payload).some((id) => wanted.has(id)))
        .map(({ id }) => id as string | number)
      // An empty list of ids would be an error.
      if (ids.length > 0) {
        await qdrant.deletePoints({ ...place, wait: true, points: ids }, { signal })
      }
      deleted += ids.length
      offset = (data.result?.next_page_offset ?? undefined) as string | number | undefined
    } while (offset !== undefined)
    return deleted
  }

  return {
    delete: async (answers) =>
      answers.length === 0
        ? 0
        : withTimeout(timeoutMs, (signal) => untilAborted(remove(answers, signal), signal)),
  }
}
