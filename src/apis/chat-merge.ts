import { parseJson } from '../cache/parse-json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { Accumulated, CHOICE } from './accumulated.ts'

/** The end marker of OpenAI's streams. */
export const DONE = '[DONE]'

/** A stream's chunks as the one completion they spell. */
export interface Merged {
  readonly completion: JsonObject
  /** False when a member came in pieces that this code does not know how to join. */
  readonly lossless: boolean
}

/**
 * Joins the chunks of a chat stream (https://platform.openai.com/docs/api-reference/chat-streaming).
 * Events that are not JSON say nothing. Undefined if the stream did not come to its end marker, or a
 * chunk is no chat chunk.
 */
export function mergeChunks(events: readonly ServerSentEvent[]): Merged | undefined {
  const said = events.filter(({ data }) => data === DONE || tryParse(data) !== undefined)
  if (said.at(-1)?.data !== DONE) return undefined
  const completion = new Accumulated('last')
  const choices = new Map<number, Accumulated>()
  for (const { data } of said.slice(0, -1)) {
    const chunk = asObject(tryParse(data))
    if (chunk === undefined) return undefined
    const { choices: parts, ...rest } = chunk
    completion.add(rest)
    for (const part of Array.isArray(parts) ? parts : []) {
      const choice = asObject(part)
      const index = choice?.['index']
      if (choice === undefined || typeof index !== 'number') return undefined
      const joined = choices.get(index) ?? new Accumulated('last', CHOICE)
      choices.set(index, joined)
      joined.add(choice)
    }
  }
  const { value } = completion
  if ('object' in value) value['object'] = 'chat.completion'
  if (value['usage'] === null) delete value['usage'] // every chunk but the last says so
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice)
  value['choices'] = ordered.map((choice) => {
    const { delta = null, ...rest } = choice.value
    return { ...rest, message: { role: 'assistant', content: null, ...asObject(delta) } }
  })
  const lossless =
    completion.lossless &&
    ordered.every(({ lossless, value }) => lossless && asObject(value['delta'] ?? {}) !== undefined)
  return { completion: value, lossless }
}

/** Undefined for what is not JSON. */
function tryParse(text: string): Json | undefined {
  try {
    return parseJson(text).value
  } catch {
    return undefined
  }
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined
}
