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

/** A seat that is not here yet. Its answer can be requested in the same round trip. */
export type ArrivingSeat = PromiseLike<RemoteSeat> & {
  answer(): PromiseLike<SeatAnswer>
}

/** A coalescer over RPC: a Durable Object stub. */
export interface CoalescerStub {
  join(data: CallData): ArrivingSeat
  refresh(data: CallData): PromiseLike<void>
}

/** The Durable Object namespace of the coalescers. */
export interface CoalescerNamespace {
  getByName(name: string): CoalescerStub
  jurisdiction(name: string): CoalescerNamespace
}

export interface CoalescingOptions {
  readonly namespace: CoalescerNamespace
  /** Whether requests share calls within a data centre, or across the world. */
  readonly scope: 'colo' | 'global'
  /** The number of Durable Objects in a pool. */
  readonly shards: number
  /** Larger requests make their own call. */
  readonly maxRequestBytes: number
  /** A request that has no seat after this makes its own call. */
  readonly timeoutMs: number
}

/**
 * Whether this request may share a call. It needs a key, must allow storing, and must not be large.
 * A caller who refuses stored answers makes its own call, too: three samples are three calls.
 */
export function mayShare(
  { key, controls, bodyBytes }: ParsedRequest,
  { maxRequestBytes }: CoalescingOptions,
): boolean {
  const { read, store, maxAgeSeconds } = controls
  if (key === undefined || !store || !read || maxAgeSeconds === 0) return false
  return bodyBytes <= maxRequestBytes
}

/** The data centre that received a request; undefined outside Cloudflare's network. */
export function coloOf(request: Request): string | undefined {
  const { cf } = request as { readonly cf?: { readonly colo?: unknown } }
  return typeof cf?.colo === 'string' ? cf.colo : undefined
}

/**
 * Shares an upstream call with identical requests that have the same controls. `colo` is the data
 * centre that received the request. Throws the `GatewayError` that the call ended with. After any
 * other failure, the request makes its own call; once the answer has begun, the body errors.
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
    return joinedAnswer(await untilAborted(answering, signal), seat, call.request, signal)
  } catch (error) {
    leaveSeat(seat)
    if (signal.aborted || error instanceof GatewayError) throw error
    warn('flight not joined', error)
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    return { alone: isLate ? 'the flight was too slow' : 'the flight was lost' }
  }
}

/** Fetches and stores a new answer in the background. */
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
 * The coalescer for a call. There are few names, because the first use of a name is a check around
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

/** The seat, if it arrives in time and the caller still waits. A later seat is left at once. */
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
