import { parseJson } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { ServerSentEvent } from '../stream/sse.ts'

/** The end marker of OpenAI's streams. */
export const DONE = '[DONE]'

/** A stream's chunks as the one completion they spell. */
export interface Merged {
  readonly completion: JsonObject
  /** False when a member came in pieces that this code does not know how to join. */
  readonly lossless: boolean
}

/** Members of a delta that come in pieces of text. */
const TEXT = new Set(['content', 'refusal', 'reasoning_content', 'reasoning', 'arguments', 'input'])

/**
 * Joins the chunks of a chat stream (https://platform.openai.com/docs/api-reference/chat-streaming).
 * Text is concatenated, tool calls are joined by index, log probabilities are appended; what comes
 * once is taken as it is. Undefined when the stream did not come to its end marker, or a chunk is not
 * a JSON object.
 */
export function mergeChunks(events: readonly ServerSentEvent[]): Merged | undefined {
  if (events.at(-1)?.data !== DONE) return undefined
  const completion: JsonObject = {}
  const choices = new Map<number, Piecewise>()
  let lossless = true
  for (const { data } of events.slice(0, -1)) {
    const chunk = asObject(tryParse(data))
    if (chunk === undefined) return undefined
    const { choices: parts, ...rest } = chunk
    for (const [name, value] of Object.entries(rest)) {
      const before = completion[name]
      if (before === undefined || before === null || name === 'usage') {
        if (before === undefined || value !== null) completion[name] = value
      } else if (value !== null && JSON.stringify(before) !== JSON.stringify(value)) {
        // Replayed and re-routed streams restamp these; the first is the answer's own.
        if (name !== 'created' && name !== 'id') lossless = false
      }
    }
    for (const part of Array.isArray(parts) ? parts : []) {
      const choice = asObject(part)
      const index = choice?.['index']
      if (choice === undefined || typeof index !== 'number') return undefined
      const joined = choices.get(index) ?? new Piecewise()
      choices.set(index, joined)
      joined.add(choice)
    }
  }
  if ('object' in completion) completion['object'] = 'chat.completion'
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice)
  completion['choices'] = ordered.map((choice) => {
    const { delta, ...rest } = choice.value
    return { ...rest, message: { content: null, ...asObject(delta ?? null) } }
  })
  return { completion, lossless: lossless && ordered.every((choice) => choice.lossless) }
}

/** An object that arrives in pieces, each member joined by what it is. */
class Piecewise {
  readonly value: JsonObject = {}
  lossless = true
  private readonly nested = new Map<string, Piecewise>()

  add(piece: JsonObject): void {
    for (const [name, value] of Object.entries(piece)) {
      if (value === null) this.value[name] ??= null
      else if (name === 'tool_calls' && Array.isArray(value)) this.addToolCalls(value)
      else if (NESTED.has(name)) this.addNested(this.value, name, name, value)
      else this.addMember(name, value)
    }
  }

  private addMember(name: string, value: Json): void {
    const before = this.value[name]
    if (before === undefined || before === null) this.value[name] = value
    else if (typeof before === 'string' && typeof value === 'string' && TEXT.has(name)) {
      this.value[name] = before + value
    } else if (Array.isArray(before) && Array.isArray(value) && LISTS.has(name)) {
      before.push(...value)
    } else if (JSON.stringify(before) !== JSON.stringify(value) || !REPEATED.has(name)) {
      if (value !== '' || !REPEATED.has(name)) this.lossless = false
    }
  }

  /** Joins a nested object, kept under `key`, into `target[name]`. */
  private addNested(target: JsonObject | Json[], key: string, name: string | number, value: Json) {
    const piece = asObject(value)
    const joined = this.nested.get(key) ?? new Piecewise()
    this.nested.set(key, joined)
    if (piece === undefined) this.lossless = false
    else joined.add(piece)
    this.lossless &&= joined.lossless
    ;(target as Record<string | number, Json>)[name] = joined.value
  }

  private addToolCalls(pieces: Json[]): void {
    const calls = Array.isArray(this.value['tool_calls']) ? this.value['tool_calls'] : []
    this.value['tool_calls'] = calls
    for (const piece of pieces) {
      const { index, ...call } = asObject(piece) ?? {}
      const at = typeof index === 'number' ? index : calls.length
      if (at > calls.length) this.lossless = false // a gap: a call that never came
      this.addNested(calls, `tool_calls.${at}`, Math.min(at, calls.length), call)
    }
  }
}

const NESTED = new Set(['delta', 'logprobs', 'function', 'function_call', 'custom'])
/** The arrays of `logprobs`, and citations. */
const LISTS = new Set(['content', 'refusal', 'annotations'])
/** Members that some servers repeat in every chunk, with the same value. */
const REPEATED = new Set(['index', 'role', 'id', 'type', 'name', 'finish_reason'])

function tryParse(text: string): Json {
  try {
    return parseJson(text).value
  } catch {
    return null
  }
}

function asObject(value: Json): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined
}
