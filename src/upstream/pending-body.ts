import type { Scanned } from '../cache/json-scanner.ts'
import type { JsonObject } from '../cache/json.ts'
import type { Holding } from '../stream/memory-budget.ts'
import { spliced, splicedLength } from '../stream/spliced.ts'
import type { Edit } from '../stream/spliced.ts'
import type { LiteLlmCache } from './answer.ts'
import type { FormContent } from './form-content.ts'

/** A body as the bytes that arrived, and what a scan found in it. */
export interface ScannedBody {
  readonly parts: Uint8Array[]
  readonly scanned: Scanned
  /** Members that replace the caller's, or are added. */
  readonly replaced: JsonObject
}

/** A body of known length, in bytes. */
export interface BodyStream {
  readonly stream: ReadableStream<Uint8Array>
  readonly length: number
}

/**
 * A body that waits to be sent: JSON text without the member `cache`, or bytes that are passed
 * through. Releases its content when it is sent for the last time.
 */
export class PendingBody {
  readonly contentType: string
  private content: string | ScannedBody | FormContent | undefined
  private readonly held: Holding | undefined

  constructor(content: string | ScannedBody | FormContent, held?: Holding) {
    const isForm = typeof content === 'object' && 'contentType' in content
    this.contentType = isForm ? content.contentType : 'application/json'
    this.content = content
    this.held = held
  }

  /** The text. Throws if the body is not text, or has been sent for the last time. */
  get text(): string {
    if (typeof this.content !== 'string') throw new Error('The body is not available as text.')
    return this.content
  }

  /** The body with LiteLLM's cache controls; it may be sent again. */
  withCache(cache: LiteLlmCache): string {
    return withMember(this.text, 'cache', JSON.stringify(cache))
  }

  /**
   * The same, but releases the body. A form has its own way to say that LiteLLM's cache takes no part.
   * Throws if it was released before.
   */
  sendLast(cache: LiteLlmCache): string | BodyStream {
    const { content } = this
    this.content = undefined
    if (content === undefined) throw new Error('The body has been sent.')
    if (typeof content === 'string') {
      this.held?.close()
      return withMember(content, 'cache', JSON.stringify(cache))
    }
    const edits =
      'scanned' in content
        ? editsOf(content, { ...content.replaced, cache: { ...cache } as JsonObject })
        : []
    const length = splicedLength(content.parts, edits)
    return { stream: spliced(content.parts, edits, this.held), length }
  }
}

/** Adds a member to the JSON text of an object. The object must not have that member. */
function withMember(text: string, name: string, value: string): string {
  const comma = text === '{}' ? '' : ','
  return `${text.slice(0, -1)}${comma}${JSON.stringify(name)}:${value}}`
}

/** The edits that replace members of the same name, or add them at the end. */
function editsOf({ scanned }: ScannedBody, members: JsonObject): Edit[] {
  const { inside, markLength } = scanned
  const edits: Edit[] = [{ start: 0, end: markLength, bytes: new Uint8Array(0) }]
  const added: string[] = []
  for (const [name, value] of Object.entries(members)) {
    const found = scanned.members.find(({ path }) => path.length === 1 && path[0] === name)
    const text = JSON.stringify(value)
    if (found === undefined) added.push(`${JSON.stringify(name)}:${text}`)
    else edits.push({ start: found.start, end: found.end, bytes: encoder.encode(text) })
  }
  const behind = (inside.isEmpty || added.length === 0 ? '' : ',') + added.join(',')
  return [...edits, { start: inside.end, end: inside.end, bytes: encoder.encode(behind) }]
}

const encoder = new TextEncoder()
