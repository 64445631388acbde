import type { ParsedRequest } from '../../../src/apis/request.ts'
import type { TieredStore } from '../../../src/store/tiered.ts'
import type { Colo } from './deployment.ts'
import { parsedRequest } from './deployment.ts'
import { arrivals, seeded, zipf } from './random.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface Scenario {
  /** Of all tenants together. */
  readonly requestsPerSecond: number
  readonly tenants: number
  /** How many different questions each tenant asks. */
  readonly questions: number
  /** The Zipf exponent of the questions; undefined if no question comes twice. */
  readonly exponent: number | undefined
  readonly ttlSeconds: number
  readonly colos: number
  /** In each data centre. */
  readonly isolates: number
  readonly shards: number
  /** How long the model takes. */
  readonly latencyMs: number
  /** Requests that are counted. Before them, others fill the caches for one TTL. */
  readonly counted: number
}

/** One isolate of one data centre. */
export interface Place {
  readonly colo: Colo
  readonly name: string
  readonly store: TieredStore
}

/** How long the caches fill before anything counts. Questions that never come twice need none. */
export const warmUpMs = ({ exponent, ttlSeconds }: Scenario) =>
  exponent === undefined ? 0 : ttlSeconds * 1000

/**
 * Sends requests at random times, from random tenants, to random isolates. All tenants send as many,
 * and all isolates get as many.
 */
export function sendRequests(
  scenario: Scenario,
  time: VirtualTime,
  colos: readonly Colo[],
  send: (request: ParsedRequest, place: Place) => void,
): void {
  const random = seeded(1)
  const one = (count: number) => Math.floor(random() * count)
  const nextMs = arrivals(scenario.requestsPerSecond, random)
  const nextRequest = requests(scenario, random)
  const countsFrom = time.now + warmUpMs(scenario)
  let left = scenario.counted
  /** Not cut to whole milliseconds, which would raise the rate. */
  let due = time.now + nextMs()
  const arrive = () => {
    const at = one(colos.length)
    const colo = colos[at]!
    const store = colo.isolates[one(colo.isolates.length)]!
    send(nextRequest(), { colo, store, name: `colo-${at}` })
    if (time.now >= countsFrom) left -= 1
    if (left > 0) time.at((due += nextMs()), arrive)
  }
  time.at(due, arrive)
}

function requests(scenario: Scenario, random: () => number): () => ParsedRequest {
  const { tenants, questions, exponent, ttlSeconds } = scenario
  let asked = 0
  if (exponent === undefined) return () => parsedRequest(0, (asked += 1), ttlSeconds)
  const question = zipf(questions, exponent, random)
  const known = new Map<string, ParsedRequest>()
  return () => {
    const [tenant, number] = [Math.floor(random() * tenants), question()]
    const name = `${tenant}:${number}`
    const request = known.get(name) ?? parsedRequest(tenant, number, ttlSeconds)
    known.set(name, request)
    return request
  }
}
