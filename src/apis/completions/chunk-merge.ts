import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { Accumulated, CHOICE } from './accumulated.ts'
import type { Rule } from './accumulated.ts'
import { readChunkEvent } from './chunk-events.ts'
import { saysNothing } from './stream-options.ts'

/** How the chunks of an API relate to its complete answer. */
export interface ChunkFormat {
  /** The `object` of a complete answer, and of a chunk. */
  readonly object: string
  readonly chunkObject: string
  /** How the members of a choice are joined. */
  readonly rule: Rule
  /** What a chunk adds to the answer of a choice. It must be empty once the choice has ended. */
  contentOf(part: JsonObject): Json
  /** The choice of a complete answer, from its joined parts, and whether they fit together. */
  complete(joined: JsonObject): { readonly choice: JsonObject; readonly lossless: boolean }
  /** The parts of a complete choice, one per chunk. The inverse of joining and completing. */
  split(choice: JsonObject): JsonObject[]
}

/** The completion that a stream's chunks add up to. */
export interface Merged {
  readonly completion: JsonObject
  /** False if a member arrived in pieces that cannot be joined. */
  readonly lossless: boolean
}

/**
 * Joins the chunks of a stream (https://platform.openai.com/docs/api-reference/chat-streaming). If
 * that fails, returns the reason as text.
 */
export function mergeChunks(
  events: readonly ServerSentEvent[],
  format: ChunkFormat,
): Merged | string {
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
      const problem = addChoice(choices, part, format)
      if (problem !== undefined) return problem
    }
  }
  if (!isDone) return 'stream without its end'
  return merged(completion, choices, format)
}

/** The JSON text of a stream's completion; undefined if there is none, or something would be lost. */
export function assembleChunks(
  events: readonly ServerSentEvent[],
  format: ChunkFormat,
): string | undefined {
  const joined = mergeChunks(events, format)
  return typeof joined === 'string' || !joined.lossless
    ? undefined
    : JSON.stringify(joined.completion)
}

function addChoice(
  choices: Map<number, Accumulated>,
  part: Json,
  { rule, contentOf }: ChunkFormat,
): string | undefined {
  const index = isObject(part) ? part['index'] : undefined
  if (!isObject(part) || typeof index !== 'number') return 'a chunk that cannot be read'
  const joined = choices.get(index) ?? new Accumulated(rule, CHOICE)
  choices.set(index, joined)
  const hasEnded = Boolean(joined.value['finish_reason'])
  if (hasEnded && !saysNothing(contentOf(part))) return 'more after the end of a choice'
  joined.add(part)
  return undefined
}

function merged(
  completion: Accumulated,
  choices: ReadonlyMap<number, Accumulated>,
  format: ChunkFormat,
): Merged {
  const { value } = completion
  if ('object' in value) value['object'] = format.object
  if (value['usage'] === null) delete value['usage'] // all chunks but the last have null
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice)
  const completed = ordered.map((joined) => format.complete(joined.value))
  value['choices'] = completed.map(({ choice }) => choice)
  const isWhole = [completion, ...ordered, ...completed].every(({ lossless }) => lossless)
  return { completion: value, lossless: isWhole }
}
