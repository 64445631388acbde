import type { Api } from '../apis/api.ts'
import type { ParsedRequest } from '../apis/request.ts'
import type { Memory, MemoryBudget } from '../stream/memory-budget.ts'
import type { UpstreamCall } from '../upstream/call.ts'
import { PendingBody } from '../upstream/pending-body.ts'
import { FlightGroup } from './flight-group.ts'
import type { FlightGroupOptions } from './flight-group.ts'
import { seatAlone } from './seat.ts'
import type { Seat } from './seat.ts'

/** An upstream call as plain data, as a Worker sends it to a Durable Object. */
export interface CallData extends Omit<UpstreamCall, 'request' | 'headers' | 'body'> {
  /** JSON text, without the caller's `cache`. */
  readonly body: string
  readonly path: string
  readonly request: Omit<ParsedRequest, 'api'>
  readonly headers: readonly (readonly [string, string])[]
}

export interface CoalescerOptions extends Omit<
  FlightGroupOptions,
  'memory' | 'refusal' | 'onCall'
> {
  /** What all coalescers of the isolate may hold together. */
  readonly memory: MemoryBudget
  /** The APIs whose calls can be shared. */
  readonly apis: readonly Api[]
}

/**
 * Of six connections that may wait for response headers in one I/O context, these may be LiteLLM's;
 * the others are Qdrant's (https://developers.cloudflare.com/workers/platform/limits/).
 */
const LONGEST_HEADER_QUEUE = 4

/** One member of the pool: the flights of many requests, none of which is ever mistaken for another. */
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

  /** A seat for this call, in a flight that is under way or in a new one. */
  join(data: CallData): Seat {
    const call = this.callOf(data)
    return call === undefined ? seatAlone('unknown API') : this.groupOf(call).join(call)
  }

  /** Makes and stores a new answer, with nobody waiting for it. */
  refresh(data: CallData): void {
    const call = this.callOf(data)
    if (call !== undefined) this.groupOf(call).refresh(call)
  }

  /** Resolves when no flight is left that nobody waits for. */
  async detached(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.detached()))
  }

  /** Undefined if this version of the gateway doesn't know the API. */
  private callOf({ path, request, headers, body, ...call }: CallData): UpstreamCall | undefined {
    const api = this.options.apis.find((one) => one.path === path)
    if (api === undefined) return undefined
    const pairs = headers.map(([name, value]): [string, string] => [name, value])
    return {
      ...call,
      request: { ...request, api },
      headers: new Headers(pairs),
      body: new PendingBody(body),
    }
  }

  private groupOf({ request }: UpstreamCall): FlightGroup {
    const { stream, ownOptions, key, controls, eligibility } = request
    // Controls are always written in the same order: equal ones are equal text.
    const name = JSON.stringify([
      key?.proof,
      controls,
      'text' in eligibility,
      stream ? ownOptions : undefined,
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

/** Why a request makes a call of its own, where that is worth a word in `Cache-Status`. */
export const POOL_BUSY = 'pool busy'

/** The call as plain data. */
export function dataOf({ request, headers, body, ...call }: UpstreamCall): CallData {
  const { api, ...rest } = request
  return { ...call, path: api.path, request: rest, headers: [...headers], body: body.text }
}
