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

/** The members of each known delta, besides its type. `estimated_tokens` only shows progress. */
const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text_delta: ['text'],
  thinking_delta: ['thinking', 'estimated_tokens'],
  signature_delta: ['signature'],
  citations_delta: ['citation'],
  input_json_delta: ['partial_json'],
  compaction_delta: ['content', 'encrypted_content'],
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

  add(delta: JsonObject, source: string): void {
    const raw = rawMembers(source)
    const type = String(delta['type'])
    const known = Object.hasOwn(DELTAS, type) ? DELTAS[type] : undefined
    const isKnown = [...raw.keys()].every((name) => name === 'type' || known?.includes(name))
    this.lossless &&= isKnown && this.join(type, delta, raw)
  }

  /** False if the delta does not fit the block. */
  private join(type: string, delta: JsonObject, raw: RawObject): boolean {
    switch (type) {
      case 'text_delta':
        return this.type === 'text' && this.joinText(raw.get('text'))
      case 'thinking_delta':
        return this.type === 'thinking' && this.joinText(raw.get('thinking'))
      case 'signature_delta':
        return this.type === 'thinking' && this.sign(raw.get('signature'))
      case 'citations_delta':
        if (this.type !== 'text' || !raw.has('citation')) return false
        this.citations.push(raw.get('citation')!)
        return true
      case 'compaction_delta':
        for (const name of DELTAS[type]!) {
          if (raw.has(name)) this.members.set(name, raw.get(name)!)
        }
        return this.type === 'compaction'
      default: {
        const { partial_json } = delta
        if (!TOOL_USES.has(this.type) || typeof partial_json !== 'string') return false
        ;(this.input ??= []).push(partial_json)
        return true
      }
    }
  }

  private joinText(piece: string | undefined): boolean {
    if (!isRawString(piece)) return false
    this.text.push(piece.slice(1, -1))
    return true
  }

  /** The SDKs take the last signature. One in pieces would not survive that. */
  private sign(signature: string | undefined): boolean {
    const before = this.members.get('signature') ?? EMPTY
    if (!isRawString(signature)) return false
    this.members.set('signature', signature)
    return before === EMPTY || before === signature
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
