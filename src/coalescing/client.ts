import type { ParsedRequest } from '../apis/request.ts'
import { GatewayError } from '../errors.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { warn } from '../telemetry/log.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { dataOf } from './coalescer.ts'
import type { CallData } from './coalescer.ts'
import { joinedAnswer, leaveSeat } from './joined-answer.ts'
import type { Joined, RemoteSeat } from './joined-answer.ts'
import type { SeatAnswer } from './seat.ts'

/** A seat that is on its way; its answer can be asked for at once, in the same round trip. */
export type ArrivingSeat = PromiseLike<RemoteSeat> & {
  answer(): PromiseLike<SeatAnswer>
}

/** A coalescer over RPC, as a Durable Object stub offers it. */
export interface CoalescerStub {
  join(data: CallData): ArrivingSeat
  refresh(data: CallData): PromiseLike<void>
}

/** A Durable Object namespace of coalescers. */
export interface CoalescerNamespace {
  getByName(name: string): CoalescerStub
  jurisdiction(name: string): CoalescerNamespace
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

/**
 * Whether this request may share a call: not without a key, nor if nothing is stored, nor if it is
 * large. A caller who must not be given a stored answer wants one of its own: three samples are three
 * calls.
 */
export function mayShare(
  { key, controls, bodyBytes }: ParsedRequest,
  { maxRequestBytes }: CoalescingOptions,
): boolean {
  const { read, store, maxAgeSeconds } = controls
  if (key === undefined || !store || !read || maxAgeSeconds === 0) return false
  return bodyBytes <= maxRequestBytes
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
  let seat: RemoteSeat | undefined
  try {
    const arriving = coalescerOf(call, colo, options).join(dataOf(call))
    const answering = Promise.resolve(arriving.answer())
    answering.catch(() => {}) // handled where it is awaited
    seat = await inTime(arriving, signal, options.timeoutMs)
    return joinedAnswer(await untilAborted(answering, signal), seat, signal)
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
  joining: PromiseLike<RemoteSeat>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<RemoteSeat> {
  let isWanted = true
  Promise.resolve(joining).then(
    (seat) => isWanted || leaveSeat(seat),
    () => {}, // handled where it is awaited
  )
  try {
    return await withTimeout(timeoutMs, (late) => untilAborted(untilAborted(joining, late), signal))
  } catch (error) {
    isWanted = false
    throw error
  }
}
