import type { ParsedRequest } from '../apis/request.ts'
import type { Entry } from '../cache/entry.ts'
import { GatewayError } from '../errors.ts'
import { untilAborted } from '../stream/timeout.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import type { Seat, SeatAnswer } from './seat.ts'

/** A seat received over RPC, which may need disposal. */
export type RemoteSeat = Seat & Partial<Disposable>

/** The answer of a flight, or why the request makes its own call. */
export type Joined = JoinedAnswer | { readonly alone: string }

export interface JoinedAnswer extends RecordedAnswer {
  readonly collapsed: boolean
  /** Whether the seat has adapted the frames to this request. */
  readonly adapted: boolean
  /** Gives the answer up. */
  readonly leave: () => void
}

/** Leaves a seat at once, and never fails. */
export function leaveSeat(seat: RemoteSeat | undefined): void {
  if (seat === undefined) return
  // This fails if the object is gone or the seat is disposed of; then there is nothing to leave.
  const leaving = async () => seat.leave()
  leaving().catch(() => {})
  seat[Symbol.dispose]?.()
}

/**
 * Turns a seat's answer into a recorded answer. Leaves the seat when the signal fires, and releases
 * it when the answer has ended. Throws the `GatewayError` that the call ended with.
 */
export function joinedAnswer(
  answer: SeatAnswer,
  seat: RemoteSeat,
  { api, expected }: Pick<ParsedRequest, 'api' | 'expected'>,
  signal: AbortSignal,
): Joined {
  const leave = () => leaveSeat(seat)
  signal.addEventListener('abort', leave, { once: true })
  const release = () => {
    signal.removeEventListener('abort', leave)
    if (seat[Symbol.dispose] === undefined) leave()
    else seat[Symbol.dispose]?.()
  }
  if (answer.kind === 'alone') {
    release()
    return { alone: answer.why }
  }
  if (answer.kind === 'failed') {
    release()
    throw new GatewayError(answer.code, answer.message)
  }
  const { head, body, end } = answer
  const headers = new Headers(head.headers.map(([name, value]): [string, string] => [name, value]))
  const { cached, note, adapted = false } = head
  const base = { ...head, headers, cached, note, adapted, leave }
  if (body instanceof Uint8Array) {
    const bytes = body as Uint8Array<ArrayBuffer>
    const ended =
      end !== undefined
        ? Promise.resolve(
            withText(end, bytes, (text) => api.storedForm?.pack(text, 'json', expected)),
          )
        : endOf(seat)
    ended.then(release, release)
    return { ...base, body: bytes, recorded: ended, ended }
  }
  const ended = endOfStream(seat, signal)
  ended.then(release, release)
  // The platform passes the bytes on. Reading them here would cost more than all the rest.
  return { ...base, body, recorded: ended, ended }
}

/**
 * What became of a stream, once the seat has given its last byte. Never rejects: an object that is gone
 * has cut it.
 */
async function endOfStream(seat: RemoteSeat, signal: AbortSignal): Promise<AnswerEnd> {
  try {
    const { end, error } = await untilAborted(seat.ended(), signal)
    if (error !== undefined) return { ...untold('cut'), facts: { 'error.type': error.code } }
    return whole(end)
  } catch {
    return untold('cut')
  }
}

/** What became of a complete body. */
async function endOf(seat: RemoteSeat): Promise<AnswerEnd> {
  return whole((await seat.ended()).end)
}

/** The end with its text, which is sent in the entry only. */
function whole(end: AnswerEnd | undefined): AnswerEnd {
  if (end === undefined) return untold('cut')
  if (!('entry' in end.admission)) return end
  const { mode, body: text } = end.admission.entry
  return { ...end, mode, text }
}

/** Adds the text, which is sent in the body only. */
function withText(
  end: AnswerEnd,
  bytes: Uint8Array,
  pack: (text: string) => string | undefined,
): AnswerEnd {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)
  if (!('entry' in end.admission)) return { ...end, text }
  const body = pack(text) ?? text
  const entry: Entry = { ...end.admission.entry, body }
  return { ...end, text, admission: { entry } }
}

const untold = (why: string): AnswerEnd => ({ text: undefined, mode: 'json', admission: { why } })
