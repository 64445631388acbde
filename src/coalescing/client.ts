import type { ParsedRequest } from '../apis/request.ts'
import type { Entry } from '../cache/entry.ts'
import { GatewayError } from '../errors.ts'
import { withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { AnswerEnd, RecordedAnswer } from '../upstream/answer.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { dataOf } from './coalescer.ts'
import type { CallData } from './coalescer.ts'
import type { Seat, SeatAnswer } from './seat.ts'

/** A value that arrives over RPC, and can be disposed of. */
type Remote<Value> = Value & Partial<Disposable>

/** A coalescer over RPC, as a Durable Object stub offers it. */
export interface CoalescerStub {
  join(data: CallData): PromiseLike<Remote<Seat>>
  refresh(data: CallData): PromiseLike<void>
}

/** A Durable Object namespace of coalescers. */
export interface CoalescerNamespace {
  getByName(name: string): CoalescerStub
  jurisdiction?(name: string): CoalescerNamespace
}

export interface CoalescingOptions {
  readonly namespace: CoalescerNamespace
  /** Where identical requests meet: in each data centre, or in one place of the world. */
  readonly scope: 'colo' | 'global'
  /** How many objects share the work of one place. */
  readonly shards: number
  /** Larger requests make a call of their own. */
  readonly maxRequestBytes: number
  /** A seat that takes longer to get is not waited for. */
  readonly timeoutMs: number
}

/** The answer of a flight, or why the request makes a call of its own. */
export type Joined = (RecordedAnswer & { readonly collapsed: boolean }) | { readonly alone: string }

/** Statuses whose responses have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const NO_BODY = new Set([101, 103, 204, 205, 304])

/** Whether this request may share a call: not without a key, nor if nothing is stored, nor if it is large. */
export function mayShare(
  { key, controls, bodyBytes }: ParsedRequest,
  { maxRequestBytes }: CoalescingOptions,
): boolean {
  return key !== undefined && controls.store && bodyBytes <= maxRequestBytes
}

/** The data centre that a request came to, as Cloudflare tells it; bare workerd doesn't. */
export function coloOf(request: Request): string | undefined {
  const { cf } = request as { readonly cf?: { readonly colo?: unknown } }
  return typeof cf?.colo === 'string' ? cf.colo : undefined
}

/**
 * Shares a call to LiteLLM with identical requests that have the same controls, or makes it. `colo`
 * is the data centre that the request came to. Throws the `GatewayError` that the call ended with.
 * Any other failure before the answer begins is a reason to go alone; after that, the body errors.
 */
export async function join(
  call: UpstreamCall,
  signal: AbortSignal,
  colo: string | undefined,
  options: CoalescingOptions,
): Promise<Joined> {
  let seat: Remote<Seat> | undefined
  try {
    const joining = coalescerOf(call, colo, options).join(dataOf(call))
    // Both calls travel together; only the second one takes as long as LiteLLM.
    seat = await inTime(joining, signal, options.timeoutMs)
    const leave = () => leaveSeat(seat)
    signal.addEventListener('abort', leave, { once: true })
    const answer = await untilAborted(seat.answer(), signal)
    return await joined(answer, seat, signal, leave)
  } catch (error) {
    leaveSeat(seat)
    if (signal.aborted || error instanceof GatewayError) throw error
    warn('flight not joined', error)
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    return { alone: isLate ? 'the flight was too slow' : 'the flight was lost' }
  }
}

/** Has a new answer made and stored, with nobody waiting for it. */
export async function refresh(
  call: UpstreamCall,
  colo: string | undefined,
  options: CoalescingOptions,
): Promise<void> {
  await withTimeout(options.timeoutMs, (late) =>
    untilAborted(coalescerOf(call, colo, options).refresh(dataOf(call)), late),
  )
}

/**
 * The coalescer for a call. A few names for all requests: the first use of a name is a check around
 * the world (https://developers.cloudflare.com/durable-objects/reference/data-location/).
 */
function coalescerOf(
  { request: { key } }: UpstreamCall,
  colo: string | undefined,
  { namespace, scope, shards }: CoalescingOptions,
): CoalescerStub {
  const place = scope === 'global' ? 'global' : (colo ?? 'local')
  const shard = Number.parseInt(key?.proof.slice(0, 8) ?? '0', 16) % shards
  return namespace.getByName(`${place}:${shard}`)
}

/** The seat, if it comes in time and somebody still waits for it; one that comes later is left. */
async function inTime(
  joining: PromiseLike<Remote<Seat>>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Remote<Seat>> {
  let isWanted = true
  Promise.resolve(joining).then(
    (seat) => isWanted || leaveSeat(seat),
    () => {}, // whoever waits is told
  )
  try {
    return await withTimeout(timeoutMs, (late) =>
      untilAborted(joining, AbortSignal.any([signal, late])),
    )
  } catch (error) {
    isWanted = false
    throw error
  }
}

/** Rejects when the signal fires: not everything that takes time takes a signal. */
function untilAborted<Value>(work: PromiseLike<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(
      (value) => {
        signal.removeEventListener('abort', abort)
        resolve(value)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort)
        reject(error as Error)
      },
    )
  })
}

