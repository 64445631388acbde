import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { NOT_COUNTED } from '../cache/canonical.ts'
import { GatewayError } from '../errors.ts'
import { parseEvents } from '../stream/sse.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import { Broadcast } from './broadcast.ts'
import type { BroadcastOptions } from './broadcast.ts'
import type { Frame, Head } from './frames.ts'

/** What a flight that has begun is made of. */
interface Begun {
  readonly filled: RecordedAnswer
  readonly broadcast: Broadcast
}

/** Of LiteLLM's headers, what is true of one call and not of those who share it. */
const OF_ONE_CALL = new Set(['x-litellm-response-cost'])

/** What a caller wants of an answer that is made for others, too. */
export interface Wishes {
  readonly api: Api
  readonly stream: boolean
  /** What went upstream and is not part of the request: it may still be refused there. */
  readonly aside: string
}

export function wishesOf({ api, stream, identity }: ParsedRequest): Wishes {
  const { body } = identity
  const members = Object.keys(NOT_COUNTED).filter((name) => name !== 'cache' && name !== 'stream')
  return { api, stream, aside: JSON.stringify(members.map((name) => body[name])) }
}

/** One upstream call, and those who share its answer. */
export class Flight {
  /** Whether a stream was asked for. */
  readonly stream: boolean
  /** Resolves with LiteLLM's status line, or a whole JSON answer; rejects where there is none. */
  readonly begun: Promise<Begun>
  /** Resolves when its answer is kept, or won't be. */
  over: Promise<void> = Promise.resolve()
  /** When the last byte was there, epoch ms. */
  finishedAt: number | undefined
  /** When its answer was kept, epoch ms. */
  keptAt: number | undefined
  /** Whether it goes on with nobody waiting. */
  detached = false
  /** Whether it has gone on with nobody waiting for as long as it may. */
  isOverdue = false
  followers = 0
  private readonly upstream = new AbortController()
  private readonly aside: string
  private assembled: Promise<string | undefined> | undefined

  constructor(
    request: ParsedRequest,
    fill: (signal: AbortSignal) => Promise<RecordedAnswer>,
    options: BroadcastOptions,
  ) {
    this.stream = request.stream
    this.aside = wishesOf(request).aside
    this.begun = fill(this.upstream.signal).then((filled) => {
      const { body } = filled.response
      return { filled, broadcast: new Broadcast(body ?? new Response('').body!, options) }
    })
    this.begun.catch(() => {}) // whoever waits for it is told
  }

  get wasAbandoned(): boolean {
    return this.upstream.signal.aborted
  }

  /** Ends the call: tokens cost money. */
  abandon(): void {
    this.upstream.abort(new Error('Nobody waits for this answer.'))
  }

  /**
   * The answer, for one of those who share it. `collapsed`: LiteLLM was asked for somebody else.
   * `onLost` is called when it is let go because it takes too little.
   */
  async *answer(
    wishes: Wishes,
    collapsed: boolean,
    onLost: () => void,
  ): AsyncGenerator<Frame, void, undefined> {
    let begun: Begun
    try {
      begun = await this.begun
    } catch (error) {
      yield failed(error)
      return
    }
    const { filled, broadcast } = begun
    const { status } = filled.response
    if (collapsed && status >= 400 && status < 500 && wishes.aside !== this.aside) {
      yield { kind: 'alone', why: 'what another sent beside the request may be to blame' }
      return
    }
    if (this.stream && !wishes.stream && isEventStream(filled.response)) {
      yield* this.asJson(wishes, filled)
      return
    }
    const follower = broadcast.join(onLost)
    if (follower === undefined) {
      yield { kind: 'alone', why: 'too large to be shared' }
      return
    }
    try {
      yield { kind: 'head', head: headOf(filled, collapsed) }
      for (;;) {
        const bytes = await follower.next()
        if (bytes === undefined) break
        yield { kind: 'data', bytes }
      }
    } catch (error) {
      yield failed(error)
      return
    } finally {
      follower.leave()
    }
    yield { kind: 'end' }
    if (!collapsed) yield { kind: 'kept', ended: slim(await filled.ended) }
  }

  /** A stream's answer for a caller who wants JSON: all of it at once, when it is there. */
  private async *asJson(
    { api }: Wishes,
    filled: RecordedAnswer,
  ): AsyncGenerator<Frame, void, undefined> {
    const dropped = filled.dropped?.then(() => undefined)
    this.assembled ??= filled.ended.then(({ text }) =>
      text === undefined ? undefined : api.modes?.assemble(parseEvents(text)),
    )
    const json = await Promise.race([this.assembled, ...(dropped === undefined ? [] : [dropped])])
    if (json === undefined) {
      yield { kind: 'alone', why: 'the stream makes no JSON answer' }
      return
    }
    const head = headOf(filled, true)
    const headers = head.headers.filter(([name]) => name !== 'content-type')
    const { admission } = await filled.ended
    yield {
      kind: 'head',
      head: {
        ...head,
        headers: [...headers, ['content-type', 'application/json']],
        stored: 'entry' in admission,
      },
    }
    yield { kind: 'data', bytes: new TextEncoder().encode(json) }
    yield { kind: 'end' }
  }
}

function isEventStream({ status, headers }: Response): boolean {
  return status === 200 && (headers.get('content-type')?.startsWith('text/event-stream') ?? false)
}

function headOf({ response, ...filled }: RecordedAnswer, collapsed: boolean): Head {
  const { cached, note, facts, stored } = filled
  const spans = collapsed ? [] : filled.spans
  const headers = [...response.headers].filter(([name]) => !collapsed || !OF_ONE_CALL.has(name))
  return { status: response.status, headers, cached, note, facts, spans, stored, collapsed }
}

/** An entry has the text already. */
function slim(ended: AnswerEnd): AnswerEnd {
  return 'entry' in ended.admission ? { ...ended, text: undefined } : ended
}

/** What is not LiteLLM's failure but this object's own is no reason for the caller to fail. */
function failed(error: unknown): Frame {
  return error instanceof GatewayError
    ? { kind: 'failed', code: error.code, message: error.message }
    : { kind: 'alone', why: 'the flight failed' }
}
