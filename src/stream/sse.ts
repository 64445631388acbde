import { createParser } from 'eventsource-parser'

/** One server-sent event: its type ("" for the default) and its data lines joined by `\n`. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

const LF = 0x0a
const CR = 0x0d

/** An event with its closing blank line, or a piece of an event that is too long to buffer. */
export interface Frame {
  readonly bytes: Uint8Array
  readonly whole: boolean
}

/** Longer events pass through in pieces. Events that the gateway inspects are shorter. */
const LONGEST_FRAME_BYTES = 65_536

/**
 * Splits bytes into frames, wherever the chunks are cut. All bytes come out again, in order; `flush`
 * returns those after the last blank line.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class FrameSplitter {
  private pending: Uint8Array[] = []
  /** Whether the current line is empty so far. */
  private lineEmpty = false
  private afterCr = false
  /** Whether lines end with CRLF. Then a blank line does not end at its CR. */
  private usesCrlf = false
  /** A blank line's CR was the last byte of a chunk; its LF is still to come. */
  private awaitsLf = false
  private pendingBytes = 0
  /** Whether the beginning of this frame has been passed on already. */
  private broken = false

  /** The frames that this chunk completes. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let start = 0
    const cut = (end: number) => {
      frames.push(this.take(chunk.subarray(start, end)))
      start = end
      this.lineEmpty = false
    }
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]
      if (this.awaitsLf) {
        this.awaitsLf = false
        cut(byte === LF ? at + 1 : at)
        this.afterCr = false
        if (byte === LF) continue
      }
      if (byte === LF && this.afterCr) {
        this.usesCrlf = true // the CR has ended the line already
        this.afterCr = false
        continue
      }
      this.afterCr = byte === CR
      if (byte !== LF && byte !== CR) this.lineEmpty = false
      else if (!this.lineEmpty) this.lineEmpty = true
      else if (byte === LF) cut(at + 1)
      else if (chunk[at + 1] === LF) {
        this.afterCr = false
        at += 1
        cut(at + 1)
      } else if (at + 1 === chunk.length && this.usesCrlf) this.awaitsLf = true
      else cut(at + 1)
    }
    const rest = chunk.subarray(start)
    if (this.pendingBytes + rest.length > LONGEST_FRAME_BYTES) {
      frames.push({ ...this.take(rest), whole: false })
      this.broken = true
    } else if (rest.length > 0) {
      this.pending.push(rest)
      this.pendingBytes += rest.length
    }
    return frames
  }

  /** What is left without a closing blank line; empty if the stream ended cleanly. */
  flush(): Frame {
    return this.take(new Uint8Array(0))
  }

  private take(last: Uint8Array): Frame {
    const bytes = this.pending.length === 0 ? last : concatenate([...this.pending, last])
    const whole = !this.broken
    this.pending = []
    this.pendingBytes = 0
    this.broken = false
    return { bytes, whole }
  }
}

/** Applies `change` to each frame of a complete stream's text; "" drops a frame. */
export function mapFramesOf(text: string, change: (frame: string) => string): string {
  // Only our own line ends are in what was stored. Searching text is faster than splitting its bytes.
  if (text.includes('\r')) return mapFramesOfBytes(new TextEncoder().encode(text), change)
  let mapped = ''
  let start = 0
  while (start < text.length) {
    const blankLine = text.indexOf('\n\n', start)
    const end = blankLine < 0 ? text.length : blankLine + 2
    mapped += change(text.slice(start, end))
    start = end
  }
  return mapped
}

function mapFramesOfBytes(bytes: Uint8Array, change: (frame: string) => string): string {
  const splitter = new FrameSplitter()
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  const frames = [...splitter.push(bytes), splitter.flush()]
  return frames
    .map(({ bytes, whole }) => {
      const frame = decoder.decode(bytes)
      return whole ? change(frame) : frame
    })
    .join('')
}

/** Parses the events of a complete stream's text, without comments and frames without data. */
export function parseEvents(text: string): ServerSentEvent[] {
  const events: ServerSentEvent[] = []
  const parser = createParser({
    onEvent: ({ event = '', data }) => void events.push({ event, data }),
  })
  parser.feed(text)
  // Some servers omit the last blank line, or even the last line end.
  parser.feed('\n\n')
  return events
}

/** Formats an event for the wire. */
export function formatEvent({ event, data }: ServerSentEvent): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${event === '' ? '' : `event: ${event}\n`}${lines.join('')}\n`
}

/** Joins the parts into one array. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
