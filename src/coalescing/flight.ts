import type { Api } from '../apis/api.ts'
import type { Admission } from '../cache/admission.ts'
import { spentOn } from '../cache/entry.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { FrameMapper } from '../stream/map-frames.ts'
import { parseEvents } from '../stream/sse.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { Broadcast } from './broadcast.ts'
import type { BroadcastOptions, Follower } from './broadcast.ts'
import { alone } from './seat.ts'
import type { AnswerHead, SeatAnswer } from './seat.ts'

/** The body of an answer, for all who share it. */
type SharedBody = Pick<Broadcast, 'ended' | 'hasEnded' | 'join' | 'retire'>

/** An answer that is still arriving. */
interface FollowedAnswer {
  readonly head: AnswerHead
  readonly follower: Follower
  /** Adapts the frames of an event stream to what this request wants. */
  readonly frames?: FrameMapper
}

/** A flight whose answer has begun. */
interface Begun {
  readonly answer: RecordedAnswer
  readonly body: SharedBody
}

const NOTHING = new Uint8Array(0)

/** LiteLLM headers that describe one call, not the requests that share it. */
const isOfOneCall = (name: string) =>
  name === 'x-litellm-response-cost' || name.startsWith('x-ratelimit-')

/** What one request needs from a shared answer. */
export interface FollowerWishes {
  readonly api: Api
  readonly stream: boolean
  /** Whether it wants the usage chunk, which is always requested. */
  readonly wantsUsage: boolean
  /** What goes upstream but is not in the cache key, the API key included. LiteLLM may refuse it. */
  readonly uncounted: string
  /** Whether its trace shows the answer. */
  readonly showsAnswer: boolean
}

/** The wishes of the request that this call is for. */
export function wishesOf(call: UpstreamCall): FollowerWishes {
  const { request, apiKey, showsAnswer } = call
  const { api, stream, wantsUsage } = request
  const uncounted = JSON.stringify([apiKey, call.uncounted])
  return { api, stream, wantsUsage, uncounted, showsAnswer }
}

/** Whether LiteLLM refused the request or its key. A time-out (408) is no refusal. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408
}

/** One upstream call, and the requests that share its answer. */
export class Flight {
  /** Whether a stream was requested. */
  readonly stream: boolean
  /** Resolves when the answer begins, for JSON when it is complete; rejects if there is none. */
  readonly begun: Promise<Begun>
  /** Resolves when the answer is stored, or will not be. */
  over: Promise<void> = Promise.resolve()
  /** When the last byte arrived, epoch ms. */
  finishedAt: number | undefined
  /** When the answer was stored, epoch ms. */
  storedAt: number | undefined
  /** Whether the call continues although no caller waits for it. */
  detached = false
  /** Whether it has continued without callers for as long as it may. */
  isOverdue = false
  /** If LiteLLM refused the call: the `uncounted` of its request. */
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
    this.begun.catch(() => {}) // `answerFor` tells every follower
  }

  get wasAbandoned(): boolean {
    return this.upstream.signal.aborted
  }

  /** Aborts the upstream call, because tokens cost money. */
  abandon(): void {
    this.upstream.abort(new Error('Nobody waits for this answer.'))
  }

  /** Whether all bytes of the answer have arrived. */
  get hasEnded(): boolean {
    return this.body?.hasEnded ?? false
  }

  /**
   * The answer for one of the requests that share it: complete, or a head and a follower of its
   * bytes. `collapsed` means that the call was made for another request. `onDropped` is called if
   * the follower is too slow.
   */
  async answerFor(
    wishes: FollowerWishes,
    collapsed: boolean,
    onDropped: () => void,
  ): Promise<SeatAnswer | FollowedAnswer> {
    const { answer, body } = await this.begun
    if (collapsed && this.refusedTo !== undefined && wishes.uncounted !== this.refusedTo) {
      return alone("the refusal may be due to another caller's key or parameters")
    }
    if (this.stream && !wishes.stream && isEventStream(answer)) {
      return this.asJson(wishes, answer)
    }
    const head = headOf(answer, collapsed)
    if (!(answer.body instanceof ReadableStream)) {
      const told = collapsed ? sharedEnd : withoutBody
      const end = answer.end === undefined ? undefined : told(answer.end)
      return { kind: 'answer', head, body: answer.body ?? NOTHING, end }
    }
    const follower = body.join(onDropped)
    if (follower === undefined) return alone('too large to be shared')
    const usage = wishes.api.modes?.usage
    if (usage === undefined || !isEventStream(answer)) return { head, follower }
    return { head, follower, frames: new FrameMapper(usage.frames(wishes.wantsUsage)) }
  }

  /** Converts a stream for a caller who wants JSON, once the stream has ended. */
  private async asJson({ api }: FollowerWishes, answer: RecordedAnswer): Promise<SeatAnswer> {
    const dropped = answer.dropped?.then(() => undefined)
    this.assembled ??= answer.recorded.then(({ text, admission }) =>
      text === undefined || !isAdmissible(admission)
        ? undefined
        : api.modes?.assemble(parseEvents(text)),
    )
    const json = await Promise.race([this.assembled, ...(dropped === undefined ? [] : [dropped])])
    if (json === undefined) return { kind: 'alone', why: 'the stream makes no JSON answer' }
    const end = await answer.recorded
    const head = headOf(answer, true)
    const stored = 'entry' in end.admission
    const headers = head.headers.filter(([name]) => name !== 'content-type')
    return {
      kind: 'answer',
      head: { ...head, headers: [...headers, ['content-type', 'application/json']], stored },
      body: new TextEncoder().encode(json),
      end: sharedEnd(end),
    }
  }
}

/** Whether an answer is complete, stored or not. */
function isAdmissible(admission: Admission): boolean {
  return !('why' in admission) || admission.admissible === true
}

/** A complete body, which needs no followers. */
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

/** An admission without the entries of a batch, which the object stores. */
export function withoutParts(admission: Admission): Admission {
  return 'parts' in admission ? { why: 'stored by the object', admissible: true } : admission
}

/** What a request that shares another's answer learns of its end. It has nothing to store. */
export function sharedEnd({ admission, mode }: AnswerEnd): AnswerEnd {
  if (!('entry' in admission)) return { text: undefined, mode, admission: { why: 'collapsed' } }
  const spent = spentOn(admission.entry)
  return { text: undefined, mode, admission: { why: 'collapsed' }, spent }
}

/** The end of an answer without its text, which the receiver takes from the body. */
function withoutBody({ admission, ...end }: AnswerEnd): AnswerEnd {
  const bare =
    'entry' in admission ? { entry: { ...admission.entry, body: '' } } : withoutParts(admission)
  return { ...end, text: undefined, admission: bare }
}
