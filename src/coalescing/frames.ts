import type { ErrorCode } from '../errors.ts'
import { concatenate } from '../stream/sse.ts'
import type { CachedUpstream, AnswerEnd, Attributes, SpanRecord } from '../upstream/answer.ts'

/** How an answer begins. */
export interface Head {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly cached?: CachedUpstream | undefined
  readonly note?: string | undefined
  readonly facts: Attributes
  readonly spans: readonly SpanRecord[]
  readonly stored: boolean
  /** Whether the call was made for somebody else who asks the same. */
  readonly collapsed: boolean
}

/**
 * What a flight says to one of those who share it. `end` is the only good end of an answer's bytes:
 * where it is missing, the answer was cut, whatever the connection says.
 */
export type Frame =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** To the one for whom LiteLLM was asked: what became of the answer. */
  | { readonly kind: 'kept'; readonly ended: AnswerEnd }
  /** There is no answer. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** This request is better off on its own. */
  | { readonly kind: 'alone'; readonly why: string }

const KINDS = ['head', 'data', 'end', 'kept', 'failed', 'alone'] as const

/** A byte for the kind, four for the length, big-endian. */
const PREFIX_BYTES = 5

/** A frame as the chunks of a stream; an answer's bytes are not copied. */
export function encodeFrame(frame: Frame): Uint8Array[] {
  const { kind, ...rest } = frame
  const payload =
    frame.kind === 'data' ? frame.bytes : new TextEncoder().encode(JSON.stringify(rest))
  const prefix = new Uint8Array(PREFIX_BYTES)
  prefix[0] = KINDS.indexOf(kind)
  new DataView(prefix.buffer).setUint32(1, payload.length)
  return [prefix, payload]
}

/** The frames of a stream, wherever its chunks were cut. */
export class FrameReader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>
  private pending: Uint8Array[] = []
  private pendingBytes = 0

  constructor(source: ReadableStream<Uint8Array>) {
    this.reader = source.getReader()
  }

  /** The next frame; undefined where the stream ends between two. Rejects where it is cut. */
  async next(): Promise<Frame | undefined> {
    const prefix = await this.take(PREFIX_BYTES)
    if (prefix === undefined) return undefined
    const payload = await this.take(new DataView(prefix.buffer, prefix.byteOffset).getUint32(1))
    if (payload === undefined) throw new Error('A frame was cut.')
    return decode(KINDS[prefix[0] ?? -1], payload)
  }

  cancel(): Promise<void> {
    return this.reader.cancel()
  }

  private async take(wanted: number): Promise<Uint8Array | undefined> {
    while (this.pendingBytes < wanted) {
      const { done, value } = await this.reader.read()
      if (done) return undefined
      this.pending.push(value)
      this.pendingBytes += value.length
    }
    const all = this.pending.length === 1 ? this.pending[0] : undefined
    const bytes = all ?? concatenate(this.pending)
    const rest = bytes.subarray(wanted)
    this.pending = [rest]
    this.pendingBytes = rest.length
    return bytes.subarray(0, wanted)
  }
}

function decode(kind: Frame['kind'] | undefined, payload: Uint8Array): Frame {
  if (kind === undefined) throw new Error('An unknown kind of frame.')
  if (kind === 'data') return { kind, bytes: payload }
  // Both ends are this gateway: what one wrote the other can read.
  return { kind, ...JSON.parse(new TextDecoder().decode(payload)) } as Frame
}