function leaveSeat(seat: Remote<Seat> | undefined): void {
  if (seat === undefined) return
  // Over RPC it is a promise, which fails if the object is gone: then there is nothing to leave.
  Promise.resolve(seat.leave()).catch(() => {})
  seat[Symbol.dispose]?.()
}

async function joined(
  answer: SeatAnswer,
  seat: Remote<Seat>,
  signal: AbortSignal,
  leave: () => void,
): Promise<Joined> {
  const release = () => {
    signal.removeEventListener('abort', leave)
    leave()
  }
  if (answer.kind === 'alone') {
    release()
    return { alone: answer.why }
  }
  if (answer.kind === 'failed') throw new GatewayError(answer.code, answer.message)
  const { head, body, end } = answer
  const { status, headers, ...rest } = head
  const pairs = headers.map(([name, value]): [string, string] => [name, value])
  const respond = (content: BodyInit) =>
    new Response(NO_BODY.has(status) ? null : content, { status, headers: pairs })
  const base = { ...rest, cached: rest.cached, note: rest.note }
  if (body instanceof Uint8Array) {
    const bytes = body as Uint8Array<ArrayBuffer>
    const ended =
      end !== undefined ? Promise.resolve(withText(end, bytes)) : endOf(seat, head.collapsed)
    void ended.then(release, release)
    return { ...base, response: respond(bytes), ended }
  }
  const { promise: ended, resolve } = Promise.withResolvers<AnswerEnd>()
  void ended.then(release)
  signal.addEventListener('abort', () => resolve(untold('cut')), { once: true })
  return { ...base, response: respond(watched(body, seat, head.collapsed, resolve)), ended }
}

/** The same bytes; tells how they ended. Errors with the reason, which an RPC stream loses. */
function watched(
  body: ReadableStream<Uint8Array>,
  seat: Seat,
  collapsed: boolean,
  resolve: (end: AnswerEnd | PromiseLike<AnswerEnd>) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          controller.close()
          resolve(endOf(seat, collapsed))
        } catch {
          controller.error(await reasonOf(seat))
          resolve(untold('cut'))
        }
      },
      async cancel(reason) {
        resolve(untold('cut'))
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

/** How long the reason of a broken body is waited for: an object that is gone tells nothing. */
const REASON_TIMEOUT_MS = 1_000

async function reasonOf(seat: Seat): Promise<GatewayError> {
  const unknown = new GatewayError('upstream_unreachable', 'The answer broke off.')
  return withTimeout(REASON_TIMEOUT_MS, async (late) => {
    const { error } = await untilAborted(seat.ended(), late)
    return error === undefined ? unknown : new GatewayError(error.code, error.message)
  }).catch(() => unknown)
}

/** What became of the answer, for the request that the call was made for. */
async function endOf(seat: Seat, collapsed: boolean): Promise<AnswerEnd> {
  if (collapsed) return untold('collapsed')
  const { end } = await seat.ended()
  if (end === undefined) return untold('cut')
  return 'entry' in end.admission ? { ...end, text: end.admission.entry.body } : end
}

/** An entry travels without the text that has arrived already. */
function withText(end: AnswerEnd, bytes: Uint8Array): AnswerEnd {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)
  if (!('entry' in end.admission)) return { ...end, text }
  const entry: Entry = { ...end.admission.entry, body: text }
  return { ...end, text, admission: { entry } }
}

const untold = (why: string): AnswerEnd => ({ text: undefined, mode: 'json', admission: { why } })
