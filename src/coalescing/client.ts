import type { ParsedRequest } from '../apis/request.ts'
import { sha256 } from '../cache/key.ts'
import { GatewayError } from '../errors.ts'
import { withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { FrameReader } from './frames.ts'
import type { Frame, Head } from './frames.ts'
import { orderOf } from './order.ts'

/** Objects by name, as a Durable Object namespace has them. */
export interface MeetingPlaces {
  getByName(name: string): { fetch(request: Request): Promise<Response> }
}

export interface JoinOptions {
  readonly places: MeetingPlaces
  /** In this time the place must have taken the request, or it goes alone. */
  readonly timeoutMs: number
}

/** The answer of a flight, or why the request is to go alone. */
export type Joined = (RecordedAnswer & { readonly collapsed: boolean }) | { readonly alone: string }

/** Objects are reached by name; the host means nothing. */
const ADDRESS = 'https://flights.invalid/'

/** Statuses whose responses have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const NO_BODY = new Set([101, 103, 204, 205, 304])

/** Whether this request may share a call with others: not without a key, nor where nothing is kept. */
export function mayShare({ key, controls }: ParsedRequest): boolean {
  return key !== undefined && controls.store
}

/**
 * Shares a call to LiteLLM with everyone who asks the very same with the same controls, or makes it.
 * Throws the `GatewayError` that the call ended with. Whatever goes wrong on the way to it, before
 * the answer has begun, is a reason to go alone; after that the answer's body errors.
 */
export async function join(
  call: UpstreamCall,
  signal: AbortSignal,
  { places, timeoutMs }: JoinOptions,
): Promise<Joined> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('not taken in time')), timeoutMs)
  let frames: FrameReader
  let begin: Frame | undefined
  try {
    const ended = AbortSignal.any([signal, late.signal])
    const { name, request } = await orderTo(call, false, ended)
    const taken = await Promise.race([places.getByName(name).fetch(request), aborted(ended)])
    clearTimeout(timer)
    if (!taken.ok || taken.body === null) return { alone: `the flight answered ${taken.status}` }
    frames = new FrameReader(taken.body)
    begin = await frames.next()
  } catch (error) {
    clearTimeout(timer)
    if (signal.aborted) throw error
    warn('flight not joined', error)
    return { alone: late.signal.aborted ? 'the flight was too slow' : 'the flight was lost' }
  }
  switch (begin?.kind) {
    case 'head':
      return arriving(begin.head, frames, signal)
    case 'failed':
      throw new GatewayError(begin.code, begin.message)
    case 'alone':
      return { alone: begin.why }
    default:
      return { alone: 'the flight was lost' }
  }
}

/** Has a new answer made and kept, with nobody waiting for it. */
export async function refresh(
  call: UpstreamCall,
  { places, timeoutMs }: JoinOptions,
): Promise<void> {
  const response = await withTimeout(timeoutMs, async (signal) => {
    const { name, request } = await orderTo(call, true, signal)
    return places.getByName(name).fetch(request)
  })
  if (!response.ok) throw new Error(`The flight answered ${response.status}.`)
}

/** Equal questions with equal controls meet at one place. */
async function orderTo(call: UpstreamCall, refresh: boolean, signal: AbortSignal) {
  const { key, controls, eligibility } = call.request
  const body = JSON.stringify(orderOf(call, refresh))
  return {
    // Controls are always written in the same order: equal ones are equal text.
    name: await sha256(JSON.stringify([key?.proof, controls, 'text' in eligibility])),
    request: new Request(ADDRESS, { method: 'POST', body, signal }),
  }
}

/** Rejects when the signal fires: not everything that takes one keeps to it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** The rest of an answer that has begun. */
function arriving(
  head: Head,
  frames: FrameReader,
  signal: AbortSignal,
): RecordedAnswer & { collapsed: boolean } {
  const { promise: ended, resolve } = Promise.withResolvers<AnswerEnd>()
  const cut = () => resolve(untold('cut'))
  signal.addEventListener('abort', cut, { once: true })
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const frame = await frames.next()
          if (frame?.kind === 'data') return controller.enqueue(frame.bytes)
          if (frame?.kind === 'failed') throw new GatewayError(frame.code, frame.message)
          if (frame?.kind !== 'end') throw new Error('The flight ended early.')
          controller.close()
          if (head.collapsed) resolve(untold('collapsed'))
          else void frames.next().then((last) => resolve(endedOf(last)), cut)
        } catch (error) {
          cut()
          const broken = new GatewayError('upstream_unreachable', 'The answer broke off.')
          controller.error(error instanceof GatewayError ? error : broken)
        }
      },
      async cancel() {
        cut()
        await frames.cancel()
      },
    },
    { highWaterMark: 0 },
  )
  const { status, headers, ...rest } = head
  const given = headers.map(([name, value]): [string, string] => [name, value])
  const response = new Response(NO_BODY.has(status) ? null : body, { status, headers: given })
  return { ...rest, response, cached: rest.cached, note: rest.note, ended }
}

const untold = (why: string): AnswerEnd => ({ text: undefined, mode: 'json', admission: { why } })

/** An entry was sent without its text beside it. */
function endedOf(frame: Frame | undefined): AnswerEnd {
  if (frame?.kind !== 'kept') return untold('cut')
  const { ended } = frame
  return 'entry' in ended.admission ? { ...ended, text: ended.admission.entry.body } : ended
}
