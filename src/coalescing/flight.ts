import type { Api } from '../apis/api.ts'
import type { Admission } from '../cache/admission.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { parseEvents } from '../stream/sse.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { Broadcast } from './broadcast.ts'
import type { BroadcastOptions, Follower } from './broadcast.ts'
import { alone } from './seat.ts'
import type { AnswerHead, SeatAnswer } from './seat.ts'

/** Where the bytes of an answer are for all who share it. */
type SharedBody = Pick<Broadcast, 'ended' | 'hasEnded' | 'join' | 'retire'>

/** A flight whose answer has begun. */
interface Begun {
  readonly answer: RecordedAnswer
  readonly body: SharedBody
}

const NOTHING = new Uint8Array(0)

/** LiteLLM headers that are true of one call only, not of the requests that share it. */
const isOfOneCall = (name: string) =>
  name === 'x-litellm-response-cost' || name.startsWith('x-ratelimit-')

/** What one request wants of an answer that others share. */
export interface FollowerWishes {
  readonly api: Api
  readonly stream: boolean
  /** What went upstream and is not in the cache key, the API key included: LiteLLM may refuse it. */
  readonly uncounted: string
}

export function wishesOf({ request, apiKey, uncounted }: UpstreamCall): FollowerWishes {
  const { api, stream } = request
  return { api, stream, uncounted: JSON.stringify([apiKey, uncounted]) }
}

/** Whether an answer is about the request or its key: a time-out (408) is neither's fault. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408
}

/** One upstream call, and the requests that share its answer. */
export class Flight {
  /** Whether a stream was requested. */
  readonly stream: boolean
  /** Resolves with LiteLLM's status line, or a whole JSON answer; rejects if there is none. */
  readonly begun: Promise<Begun>
  /** Resolves when the answer is stored, or won't be. */
  over: Promise<void> = Promise.resolve()
  /** When the last byte arrived, epoch ms. */
  finishedAt: number | undefined
  /** When the answer was stored, epoch ms. */
  storedAt: number | undefined
  /** Whether the call continues although nobody waits for it. */
  detached = false
  /** Whether it has continued without anybody waiting for as long as it may. */
  isOverdue = false
  /** What the refused request had uncounted, if LiteLLM refused it. */
  refusedTo: string | undefined
  followers = 0
  private readonly upstream = new AbortController()
  private body: SharedBody | undefined
  private assembled: Promise<string | undefined> | undefined

  constructor(
    { stream, uncounted }: FollowerWishes,
    start: (signal: AbortSignal) => Promise<RecordedAnswer>,
    options: BroadcastOptions,
  ) {
    this.stream = stream
    this.begun = start(this.upstream.signal).then((answer) => {
      if (isRefusal(answer.status)) this.refusedTo = uncounted
      this.body =
        answer.body instanceof ReadableStream
          ? new Broadcast(answer.body, options)
          : wholeBody(answer.body ?? NOTHING, options.memory)
      return { answer, body: this.body }
    })
    this.begun.catch(() => {}) // every follower is told
  }

  get wasAbandoned(): boolean {
    return this.upstream.signal.aborted
  }

  /** Aborts the upstream call: tokens cost money. */
  abandon(): void {
    this.upstream.abort(new Error('Nobody waits for this answer.'))
  }

  /** Whether all bytes of the answer are here. */
  get hasEnded(): boolean {
    return this.body?.hasEnded ?? false
  }

  /**
   * The answer for one of the requests that share it: whole, or its head and a follower of its bytes.
   * `collapsed` says that LiteLLM was asked for another request. `onDropped` is called if the
   * follower reads too slowly.
   */
  async answerFor(
    wishes: FollowerWishes,
    collapsed: boolean,
    onDropped: () => void,
  ): Promise<SeatAnswer | { readonly head: AnswerHead; readonly follower: Follower }> {
    const { answer, body } = await this.begun
    if (collapsed && this.refusedTo !== undefined && wishes.uncounted !== this.refusedTo) {
      return alone("the refusal may be due to another caller's key or parameters")
    }
    if (this.stream && !wishes.stream && isEventStream(answer)) {
      return this.asJson(wishes, answer)
    }
    const head = headOf(answer, collapsed)
    if (!(answer.body instanceof ReadableStream)) {
      const end = collapsed || answer.end === undefined ? undefined : withoutBody(answer.end)
      return { kind: 'answer', head, body: answer.body ?? NOTHING, end }
    }
    const follower = body.join(onDropped)
    return follower === undefined ? alone('too large to be shared') : { head, follower }
  }

  /** A stream's answer for a caller who wants JSON: complete, once it has ended. */
  private async asJson({ api }: FollowerWishes, answer: RecordedAnswer): Promise<SeatAnswer> {
    const dropped = answer.dropped?.then(() => undefined)
    this.assembled ??= answer.recorded.then(({ text, admission }) =>
      text === undefined || !isAdmissible(admission)
        ? undefined
        : api.modes?.assemble(parseEvents(text)),
    )
    const json = await Promise.race([this.assembled, ...(dropped === undefined ? [] : [dropped])])
    if (json === undefined) return { kind: 'alone', why: 'the stream makes no JSON answer' }
    const { admission } = await answer.recorded
    const head = headOf(answer, true)
    const stored = 'entry' in admission
    const headers = head.headers.filter(([name]) => name !== 'content-type')
    return {
      kind: 'answer',
      head: { ...head, headers: [...headers, ['content-type', 'application/json']], stored },
      body: new TextEncoder().encode(json),
    }
  }
}

/** Whether an answer is whole, stored or not. */
function isAdmissible(admission: Admission): boolean {
  return 'entry' in admission || admission.admissible === true
}

/** A body that is there from the beginning, and is given as it is. */
function wholeBody({ length }: Uint8Array, memory: Memory): SharedBody {
  memory.take(length)
  let heldBytes = length
  return {
    hasEnded: true,
    ended: Promise.resolve(),
    join: () => undefined,
    retire() {
      memory.release(heldBytes)
      heldBytes = 0
    },
  }
}

function isEventStream({ status, headers }: RecordedAnswer): boolean {
  return status === 200 && (headers.get('content-type')?.startsWith('text/event-stream') ?? false)
}

function headOf(answer: RecordedAnswer, collapsed: boolean): AnswerHead {
  const { status, cached, note, facts, stored } = answer
  const spans = collapsed ? [] : answer.spans
  const headers = [...answer.headers].filter(([name]) => !collapsed || !isOfOneCall(name))
  return { status, headers, cached, note, facts, spans, stored, collapsed }
}

/** The end of an answer without its text, which its receiver finds in the body. */
function withoutBody({ admission, ...end }: AnswerEnd): AnswerEnd {
  const bare = 'entry' in admission ? { entry: { ...admission.entry, body: '' } } : admission
  return { ...end, text: undefined, admission: bare }
}
