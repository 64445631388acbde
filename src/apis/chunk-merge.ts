import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { ServerSentEvent } from '../stream/sse.ts'
import { Accumulated, CHOICE } from './accumulated.ts'
import { readChunkEvent } from './chunk-events.ts'
import { saysNothing } from './stream-options.ts'

/** The completion that a stream's chunks add up to. */
export interface Merged {
  readonly completion: JsonObject
  /** False if a member arrived in pieces that cannot be joined. */
  readonly lossless: boolean
}

/**
 * Joins the chunks of a chat stream (https://platform.openai.com/docs/api-reference/chat-streaming).
 * If that fails, returns the reason as text.
 */
export function mergeChunks(events: readonly ServerSentEvent[]): Merged | string {
  const completion = new Accumulated('last')
  const choices = new Map<number, Accumulated>()
  let isDone = false
  for (const event of events) {
    const read = readChunkEvent(event)
    if (read.kind === 'noise') continue
    if (read.kind === 'error') return 'error in the stream'
    if (isDone) return 'more after the end of the stream'
    if (read.kind === 'broken') return 'a chunk that cannot be read'
    if (read.kind === 'done') {
      isDone = true
      continue
    }
    const { choices: parts, ...rest } = read.chunk
    completion.add(rest)
    for (const part of Array.isArray(parts) ? parts : []) {
      const problem = addChoice(choices, part)
      if (problem !== undefined) return problem
    }
  }
  if (!isDone) return 'stream without its end'
  return merged(completion, choices)
}

function addChoice(choices: Map<number, Accumulated>, part: Json): string | undefined {
  const index = isObject(part) ? part['index'] : undefined
  if (!isObject(part) || typeof index !== 'number') return 'a chunk that cannot be read'
  const joined = choices.get(index) ?? new Accumulated('last', CHOICE)
  choices.set(index, joined)
  const hasEnded = Boolean(joined.value['finish_reason'])
  if (hasEnded && !saysNothing(part['delta'] ?? null)) return 'more after the end of a choice'
  joined.add(part)
  return undefined
}

function merged(completion: Accumulated, choices: ReadonlyMap<number, Accumulated>): Merged {
  const { value } = completion
  if ('object' in value) value['object'] = 'chat.completion'
  if (value['usage'] === null) delete value['usage'] // all chunks but the last have null
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice)
  value['choices'] = ordered.map((choice) => {
    const { delta = null, ...rest } = choice.value
    const said = isObject(delta) ? delta : {}
    return { ...rest, message: { role: 'assistant', content: null, ...said } }
  })
  const isWhole = ({ lossless, value }: Accumulated) => lossless && isObject(value['delta'] ?? {})
  return { completion: value, lossless: completion.lossless && ordered.every(isWhole) }
}
