import type { Labels } from '../../cache/admissibility.ts'
import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { rawMembers, withRawMembers } from '../../cache/raw-json.ts'
import type { StoredForm } from '../../cache/replay.ts'
import { formatEvent, mapFramesOf, parseEvents } from '../../stream/sse.ts'

/**
 * The members of a request that no model sees and that its response repeats, each with what the
 * response to a request without it says
 * (https://platform.openai.com/docs/api-reference/responses/object).
 */
const UNLABELLED = {
  metadata: '{}',
  user: 'null',
  safety_identifier: 'null',
  prompt_cache_key: 'null',
} as const satisfies Labels

const NAMES = Object.keys(UNLABELLED) as (keyof typeof UNLABELLED)[]

/** OpenAI allows 16 pairs of at most 64 and 512 characters, and LiteLLM sends no more. */
const MOST_PAIRS = 16
/** Longer labels would cost more memory than a hit saves. OpenAI's limits stay below it. */
const LONGEST_LABELS = 16_384

/** The labels of a request; none if it is not clear which ones its response will repeat. */
export function labelsOf(body: JsonObject): Labels {
  const read = readLabels(body)
  return typeof read === 'string' ? {} : read
}

/** Why it is not clear which labels the response to a request repeats; undefined if it is. */
export function unclearLabels(body: JsonObject): string | undefined {
  const read = readLabels(body)
  return typeof read === 'string' ? read : undefined
}

function readLabels(body: JsonObject): Labels | string {
  const { extra_body = null } = body
  const labels: Record<string, string> = {}
  let length = 0
  for (const name of NAMES) {
    // LiteLLM merges it into the request.
    if (isObject(extra_body) && Object.hasOwn(extra_body, name)) return `extra_body.${name}`
    const { [name]: given = null } = body
    const value = name === 'metadata' ? repeatedMetadata(given) : given
    if (value === null) continue
    if (value === undefined) return `${name} is not an object`
    if (name !== 'metadata' && typeof value !== 'string') return `${name} is not text`
    const text = JSON.stringify(value)
    length += text.length
    if (length > LONGEST_LABELS) return 'labels too long'
    labels[name] = text
  }
  return labels
}

/**
 * What LiteLLM sends of `metadata`: its first texts (`add_openai_metadata` in its `utils.py`). Null if
 * nothing is left; undefined if it is no object, of which LiteLLM makes one if it can.
 */
function repeatedMetadata(metadata: Json): JsonObject | null | undefined {
  if (metadata === null) return null
  if (!isObject(metadata)) return undefined
  const texts = Object.entries(metadata).filter(
    ([name, value]) => typeof value === 'string' && name !== 'hidden_params',
  )
  return texts.length === 0 ? null : Object.fromEntries(texts.slice(0, MOST_PAIRS))
}

/**
 * The body without `client_metadata`, as Codex sends it: texts about its session that differ in each
 * turn. LiteLLM keeps them from models that it calls as chat, and no response repeats them.
 * Anything else in this member counts
 * (https://github.com/openai/codex/blob/main/codex-rs/codex-api/src/common.rs).
 */
export function withoutClientMetadata(body: JsonObject): JsonObject {
  const { client_metadata = null, ...others } = body
  const isText = (value: Json) => typeof value === 'string'
  const isLabels = isObject(client_metadata) && Object.values(client_metadata).every(isText)
  return isLabels ? others : body
}

/** Stores answers without labels, and gives each hit those of its own request. */
export const withoutLabels: StoredForm = {
  pack: (text, mode) => eachResponse(text, mode, unlabelled),
  unpack: (stored, mode, { labels = {} }) =>
    Object.keys(labels).length === 0
      ? stored
      : eachResponse(stored, mode, (response) => withRawMembers(response, labels)),
}

/**
 * A response without its labels, also those that its request does not have: LiteLLM can put the hash
 * of the caller's key into `user` (`overwrite_user_with_key_hash`). What is null stays so.
 */
function unlabelled(response: string): string {
  const members = rawMembers(response)
  const given = NAMES.filter((name) => members.get(name) !== 'null')
  return withRawMembers(response, Object.fromEntries(given.map((name) => [name, UNLABELLED[name]])))
}

/** Changes each response that an answer contains. All else keeps its bytes. */
function eachResponse(
  text: string,
  mode: 'json' | 'sse',
  change: (response: string) => string,
): string {
  if (mode === 'json') return change(text)
  return mapFramesOf(text, (frame) => {
    // Only an escape can hide the member's name.
    if (!frame.includes('"response"') && !frame.includes('\\u')) return frame
    const [event] = parseEvents(frame)
    const response = event && rawMembers(event.data).get('response')
    if (response === undefined) return frame
    const data = withRawMembers(event!.data, { response: change(response) })
    return formatEvent({ ...event!, data })
  })
}
