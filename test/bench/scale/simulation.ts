import type { ParsedRequest } from '../../../src/apis/request.ts'
import { join, mayShare } from '../../../src/coalescing/client.ts'
import type { CoalescingOptions } from '../../../src/coalescing/client.ts'
import { POOL_BUSY } from '../../../src/coalescing/coalescer.ts'
import { settings } from '../../../src/config.ts'
import { lookUp } from '../../../src/middleware/lookup.ts'
import type { TierName } from '../../../src/store/store.ts'
import { Trace } from '../../../src/telemetry/trace.ts'
import { askAndRecord } from '../../../src/upstream/answer.ts'
import type { AskUpstream, UpstreamCall } from '../../../src/upstream/call.ts'
import { PendingBody } from '../../../src/upstream/pending-body.ts'
import { Colo, MAX_ENTRY_BYTES, storeInMemory } from './deployment.ts'
import { sendRequests, warmUpMs } from './traffic.ts'
import type { Place, Scenario } from './traffic.ts'
import { VirtualTime } from './virtual-time.ts'

/** What became of the counted requests. */
export interface Counts {
  readonly hits: Record<TierName, number>
  requests: number
  upstreamCalls: number
  /** Requests that shared another one's call. */
  collapsed: number
  /** Requests that went alone because the pool had no room. */
  busy: number
  /** The busiest member's share of the requests that were sent to a pool, in one data centre. */
  busiest: number
}

const START = 1_790_000_000_000
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: START / 1000,
  model: 'small',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Air scatters blue light. '.repeat(10) },
    },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 60, total_tokens: 69 },
}

/** The defaults of the settings that a simulation does not vary. */
const config = settings
  .partial({ LITELLM_URL: true, LITELLM_API_KEY: true, QDRANT_URL: true })
  .parse({})
const NOT_SAMPLED = { sampleRate: 0, includeContent: false }

/** Runs the gateway's own code on random requests, in virtual time. */
export async function simulate(scenario: Scenario): Promise<Counts> {
  const time = new VirtualTime(START)
  const now = () => time.now
  const counts = nothingCounted()
  const countsFrom = START + warmUpMs(scenario)
  const isCounted = () => time.now >= countsFrom

  const ask: AskUpstream = async () => {
    if (isCounted()) counts.upstreamCalls += 1
    await time.after(scenario.latencyMs)
    return { response: Response.json(ANSWER) }
  }
  const qdrant = storeInMemory()
  const colos = Array.from(
    { length: scenario.colos },
    () => new Colo(qdrant, scenario.isolates, time, ask),
  )

  /** What the route does: look up, share a call or make one, keep the answer. */
  async function handle(request: ParsedRequest, { colo, name, store }: Place): Promise<void> {
    const counted = isCounted()
    if (counted) counts.requests += 1
    const trace = new Trace('request', {
      policy: NOT_SAMPLED,
      sampled: false,
      link: undefined,
      now,
    })
    const lookup = { store, servesSemantic: () => false, now }
    const found = await lookUp(request, trace, () => {}, lookup)
    if ('answer' in found) {
      if (counted) counts.hits[found.tier] += 1
      return
    }
    const call = callFor(request, found.lookedUpAt)
    const pool = poolOf(colo, scenario.shards)
    const { signal } = new AbortController()
    const joined = mayShare(request, pool) ? await join(call, signal, name, pool) : undefined
    if (joined !== undefined && !('alone' in joined)) {
      if (counted && joined.collapsed) counts.collapsed += 1
      const { admission } = await joined.ended
      if ('entry' in admission) await store.putNear(request.key!.id, admission.entry)
      return
    }
    if (counted && joined?.alone === POOL_BUSY) counts.busy += 1
    const alone = { ask: () => ask(call, signal), maxEntryBytes: MAX_ENTRY_BYTES, now }
    const { ended } = await askAndRecord(request, { ...alone, storeSemanticHits: true })
    const { admission } = await ended
    if ('entry' in admission) await store.set(request.key!.id, admission.entry)
  }

  const failures: unknown[] = []
  sendRequests(scenario, time, colos, (asked, place) => {
    handle(asked, place).catch((error: unknown) => failures.push(error))
  })
  const restoreTimers = time.install()
  await time.run().finally(restoreTimers)
  if (failures.length > 0) throw failures[0]
  counts.busiest = busiestShare(colos)
  return counts
}

function callFor(request: ParsedRequest, lookedUpAt: number): UpstreamCall {
  return {
    request,
    body: new PendingBody('{}'),
    uncounted: '',
    headers: new Headers(),
    apiKey: request.payer,
    requestId: '',
    lookedUpAt,
    traceparent: undefined,
    showsAnswer: false,
  }
}

function poolOf(colo: Colo, shards: number): CoalescingOptions {
  return {
    namespace: {
      getByName: (name) => colo.getByName(name),
      jurisdiction: () => poolOf(colo, shards).namespace,
    },
    scope: 'colo',
    shards,
    maxRequestBytes: config.COALESCE_MAX_REQUEST_BYTES,
    timeoutMs: config.FLIGHT_TIMEOUT_MS,
  }
}

function busiestShare(colos: readonly Colo[]): number {
  const joins = colos.map((colo) => [...colo.joins.values()])
  const shares = joins.map((each) => Math.max(0, ...each) / each.reduce((sum, one) => sum + one, 0))
  return Math.max(0, ...shares.filter((share) => !Number.isNaN(share)))
}

const nothingCounted = (): Counts => ({
  hits: { memory: 0, colo: 0, qdrant: 0 },
  requests: 0,
  upstreamCalls: 0,
  collapsed: 0,
  busy: 0,
  busiest: 0,
})
