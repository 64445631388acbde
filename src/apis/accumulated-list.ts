import { isRawNumber } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'

/** An object that arrives in pieces. */
export interface AccumulatedItem {
  readonly value: JsonObject
  readonly lossless: boolean
  add(piece: JsonObject): void
}

/** A list that arrives in pieces. */
export interface AccumulatedList {
  readonly items: Json[]
  readonly lossless: boolean
  add(pieces: Json[]): void
}

/** Every piece brings new items. */
export class Appended implements AccumulatedList {
  readonly items: Json[] = []
  readonly lossless = true

  add(pieces: Json[]): void {
    for (const piece of pieces) this.items.push(piece)
  }
}

/** Every piece is the whole list so far. */
export class Snapshot implements AccumulatedList {
  items: Json[] = []
  readonly lossless = true

  add(pieces: Json[]): void {
    this.items = pieces
  }
}

/**
 * Items with an `index` are joined with the item of that index and type. Without, a piece that begins
 * with all that is here is the whole list so far; any other is appended.
 */
export class Indexed implements AccumulatedList {
  items: Json[] = []
  lossless = true
  private readonly known = new Map<string, AccumulatedItem>()
  private readonly newItem: () => AccumulatedItem

  constructor(newItem: () => AccumulatedItem) {
    this.newItem = newItem
  }

  add(pieces: Json[]): void {
    const hasIndex = pieces.some((piece) => indexOf(piece) !== undefined)
    const isSnapshot =
      pieces.length >= this.items.length &&
      this.items.every((item, at) => !hasIndex && isEqual(item, pieces[at] ?? null))
    if (isSnapshot) this.items = [...pieces]
    else for (const piece of pieces) this.addItem(piece)
  }

  private addItem(piece: Json): void {
    const index = indexOf(piece)
    if (index === undefined || !isObject(piece)) return void this.items.push(piece)
    const name = nameOf(piece)
    const item = this.known.get(name) ?? this.startItem(name)
    item.add(piece)
    this.lossless &&= item.lossless
  }

  /** A new item, or one that came whole and goes on. */
  private startItem(name: string): AccumulatedItem {
    const item = this.newItem()
    this.known.set(name, item)
    const at = this.items.findIndex((one) => isObject(one) && nameOf(one) === name)
    const begun = this.items[at] ?? null
    if (isObject(begun)) {
      item.add(begun)
      this.items[at] = item.value
    } else this.items.push(item.value)
    return item
  }
}

/**
 * Tool calls by their index, which they lose: in a whole answer their place says it. A server that
 * leaves the index out begins a call with a new id or a name.
 */
export class ToolCalls implements AccumulatedList {
  lossless = true
  private readonly calls = new Map<number, AccumulatedItem>()
  private readonly newItem: () => AccumulatedItem

  constructor(newItem: () => AccumulatedItem) {
    this.newItem = newItem
  }

  get items(): Json[] {
    const ordered = [...this.calls].sort(([a], [b]) => a - b)
    return ordered.map(([, { value }]) => value)
  }

  add(pieces: Json[]): void {
    for (const piece of pieces) {
      if (!isObject(piece)) {
        this.lossless = false
        continue
      }
      const { index = null, ...call } = piece
      const at = typeof index === 'number' ? index : this.placeOf(call)
      if (!Number.isInteger(at) || at < 0) this.lossless = false
      const known = this.calls.get(at) ?? this.newItem()
      this.calls.set(at, known)
      known.add(call)
      this.lossless &&= known.lossless
    }
  }

  private placeOf({ id, function: called }: JsonObject): number {
    const last = Math.max(-1, ...this.calls.keys())
    const same = [...this.calls].find(([, { value }]) => value['id'] === id)?.[0]
    if (id) return same ?? last + 1
    const isNew = isObject(called ?? null) && Boolean((called as JsonObject)['name'])
    return isNew ? last + 1 : Math.max(0, last)
  }
}

/**
 * Anthropic's thinking, which LiteLLM streams without an index: text is joined until the signature
 * that ends a block. A block that is redacted comes whole.
 */
export class ThinkingBlocks implements AccumulatedList {
  readonly items: Json[] = []
  lossless = true
  private last: AccumulatedItem | undefined
  private readonly newItem: () => AccumulatedItem

  constructor(newItem: () => AccumulatedItem) {
    this.newItem = newItem
  }

  add(pieces: Json[]): void {
    for (const [at, piece] of pieces.entries()) {
      if (!isObject(piece)) {
        this.lossless = false
        continue
      }
      const { type = 'thinking' } = piece
      const goesOn =
        at === 0 &&
        type === 'thinking' &&
        this.last?.value['type'] === type &&
        !this.last.value['signature']
      if (this.last === undefined || !goesOn) {
        this.last = this.newItem()
        this.items.push(this.last.value)
      }
      this.last.add({ type, ...piece })
      this.lossless &&= this.last.lossless
    }
  }
}

function indexOf(item: Json): number | undefined {
  const index = isObject(item) ? item['index'] : undefined
  return typeof index === 'number' ? index : undefined
}

function nameOf({ index = null, type = null }: JsonObject): string {
  return JSON.stringify([index, type])
}

function isEqual(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Whether this is a JSON object. */
export function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isRawNumber(value)
}
