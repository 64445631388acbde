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

/**
 * Joins the chunks of a chat stream (https://platform.openai.com/docs/api-reference/chat-streaming).
 * Text is concatenated, tool calls are joined by index, log probabilities are appended; what comes
 * once is taken as it is. Undefined when the stream did not come to its end marker, or a chunk is not
 * a JSON object.
 */
export function mergeChunks(events: readonly ServerSentEvent[]): Merged | undefined {
  if (events.at(-1)?.data !== DONE) return undefined
  const completion = new Piecewise(ENVELOPE)
  const choices = new Map<number, Piecewise>()
  for (const { data } of events.slice(0, -1)) {
    const chunk = asObject(tryParse(data))
    if (chunk === undefined) return undefined
    const { choices: parts, ...rest } = chunk
    completion.add(rest)
    for (const part of Array.isArray(parts) ? parts : []) {
      const choice = asObject(part)
      const index = choice?.['index']
      if (choice === undefined || typeof index !== 'number') return undefined
      const joined = choices.get(index) ?? new Piecewise()
      choices.set(index, joined)
      joined.add(choice)
    }
  }
  const { value } = completion
  if ('object' in value) value['object'] = 'chat.completion'
  const ordered = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice)
  value['choices'] = ordered.map((choice) => {
    const { delta, ...rest } = choice.value
    return { ...rest, message: { content: null, ...asObject(delta ?? null) } }
  })
  const lossless = completion.lossless && ordered.every((choice) => choice.lossless)
  return { completion: value, lossless }
}

/** How the members of an object that comes in pieces are joined; what is not named must come once. */
interface Rules {
  /** The first value stands, whatever comes later. */
  readonly first?: ReadonlySet<string>
  /** The last value stands. */
  readonly last?: ReadonlySet<string>
  /** May come again with the same value, or an empty one. */
  readonly repeated: ReadonlySet<string>
}

/** Of a chunk: replayed and re-routed streams restamp some members; the first is the answer's own. */
const ENVELOPE: Rules = {
  first: new Set(['id', 'created', 'object']),
  last: new Set(['usage']),
  repeated: new Set(['model', 'system_fingerprint', 'service_tier', 'citations']),
}
/** Of a choice, and of all that is in it. */
const CHOICE: Rules = { repeated: new Set(['index', 'role', 'id', 'type', 'name']) }

/** Members that come in pieces of text. `data` is audio: its base64 can't be joined without loss. */
const TEXT = new Set([
  'content',
  'refusal',
  'reasoning_content',
  'reasoning',
  'arguments',
  'input',
  'transcript',
  'data',
])
/** Lists that come in pieces: of `logprobs`, and citations. */
const LISTS = new Set(['content', 'refusal', 'annotations'])
/** Objects that come in pieces. */
const NESTED = new Set(['delta', 'logprobs', 'function', 'function_call', 'custom', 'audio'])

/** An object that arrives in pieces, each member joined by what it is. */
class Piecewise {
  /** Without a prototype, so that `__proto__` is a member like any other. */
  readonly value: JsonObject = Object.create(null) as JsonObject
  lossless = true
  private readonly nested = new Map<string, Piecewise>()
  private readonly rules: Rules

  constructor(rules: Rules = CHOICE) {
    this.rules = rules
  }

  add(piece: JsonObject): void {
    for (const [name, value] of Object.entries(piece)) {
      if (value === null) this.value[name] ??= null
      else if (name === 'tool_calls' && Array.isArray(value)) this.addToolCalls(value)
      else if (NESTED.has(name)) this.addNested(this.value, name, name, value)
      else this.addMember(name, value)
    }
  }

  private addMember(name: string, value: Json): void {
    const { first, last, repeated } = this.rules
    const before = this.value[name]
    if (before === undefined || before === null || last?.has(name)) this.value[name] = value
    else if (first?.has(name)) return
    else if (typeof before === 'string' && typeof value === 'string' && TEXT.has(name)) {
      this.value[name] = before + value
      if (name === 'data') this.lossless = false
    } else if (Array.isArray(before) && Array.isArray(value) && LISTS.has(name)) {
      for (const item of value) before.push(item)
    } else if (name === 'finish_reason') {
      // Two ends that differ are none that can be trusted.
      if (before !== value) this.value[name] = `${String(before)} and ${String(value)}`
    } else if (!repeated.has(name)) this.lossless = false
    else if (this.lossless && value !== '') this.lossless = equal(before, value)
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
      const { index = calls.length, ...call } = asObject(piece) ?? {}
      const known = Number.isInteger(index) && (index as number) >= 0
      const at = known ? Math.min(index as number, calls.length) : calls.length
      // A place that is none, or a gap: a call that never came.
      if (at !== index) this.lossless = false
      this.addNested(calls, `tool_calls.${at}`, at, call)
    }
  }
}

/** Whether two values of a member that is repeated are the same; such values are short. */
function equal(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

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
