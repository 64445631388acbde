import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import type { Memory, MemoryBudget } from '../stream/memory-budget.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { PendingBody } from '../upstream/pending-body.ts'
import { FlightGroup } from './flight-group.ts'
import type { FlightGroupOptions } from './flight-group.ts'
import { seatAlone } from './seat.ts'
import type { Seat } from './seat.ts'

/** An upstream call as plain data, sent by a Worker to a Durable Object. */
export interface CallData extends Omit<UpstreamCall, 'request' | 'headers' | 'body'> {
  /** JSON text, without the caller's `cache`. */
  readonly body: string
  readonly path: string
  /** An earlier version of the gateway sends no policy. */
  readonly request: Omit<ParsedRequest, 'api' | 'policy'> & Partial<Pick<ParsedRequest, 'policy'>>
  readonly headers: readonly (readonly [string, string])[]
}

export interface CoalescerOptions extends Omit<
  FlightGroupOptions,
  'memory' | 'refusal' | 'onCall'
> {
  /** The memory budget that all coalescers of the isolate share. */
  readonly memory: MemoryBudget
  /** The APIs whose calls can be shared. */
  readonly apis: readonly Api[]
}

/**
 * Six connections per I/O context may wait for response headers. LiteLLM's may use these, the
 * others are Qdrant's (https://developers.cloudflare.com/workers/platform/limits/).
 */
const LONGEST_HEADER_QUEUE = 4

/** One member of the pool. Holds the flights of many requests, each under its own name. */
export class Coalescer {
  /** By proof and controls. */
  private readonly groups = new Map<string, FlightGroup>()
  private waitingForHeaders = 0
  private readonly options: CoalescerOptions
  private readonly memory: Memory

  constructor(options: CoalescerOptions) {
    this.options = options
    this.memory = options.memory.accountOf(this)
  }

  /** Returns a seat in a flight that is under way, or in a new one. */
  join(data: CallData): Seat {
    const call = this.callOf(data)
    return call === undefined
      ? seatAlone('another version of the gateway')
      : this.groupOf(call).join(call)
  }

  /** Fetches and stores a new answer in the background. */
  refresh(data: CallData): void {
    const call = this.callOf(data)
    if (call !== undefined) this.groupOf(call).refresh(call)
  }

  /** Resolves when no background flight is left. */
  async detached(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.detached()))
  }

  /** The call; undefined if another version of the gateway sent it, which this one cannot serve. */
  private callOf({ path, request, headers, body, ...call }: CallData): UpstreamCall | undefined {
    const api = this.options.apis.find((one) => one.path === path)
    const { policy } = request
    if (api === undefined || policy === undefined) return undefined
    const pairs = headers.map(([name, value]): [string, string] => [name, value])
    return {
      ...call,
      request: { ...request, policy, api },
      headers: new Headers(pairs),
      body: new PendingBody(body),
    }
  }

  private groupOf({ request }: UpstreamCall): FlightGroup {
    const { stream, ownOptions, key, controls, policy, eligibility, expected } = request
    // Controls are always serialised in the same order, so equal ones are equal text.
    const name = JSON.stringify([
      key?.proof,
      controls,
      // How a semantic hit is verified for it.
      'text' in eligibility && policy.minProbability,
      stream ? ownOptions : undefined,
      expected, // the encoding of embeddings is not in the key
    ])
    const known = this.groups.get(name)
    if (known !== undefined) return known
    for (const [idle, group] of this.groups) if (group.isIdle) this.groups.delete(idle)
    const group = new FlightGroup({
      ...this.options,
      memory: this.memory,
      refusal: () => this.refusal(),
      onCall: (begun) => this.count(begun),
    })
    this.groups.set(name, group)
    return group
  }

  private refusal(): string | undefined {
    if (this.memory.isShort) return 'memory is short'
    return this.waitingForHeaders < LONGEST_HEADER_QUEUE ? undefined : POOL_BUSY
  }

  private count(begun: Promise<unknown>): void {
    this.waitingForHeaders += 1
    const release = () => void (this.waitingForHeaders -= 1)
    begun.then(release, release)
  }
}

/** Why a request makes its own call, if `Cache-Status` should say so. */
export const POOL_BUSY = 'pool busy'

/** Converts a call to plain data. */
export function dataOf({ request, headers, body, ...call }: UpstreamCall): CallData {
  const { api, ...rest } = request
  return { ...call, path: api.path, request: rest, headers: [...headers], body: body.text }
}
