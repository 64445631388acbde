import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { rawMembers, rawObject } from '../../cache/raw-json.ts'
import type { RawObject } from '../../cache/raw-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { MessageBlock } from './block.ts'
import { readMessageEvent } from './events.ts'
import type { MessageEvent } from './events.ts'

/** The message that a stream's events add up to. */
export interface MergedMessage {
  /** JSON text. */
  readonly text: string
  /** False if the stream has a part that has no known place in the JSON. */
  readonly lossless: boolean
}

/** Why a stream makes no message. */
interface Failed {
  readonly why: string
}

type NamedEvent = Extract<MessageEvent, { kind: 'event' }>

/**
 * Joins the events of a message stream as Anthropic's SDKs do
 * (https://docs.anthropic.com/en/api/messages-streaming). If that fails, says why.
 */
export function mergeMessage(events: readonly ServerSentEvent[]): MergedMessage | Failed {
  const message = new StreamedMessage()
  for (const event of events) {
    const read = readMessageEvent(event)
    if (read.kind === 'noise') continue
    if (read.kind === 'error') return { why: 'error in the stream' }
    if (message.hasStopped) return { why: 'more after the end of the stream' }
    const why = read.kind === 'broken' ? UNREADABLE : message.add(read)
    if (why !== undefined) return { why }
  }
  return message.finish()
}

const UNREADABLE = 'an event that cannot be read'

/** Members of the message that come with its end. */
const IN_DELTA = new Set(['stop_reason', 'stop_sequence', 'stop_details', 'container'])
/** Members of the message that come beside its last delta. */
const BESIDE_DELTA = new Set(['context_management', 'input_transformations'])

class StreamedMessage {
  hasStopped = false
  private message: RawObject | undefined
  /** The message's counts, once a delta changes them. */
  private usage: RawObject | undefined
  private readonly blocks: MessageBlock[] = []
  private lossless = true

  /** Returns what is wrong with the event. */
  add(event: NamedEvent): string | undefined {
    const { type, raw } = event
    if (type === 'message_start') return this.start(event)
    if (this.message === undefined) return 'stream without its beginning'
    switch (type) {
      case 'content_block_start':
        return this.startBlock(event)
      case 'content_block_delta':
        this.expect(raw, ['type', 'index', 'delta'])
        return this.changeBlock(event)
      case 'content_block_stop':
        return this.stopBlock(event.value['index'])
      case 'message_delta':
        return this.change(this.message, event)
      case 'message_stop':
        this.hasStopped = true
        return undefined
      default:
        this.lossless = false
        return undefined
    }
  }

  finish(): MergedMessage | Failed {
    const { message, blocks } = this
    if (message === undefined || !this.hasStopped) return { why: 'stream without its end' }
    if (blocks.some(({ isOpen }) => isOpen)) return { why: 'a content block without its end' }
    const content: string[] = []
    for (const block of blocks) {
      const text = block.finish()
      if (text === undefined) return { why: 'tool input is not an object' }
      content.push(text)
    }
    message.set('content', `[${content.join(',')}]`)
    if (this.usage !== undefined) message.set('usage', rawObject(this.usage))
    const lossless = this.lossless && blocks.every((block) => block.lossless)
    return { text: rawObject(message), lossless }
  }

  private start({ value, raw }: NamedEvent): string | undefined {
    const message = value['message'] ?? null
    if (this.message !== undefined) return 'two messages in one stream'
    // Blocks are numbered from the beginning, so there can be none yet.
    if (!isObject(message) || !isEmptyList(message['content'])) return UNREADABLE
    this.expect(raw, ['type', 'message'])
    this.message = rawMembers(raw.get('message')!)
    return undefined
  }

  private startBlock({ value, raw }: NamedEvent): string | undefined {
    const { index, content_block: block = null } = value
    if (!isObject(block) || index !== this.blocks.length) return UNREADABLE
    if (this.stopReason !== 'null') return 'more after the stop reason'
    this.expect(raw, ['type', 'index', 'content_block'])
    this.blocks.push(new MessageBlock(block, raw.get('content_block')!))
    if (block['type'] === 'fallback') this.relabel(block)
    return undefined
  }

  /** Another model took over, whose name the SDKs give to the whole message. */
  private relabel({ to = null }: JsonObject): void {
    const model = isObject(to) ? to['model'] : undefined
    if (typeof model === 'string') this.message?.set('model', JSON.stringify(model))
    else this.lossless = false
  }

  private changeBlock({ value, raw }: NamedEvent): string | undefined {
    const { index, delta = null } = value
    const block = this.openBlock(index)
    if (!isObject(delta) || block === undefined) return UNREADABLE
    if (this.stopReason !== 'null') return 'more after the stop reason'
    return block.add(delta, raw.get('delta')!) ? undefined : UNREADABLE
  }

  private stopBlock(index: Json | undefined): string | undefined {
    const block = this.openBlock(index)
    if (block === undefined) return UNREADABLE
    block.isOpen = false
    return undefined
  }

  private openBlock(index: Json | undefined): MessageBlock | undefined {
    const block = typeof index === 'number' ? this.blocks[index] : undefined
    return block?.isOpen ? block : undefined
  }

  private get stopReason(): string {
    return this.message?.get('stop_reason') ?? 'null'
  }

  private change(message: RawObject, { value, raw }: NamedEvent): string | undefined {
    const { delta = null, usage = null } = value
    if (!isObject(delta) || (usage !== null && !isObject(usage))) return UNREADABLE
    const before = this.stopReason
    const changes = rawMembers(raw.get('delta')!)
    const after = changes.get('stop_reason') ?? before
    if (before !== 'null' && after !== before) return `stop_reason ${before} and ${after}`
    for (const [name, source] of changes) this.put(message, name, source, IN_DELTA)
    for (const [name, source] of raw) {
      if (!MEMBERS_OF_DELTA.has(name)) this.put(message, name, source, BESIDE_DELTA)
    }
    if (usage !== null) this.count(message, raw.get('usage')!)
    return undefined
  }

  /** Counts are totals so far, so later ones replace earlier ones. Null means that one is not known. */
  private count(message: RawObject, later: string): void {
    const before = message.get('usage')
    this.usage ??= before?.startsWith('{') ? rawMembers(before) : new Map<string, string>()
    for (const [name, source] of rawMembers(later)) {
      if (source !== 'null' || !this.usage.has(name)) this.usage.set(name, source)
    }
  }

  private put(message: RawObject, name: string, source: string, known: ReadonlySet<string>): void {
    const isKnown = known.has(name)
    if (!isKnown && source !== 'null') this.lossless = false
    if (isKnown && (source !== 'null' || (name.startsWith('stop_') && !message.has(name)))) {
      message.set(name, source)
    }
  }

  private expect(raw: RawObject, names: readonly string[]): void {
    const isKnown = [...raw].every(([name, source]) => names.includes(name) || source === 'null')
    if (!isKnown) this.lossless = false
  }
}

const MEMBERS_OF_DELTA = new Set(['type', 'delta', 'usage'])

const isEmptyList = (value: Json | undefined) => Array.isArray(value) && value.length === 0
