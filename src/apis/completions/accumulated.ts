import { isObject, isRawNumber } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { Appended, Indexed, Snapshot, ThinkingBlocks, ToolCalls } from './accumulated-list.ts'
import type { AccumulatedItem, AccumulatedList } from './accumulated-list.ts'

/** How to join members that differ between pieces. Members that are always equal are kept once. */
export type Rule =
  /** The last value counts: chunks and choices describe the answer so far. */
  | 'last'
  /** Text is joined: a delta contains what is new. */
  | 'joined'
  /** Known text is joined; any other difference is a loss. For what providers add to a delta. */
  | 'known'
  /** Any difference is a loss. */
  | 'equal'

/** Members whose text arrives in pieces, even if two pieces are equal. */
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
/** Members that are never joined, even if a server changes their value. */
const LABELS = new Set(['role', 'type', 'id', 'object', 'format'])
/** Members that a replayed or rerouted stream may change midway: the first value counts. */
const FIRST = new Set(['id', 'created'])
/** If two chunks disagree on these, neither can be trusted. */
const ENDS = new Set(['finish_reason', 'native_finish_reason'])
/** Objects in a delta whose text is joined like the delta's own. */
const PARTS = new Set(['function', 'function_call', 'custom', 'audio'])
/** OpenAI's random padding, which hides the length of an answer. It is not part of the answer. */
const PADDING = 'obfuscation'

/** The `name` for a chunk's choice. */
export const CHOICE = 'choice'

/**
 * Joins the pieces of an object as OpenAI's SDKs accumulate a stream: repeated values are kept once,
 * text is joined, lists are joined by the `index` of their items.
 */
export class Accumulated implements AccumulatedItem {
  /** Has no prototype, so that `__proto__` is an ordinary member. */
  readonly value: JsonObject = Object.create(null) as JsonObject
  /** False if a member arrived in pieces that cannot be joined. */
  lossless = true
  private readonly objects = new Map<string, Accumulated>()
  private readonly lists = new Map<string, AccumulatedList>()
  /** How often an unknown text has repeated so far; 0 once it has changed. */
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
      // Each piece of audio is base64 by itself, so they cannot be joined.
      if (name === 'data' && this.name === 'audio') this.lossless = false
      return before + value
    }
    if (ENDS.has(name) && before !== value) return `${before} and ${value}`
    if (LABELS.has(name) || this.rule !== 'joined')
      return this.scalar(name, before, value) as string
    return this.joinUnknown(name, before, value)
  }

  /** Keeps equal texts once; once one differs, joins all of them, repetitions included. */
  private joinUnknown(name: string, before: string, value: string): string {
    const times = this.repeated.get(name) ?? 1
    if (times > 0 && before === value) {
      this.repeated.set(name, times + 1)
      return value
    }
    this.repeated.set(name, 0)
    return before.repeat(Math.max(1, times)) + value
  }

  /** Chooses between two values that cannot be joined. */
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
