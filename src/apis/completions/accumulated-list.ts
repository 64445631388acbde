import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'

/** An object that arrives in pieces. */
export interface AccumulatedItem {
  readonly value: JsonObject
  readonly lossless: boolean
  add(piece: JsonObject): void
}

/** A list that arrives in pieces. `items` may be a new array after each piece. */
export interface AccumulatedList {
  readonly items: Json[]
  readonly lossless: boolean
  add(pieces: Json[]): void
}

/** Every piece contains new items. */
export class Appended implements AccumulatedList {
  readonly items: Json[] = []
  readonly lossless = true

  add(pieces: Json[]): void {
    for (const piece of pieces) this.items.push(piece)
  }
}

/** Every piece is the complete list so far. */
export class Snapshot implements AccumulatedList {
  items: Json[] = []
  readonly lossless = true

  add(pieces: Json[]): void {
    this.items = pieces
  }
}

/**
 * Joins items that have the same `index` and type. Numbers are appended. Other pieces that start with
 * all known items may be the complete list so far, or equal new items: without `mayRepeat` that is
 * ambiguous, so not lossless.
 */
export class Indexed implements AccumulatedList {
  items: Json[] = []
  lossless = true
  /** The items of each index, once there is more than one piece. */
  private byIndex: Map<number, AccumulatedItem[]> | undefined
  private readonly newItem: () => AccumulatedItem
  private readonly mayRepeat: boolean

  constructor(newItem: () => AccumulatedItem, mayRepeat: boolean) {
    this.newItem = newItem
    this.mayRepeat = mayRepeat
  }

  add(pieces: Json[]): void {
    if (this.items.length === 0) {
      this.items = [...pieces]
      return
    }
    const isAppended = pieces.every(
      (piece) => typeof piece === 'number' || indexOf(piece) !== undefined,
    )
    if (!isAppended && this.isContinuedBy(pieces)) {
      this.lossless &&= this.mayRepeat
      this.items = [...pieces]
      return
    }
    for (const piece of pieces) this.addItem(piece)
  }

  private isContinuedBy(pieces: Json[]): boolean {
    if (pieces.length < this.items.length) return false
    return this.items.every((item, at) => isEqual(item, pieces[at] ?? null))
  }

  private addItem(piece: Json): void {
    const index = indexOf(piece)
    if (index === undefined || !isObject(piece)) return void this.items.push(piece)
    const item = this.itemFor(index, piece['type'] ?? null)
    item.add(piece)
    this.lossless &&= item.lossless
  }

  /** The last item of that index; a new one if its type differs. */
  private itemFor(index: number, type: Json): AccumulatedItem {
    const all = (this.byIndex ??= this.readItems())
    const known = all.get(index) ?? []
    const isIt = ({ value }: AccumulatedItem) => type === null || (value['type'] ?? type) === type
    const found = known.findLast(isIt)
    if (found !== undefined) return found
    const item = this.newItem()
    this.items.push(item.value)
    all.set(index, [...known, item])
    return item
  }

  /** Prepares the items of the first piece for joining. */
  private readItems(): Map<number, AccumulatedItem[]> {
    const all = new Map<number, AccumulatedItem[]>()
    for (const [at, begun] of this.items.entries()) {
      const index = indexOf(begun)
      if (index === undefined || !isObject(begun)) continue
      const item = this.newItem()
      item.add(begun)
      this.items[at] = item.value
      all.set(index, [...(all.get(index) ?? []), item])
    }
    return all
  }
}

/**
 * Joins tool calls by `index` and removes it: in a complete answer, the position replaces it. If a
 * server omits the index, a new id or a name begins a new call.
 */
export class ToolCalls implements AccumulatedList {
  /** In the order of their index. */
  readonly items: Json[] = []
  lossless = true
  private readonly indexes: number[] = []
  private readonly calls = new Map<number, AccumulatedItem>()
  private readonly byId = new Map<Json, number>()
  private readonly newItem: () => AccumulatedItem

  constructor(newItem: () => AccumulatedItem) {
    this.newItem = newItem
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
      const known = this.calls.get(at) ?? this.insert(at)
      const { id } = call
      // With two calls under one index, later pieces are ambiguous.
      if (id && known.value['id'] && id !== known.value['id']) this.lossless = false
      if (id) this.byId.set(id, at)
      known.add(call)
      this.lossless &&= known.lossless
    }
  }

  private insert(index: number): AccumulatedItem {
    const call = this.newItem()
    this.calls.set(index, call)
    const isLast = index > (this.indexes.at(-1) ?? -1)
    const at = isLast ? this.indexes.length : this.indexes.findIndex((other) => other > index)
    this.indexes.splice(at, 0, index)
    this.items.splice(at, 0, call.value)
    return call
  }

  private placeOf({ id, function: called }: JsonObject): number {
    const last = this.indexes.at(-1) ?? -1
    if (id) return this.byId.get(id) ?? last + 1
    const isNew = called !== undefined && isObject(called) && Boolean(called['name'])
    return isNew ? last + 1 : Math.max(0, last)
  }
}

/**
 * Joins Anthropic's thinking blocks, which LiteLLM streams without an index. Text is joined until the
 * signature that ends a block, with which LiteLLM may repeat the whole text. A redacted block comes in
 * one piece.
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
      if (isObject(piece)) this.addBlock(piece, at === 0)
      else this.lossless = false
    }
  }

  private addBlock(piece: JsonObject, isFirst: boolean): void {
    const { type = 'thinking', thinking = null, ...rest } = piece
    const { value } = this.last ?? {}
    const goesOn = isFirst && type === 'thinking' && value?.['type'] === type && !value['signature']
    if (this.last === undefined || !goesOn) {
      this.last = this.newItem()
      this.items.push(this.last.value)
    }
    const isRepeated = goesOn && Boolean(rest['signature']) && thinking === value?.['thinking']
    this.last.add({
      type,
      ...(isRepeated || !Object.hasOwn(piece, 'thinking') ? {} : { thinking }),
      ...rest,
    })
    this.lossless &&= this.last.lossless
  }
}

function indexOf(item: Json): number | undefined {
  const index = isObject(item) ? item['index'] : undefined
  return typeof index === 'number' ? index : undefined
}

function isEqual(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
