import { isObject, isRawNumber } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { Appended, Indexed, Snapshot, ThinkingBlocks, ToolCalls } from './accumulated-list.ts'
import type { AccumulatedItem, AccumulatedList } from './accumulated-list.ts'

/** How members are joined that differ from piece to piece; what is always the same is kept once. */
export type Rule =
  /** The last value stands: a chunk and its choices describe the answer so far. */
  | 'last'
  /** Text is joined: a delta brings what is new. */
  | 'joined'
  /** Known text is joined, and anything else is lost: what a provider adds to a delta. */
  | 'known'
  /** Nothing may differ: whatever differs is lost. */
  | 'equal'

/** Members whose text comes in pieces, also if two pieces happen to be equal. */
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
/** Members that name something: never joined, even if a server sends another value. */
const LABELS = new Set(['role', 'type', 'id', 'object', 'format'])
/** Members of a chunk that replayed and re-routed streams restamp: the first value stands. */
const FIRST = new Set(['id', 'created'])
/** If two chunks name different ends of a choice, neither can be trusted. */
const ENDS = new Set(['finish_reason', 'native_finish_reason'])
/** Objects of a delta whose text is joined as the delta's own. */
const PARTS = new Set(['function', 'function_call', 'custom', 'audio'])
/** Random padding, which keeps the length of an answer secret (OpenAI). It is no part of the answer. */
const PADDING = 'obfuscation'

/** The name of an object that is a choice of a chunk. */
export const CHOICE = 'choice'

/**
 * An object that arrives in pieces, joined as OpenAI's SDKs accumulate a stream: what is repeated is
 * kept once, text is joined, lists are joined by the `index` of their items.
 */
export class Accumulated implements AccumulatedItem {
  /** Without a prototype, so that `__proto__` is a member like any other. */
  readonly value: JsonObject = Object.create(null) as JsonObject
  /** False if a member came in pieces that cannot be joined. */
  lossless = true
  private readonly objects = new Map<string, Accumulated>()
  private readonly lists = new Map<string, AccumulatedList>()
  /** How often unknown text has come that was always the same; 0 once it was not. */
  private readonly repeated = new Map<string, number>()
  private readonly rule: Rule
  private readonly name: string

  constructor(rule: Rule, name = '') {
    this.rule = rule
    this.name = name
  }

  add(piece: JsonObject): void {
    for (const [name, value] of Object.entries(piece)) {
      if (this.rule === 'last' && name === PADDING) continue
      const before = this.value[name] ?? null
      if (value === null) this.value[name] = before
      else if (Array.isArray(value) && (before === null || Array.isArray(before))) {
        this.value[name] = this.addList(name, value)
      } else if (isObject(value) && (before === null || isObject(before))) {
        this.value[name] = this.addObject(name, value)
      } else if (typeof value === 'string' && (before === null || typeof before === 'string')) {
        this.value[name] = before === null ? value : this.joinText(name, before, value)
      } else this.value[name] = before === null ? value : this.scalar(name, before, value)
    }
  }

  private joinText(name: string, before: string, value: string): string {
    if (before === '' || value === '') return before + value
    if (TEXT.has(name) && (this.rule === 'joined' || this.rule === 'known')) {
      // Pieces of sound are base64, each for itself.
      if (name === 'data' && this.name === 'audio') this.lossless = false
      return before + value
    }
    if (ENDS.has(name) && before !== value) return `${before} and ${value}`
    if (LABELS.has(name) || this.rule !== 'joined')
      return this.scalar(name, before, value) as string
    return this.joinUnknown(name, before, value)
  }

  /** Kept once as long as it is the same; joined with all its repetitions once it is not. */
  private joinUnknown(name: string, before: string, value: string): string {
    const times = this.repeated.get(name) ?? 1
    if (times > 0 && before === value) {
      this.repeated.set(name, times + 1)
      return value
    }
    this.repeated.set(name, 0)
    return before.repeat(Math.max(1, times)) + value
  }

  /** A value that can't be joined: the one that stands. */
  private scalar(name: string, before: Json, value: Json): Json {
    const isLabel = LABELS.has(name) && this.rule !== 'equal'
    const mayDiffer = this.rule === 'last' || this.rule === 'joined' || isLabel
    const isSameKind = kindOf(before) === kindOf(value)
    if (!isSameKind || (!mayDiffer && before !== value)) this.lossless = false
    return this.rule === 'last' && FIRST.has(name) && before !== 0 ? before : value
  }

  private addObject(name: string, value: JsonObject): JsonObject {
    const known = this.objects.get(name) ?? new Accumulated(this.ruleWithin(name), name)
    this.objects.set(name, known)
    known.add(value)
    this.lossless &&= known.lossless
    return known.value
  }

  private ruleWithin(name: string): Rule {
    if (this.rule === 'last') return name === 'delta' ? 'joined' : 'last'
    if (this.rule === 'joined' && PARTS.has(name)) return 'joined'
    return name === 'provider_specific_fields' ? 'known' : 'equal'
  }

  private addList(name: string, pieces: Json[]): Json[] {
    const known = this.lists.get(name) ?? this.listFor(name)
    this.lists.set(name, known)
    known.add(pieces)
    this.lossless &&= known.lossless
    return known.items
  }

  private listFor(name: string): AccumulatedList {
    if (this.name === 'logprobs') return new Appended()
    if (this.rule === 'last' && this.name !== CHOICE) return new Snapshot()
    if (name === 'tool_calls' && this.rule === 'joined') return new ToolCalls(newItem)
    if (name === 'thinking_blocks') return new ThinkingBlocks(newItem)
    return new Indexed(newItem, this.rule !== 'joined' || name === 'annotations')
  }
}

const newItem = () => new Accumulated('joined')

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list'
  return isRawNumber(value) ? 'number' : typeof value
}
