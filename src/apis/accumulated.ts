import { isRawNumber } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import {
  Appended,
  Indexed,
  isObject,
  Snapshot,
  ThinkingBlocks,
  ToolCalls,
} from './accumulated-list.ts'
import type { AccumulatedItem, AccumulatedList } from './accumulated-list.ts'

/** What becomes of text that differs from piece to piece. */
export type Differing =
  /** The last one stands: a chunk and its choices describe the answer so far. */
  | 'last'
  /** It is joined: a delta brings what is new. */
  | 'joined'
  /** Nobody knows: what the pieces make is not whole. */
  | 'unknown'

/** The name of an object that is a choice of a chunk. */
export const CHOICE = 'choice'

/** Members whose text comes in pieces, also where two pieces happen to be equal. */
const TEXT = new Set([
  'content',
  'refusal',
  'reasoning_content',
  'reasoning',
  'arguments',
  'input',
  'transcript',
  'text',
  'thinking',
  'summary',
  'data',
])
/** Members that name something: never joined, even if a server says something new. */
const LABELS = new Set(['role', 'type', 'id', 'object', 'format'])
/** Streams that are replayed or routed anew restamp these: the first is the answer's own. */
const FIRST = new Set(['created'])
/** Two ends that differ are none that can be trusted. */
const ENDS = new Set(['finish_reason', 'native_finish_reason'])
/** Log probabilities: one item for each token, equal or not. */
const ITEMS = new Set(['content', 'refusal'])
/** Objects of a delta whose text is joined as the delta's own. */
const PARTS = new Set(['function', 'function_call', 'custom', 'audio'])
/** Random padding against guessing an answer by its length; it says nothing. */
const NOISE = new Set(['obfuscation'])

/**
 * An object that arrives in pieces, joined as OpenAI's SDKs accumulate a stream: what is repeated is
 * kept once, text is joined, lists are joined by the `index` of their items.
 */
export class Accumulated implements AccumulatedItem {
  /** Without a prototype, so that `__proto__` is a member like any other. */
  readonly value: JsonObject = Object.create(null) as JsonObject
  /** False if a member came in pieces that nobody knows how to join. */
  lossless = true
  private readonly objects = new Map<string, Accumulated>()
  private readonly lists = new Map<string, AccumulatedList>()
  /** How often a text has come that has always been the same. */
  private readonly repeats = new Map<string, number>()
  private readonly differing: Differing
  private readonly name: string

  constructor(differing: Differing, name = '') {
    this.differing = differing
    this.name = name
  }

  add(piece: JsonObject): void {
    for (const [name, value] of Object.entries(piece)) {
      if (this.differing === 'last' && NOISE.has(name)) continue
      const before = this.value[name] ?? null
      if (value === null) this.value[name] = before
      else if (Array.isArray(value) && (before === null || Array.isArray(before))) {
        this.value[name] = this.addList(name, value)
      } else if (isObject(value) && (before === null || isObject(before))) {
        this.value[name] = this.addObject(name, value)
      } else if (typeof value === 'string' && (before === null || typeof before === 'string')) {
        this.value[name] = this.textOf(name, before ?? '', value)
      } else {
        if (before !== null && kindOf(before) !== kindOf(value)) this.lossless = false
        if (!FIRST.has(name) || !before) this.value[name] = value
      }
    }
  }

  private textOf(name: string, before: string, value: string): string {
    if (before === '' || value === '') return before + value
    if (ENDS.has(name)) return before === value ? value : `${before} and ${value}`
    if (name === 'id' && this.differing === 'last') return before
    if (LABELS.has(name) || this.differing === 'last') return value
    if (TEXT.has(name)) {
      // Pieces of sound are base64, each for itself.
      if (name === 'data' && this.name === 'audio') this.lossless = false
      return before + value
    }
    const times = this.repeats.get(name) ?? 1
    if (times > 0 && before === value) {
      this.repeats.set(name, times + 1)
      return value
    }
    if (this.differing === 'unknown') this.lossless = false
    this.repeats.set(name, 0)
    return before.repeat(Math.max(1, times)) + value
  }

  private addObject(name: string, value: JsonObject): JsonObject {
    const known = this.objects.get(name) ?? new Accumulated(this.within(name), name)
    this.objects.set(name, known)
    known.add(value)
    this.lossless &&= known.lossless
    return known.value
  }

  private within(name: string): Differing {
    if (this.differing === 'last') return name === 'delta' ? 'joined' : 'last'
    return PARTS.has(name) ? 'joined' : 'unknown'
  }

  private addList(name: string, pieces: Json[]): Json[] {
    const known = this.lists.get(name) ?? this.listFor(name)
    this.lists.set(name, known)
    known.add(pieces)
    this.lossless &&= known.lossless
    return known.items
  }

  private listFor(name: string): AccumulatedList {
    if (this.name === 'logprobs' && ITEMS.has(name)) return new Appended()
    if (this.differing === 'last' && this.name !== CHOICE) return new Snapshot()
    if (name === 'tool_calls' && this.differing === 'joined') return new ToolCalls(newItem)
    return name === 'thinking_blocks' ? new ThinkingBlocks(newItem) : new Indexed(newItem)
  }
}

const newItem = () => new Accumulated('joined')

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list'
  return isRawNumber(value) ? 'number' : typeof value
}
