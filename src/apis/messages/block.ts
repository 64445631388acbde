import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { tryParseJson } from '../../cache/parse-json.ts'
import { rawItems, rawMembers, rawObject } from '../../cache/raw-json.ts'
import type { RawObject } from '../../cache/raw-json.ts'

/** Blocks whose `input` arrives as pieces of JSON text. */
const TOOL_USES: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use'])

/** Whether a content block calls a tool. */
export function isToolUse({ type }: JsonObject): boolean {
  return TOOL_USES.has(type)
}

interface KnownDelta {
  /** The types of the blocks that it adds to. */
  readonly of: ReadonlySet<unknown>
  /** The member that it adds. */
  readonly piece: string
  /** Members that it may also have. */
  readonly beside?: readonly string[]
}

const TEXT: ReadonlySet<unknown> = new Set(['text'])
const THINKING: ReadonlySet<unknown> = new Set(['thinking'])

const DELTAS: Readonly<Record<string, KnownDelta>> = {
  text_delta: { of: TEXT, piece: 'text' },
  // The estimate only shows progress.
  thinking_delta: { of: THINKING, piece: 'thinking', beside: ['estimated_tokens'] },
  signature_delta: { of: THINKING, piece: 'signature' },
  citations_delta: { of: TEXT, piece: 'citation' },
  input_json_delta: { of: TOOL_USES, piece: 'partial_json' },
  compaction_delta: {
    of: new Set(['compaction']),
    piece: 'content',
    beside: ['encrypted_content'],
  },
}

/**
 * Joins the deltas of one content block as Anthropic's SDKs do
 * (https://docs.anthropic.com/en/api/messages-streaming#content-block-delta-types). Everything is kept
 * as the text that arrived, because the client sends it back in its next request.
 */
export class MessageBlock {
  isOpen = true
  /** False if a delta is not known, or does not fit the block. The SDKs would ignore it. */
  lossless = true
  private readonly type: Json
  private readonly members: RawObject
  /** Pieces of JSON strings, without their quotes. */
  private readonly text: string[] = []
  private readonly citations: string[] = []
  private input: string[] | undefined

  /** `block` as parsed, and as source text. */
  constructor(block: JsonObject, source: string) {
    this.type = block['type'] ?? null
    this.members = rawMembers(source)
  }

  /** False if the delta's piece of the answer cannot be read. The SDKs would join it as "null". */
  add({ type }: JsonObject, source: string): boolean {
    const raw = rawMembers(source)
    const known = typeof type === 'string' && Object.hasOwn(DELTAS, type) ? DELTAS[type] : undefined
    if (known === undefined) {
      this.lossless = false
      return true
    }
    const { of, piece, beside = [] } = known
    const others = [...raw].filter(([name]) => name !== 'type' && name !== piece)
    // Whatever else the delta has, its piece counts: admission judges the joined block.
    const isKnown = others.every(([name, value]) => beside.includes(name) || value === 'null')
    const fits = of.has(this.type)
    if (!isKnown || !fits) this.lossless = false
    // Half an input is no answer, whatever new kind of tool it is for.
    return (!fits && piece !== 'partial_json') || this.join(piece, raw)
  }

  /** False if the piece is missing, or no text where text is joined. */
  private join(name: string, raw: RawObject): boolean {
    const piece = raw.get(name)
    if (piece === undefined) return false
    if (name === 'citation') this.citations.push(piece)
    else if (name === 'content') this.compact(raw)
    else if (!isRawString(piece)) return false
    else if (name === 'signature') this.sign(piece)
    else if (name === 'partial_json') (this.input ??= []).push(JSON.parse(piece) as string)
    else this.text.push(piece.slice(1, -1))
    return true
  }

  /** The delta has the final values. */
  private compact(raw: RawObject): void {
    for (const name of ['content', 'encrypted_content']) {
      if (raw.has(name)) this.members.set(name, raw.get(name)!)
    }
  }

  /** The SDKs take the last signature. One in pieces would not survive that. */
  private sign(signature: string): void {
    const before = this.members.get('signature') ?? EMPTY
    this.members.set('signature', signature)
    if (before !== EMPTY && before !== signature) this.lossless = false
  }

  /** The JSON text of the block; undefined if it has an input that is not an object. */
  finish(): string | undefined {
    const { members, text, citations } = this
    if (text.length > 0) {
      const name = String(this.type) // the text of a `text` block is its `text`, and so for `thinking`
      const before = members.get(name) ?? EMPTY
      if (isRawString(before)) members.set(name, `${before.slice(0, -1)}${text.join('')}"`)
      else this.lossless = false
    }
    if (citations.length > 0) {
      const before = members.get('citations') ?? 'null'
      const isList = before.startsWith('[')
      if (!isList && before !== 'null') this.lossless = false
      members.set('citations', `[${[...(isList ? rawItems(before) : []), ...citations].join(',')}]`)
    }
    return this.takeInput() ? rawObject(members) : undefined
  }

  private takeInput(): boolean {
    if (this.input === undefined) return true
    const text = this.input.join('')
    // Without any text, the SDKs disagree whether the first value counts.
    if (text.trim() === '') {
      this.lossless &&= isEmptyObject(this.members.get('input'))
      return true
    }
    const input = tryParseJson(text)
    if (input === undefined || !isObject(input)) return false
    this.lossless &&= text.isWellFormed()
    this.members.set('input', text)
    return true
  }
}

const EMPTY = '""'

function isRawString(source: string | undefined): source is string {
  return source?.startsWith('"') === true
}

function isEmptyObject(source: string | undefined): boolean {
  return source !== undefined && /^\{\s*\}$/.test(source)
}
