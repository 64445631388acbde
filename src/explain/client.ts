import { sha256 } from '../cache/key.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { throttled, warn } from '../telemetry/log.ts'
import type { Nearest } from './nearest.ts'
import type { ComparedRequest, FoundRequest, RecentRequest } from './recent-request.ts'
import type { KeyedFingerprint, RecentRequestsStub } from './recent-requests.ts'

/** The Durable Object namespace of recent requests. */
export interface RecentRequestsNamespace {
  getByName(name: string): RecentRequestsStub
  jurisdiction(name: string): RecentRequestsNamespace
}

export interface RecentRequestsOptions {
  readonly namespace: RecentRequestsNamespace
  /** How long a call to an object may take. */
  readonly timeoutMs: number
  readonly now: () => number
}

/** The recent requests of each tenant. */
export interface RecentRequestsClient {
  /**
   * Whether one more request of this tenant, so many bytes long, may be recorded or compared in this
   * second. A tenant with many requests must not flood its object, nor one with large ones keep the
   * isolate from answering others.
   */
  admits(tenant: string, bytes: number): boolean
  /** Records a request. Never rejects. */
  record(tenant: string, request: RecentRequest): Promise<void>
  /** Records requests that were made elsewhere. Never rejects. */
  recordAll(tenant: string, requests: readonly RecentRequest[]): Promise<void>
  /** The fingerprints of those requests among these that are kept. Rejects if that fails. */
  fingerprints(tenant: string, keys: readonly string[]): Promise<readonly KeyedFingerprint[]>
  /**
   * The recent request of this tenant that is nearest; undefined without one to the same model. Rejects
   * if that cannot be read.
   */
  nearest(tenant: string, request: ComparedRequest): Promise<Nearest | undefined>
  /**
   * The answer that a recent request of this tenant got, by its id; undefined if it is unknown. Rejects
   * if that cannot be read.
   */
  readonly find: (tenant: string, requestId: string) => Promise<FoundRequest | undefined>
  /** Deletes the recent requests of a tenant; resolves with how many. Rejects if that fails. */
  readonly forget: (tenant: string) => Promise<number>
}

/** Per isolate and tenant. */
export const MOST_PER_SECOND = 20
/** The same for their bodies: the digests of a mebibyte take a tenth of a second. */
const MOST_BYTES_PER_SECOND = 1_048_576
interface Admitted {
  readonly requests: number
  readonly bytes: number
}

/** Lost requests are logged so often at most. */
const LOGGED_EVERY_MS = 60_000

/** One Durable Object for each tenant, named by a digest: no tenant finds another's requests. */
export function recentRequestsClient(options: RecentRequestsOptions): RecentRequestsClient {
  const { namespace, timeoutMs, now } = options
  const second = { begin: 0, admitted: new Map<string, Admitted>() }
  const lost = { requests: 0, loggedAt: -Infinity }
  const warnOfRead = throttled((why) => warn('recent requests not read', why), now)

  const ask = async <Answer>(
    tenant: string,
    call: (stub: RecentRequestsStub) => PromiseLike<Answer>,
  ): Promise<Answer> => {
    const name = await sha256(tenant)
    return withTimeout(timeoutMs, (late) => untilAborted(call(namespace.getByName(name)), late))
  }

  const read: typeof ask = async (tenant, call) => {
    try {
      return await ask(tenant, call)
    } catch (error) {
      warnOfRead(error)
      throw error
    }
  }

  function warnOfLost(why: unknown, more: number): void {
    lost.requests += more
    if (now() - lost.loggedAt < LOGGED_EVERY_MS) return
    const { requests } = lost
    Object.assign(lost, { requests: 0, loggedAt: now() })
    warn('recent requests not recorded', `${requests} lost, the last one by: ${String(why)}`)
  }

  return {
    admits(tenant, bytes) {
      if (now() - second.begin >= 1_000) {
        second.begin = now()
        second.admitted.clear()
      }
      const before = second.admitted.get(tenant) ?? { requests: 0, bytes: 0 }
      const after = { requests: before.requests + 1, bytes: before.bytes + bytes }
      if (after.requests > MOST_PER_SECOND || after.bytes > MOST_BYTES_PER_SECOND) return false
      second.admitted.set(tenant, after)
      return true
    },

    record: (tenant, request) =>
      ask(tenant, (stub) => stub.record(request)).catch((why: unknown) => warnOfLost(why, 1)),

    recordAll: (tenant, requests) =>
      ask(tenant, (stub) => stub.recordAll(requests)).catch((why: unknown) =>
        warnOfLost(why, requests.length),
      ),

    fingerprints: (tenant, keys) => read(tenant, (stub) => stub.fingerprints(keys)),

    nearest: (tenant, request) => read(tenant, (stub) => stub.nearest(request)),

    find: (tenant, requestId) => ask(tenant, (stub) => stub.find(requestId)),

    forget: (tenant) => ask(tenant, (stub) => stub.forget()),
  }
}
