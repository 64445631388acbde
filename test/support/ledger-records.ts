import { LATENCY_BOUNDS_MS, LATENCY_BUCKETS } from '../../src/ledger/histogram.ts'
import type { LedgerRecords } from './batch-of.ts'
import { ledgerOutcomes } from '../../src/ledger/record.ts'
import type { DecisionRecord, RequestRecord } from '../../src/ledger/record.ts'

const HOUR_MS = 3_600_000
const MODELS = ['openai/gpt-5-mini', 'anthropic/opus', 'local-chat-model', 'embedder', '']
const APIS = ['/v1/chat/completions', '/v1/messages', '/v1/embeddings']
const STATUSES = [200, 200, 200, 200, 200, 200, 201, 400, 401, 404, 429, 500, 502, 504]
const VERDICTS = ['hit', 'not the same', 'judge unavailable', 'original unknown']
const TENANTS = Array.from({ length: 17 }, (_, at) => (at === 0 ? '' : `tenant-${at}`))

/** A batch without anything in it. */
export const NO_RECORDS: LedgerRecords = { requests: [], decisions: [], events: [], gauges: [] }

/** A number generator with a seed (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
export function randomNumbers(seed: number) {
  let state = BigInt(seed)
  const next = () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffffffffffffffffn
    return Number(state >> 11n) / 2 ** 53
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)]!
  const maybe = <Value>(value: Value) => (next() < 0.8 ? value : undefined)
  return { next, below, oneOf, maybe }
}

type Random = ReturnType<typeof randomNumbers>

/** Sums of such amounts are exact, in any order. */
const exactUsd = (random: Random) => random.below(1_000_000) / 2 ** 24

/** A request of the time before `until`. */
export function randomRequest(random: Random, until: number, duringMs: number): RequestRecord {
  const outcome = random.oneOf(ledgerOutcomes)
  const status = random.oneOf(STATUSES)
  const isHit = ['exact-hit', 'semantic-hit', 'coalesced', 'stale'].includes(outcome)
  return {
    at: until - 1 - random.below(duringMs),
    requestId: `request-${random.below(1e9)}`,
    tenant: random.oneOf(TENANTS),
    model: random.oneOf(MODELS),
    api: random.oneOf(APIS),
    outcome,
    tier: outcome === 'exact-hit' ? random.oneOf(['memory', 'colo', 'qdrant'] as const) : '',
    status,
    error: status < 400 ? undefined : `status ${status}`,
    latencyMs: random.oneOf([...LATENCY_BOUNDS_MS, 0, 70_000, random.below(10_000)]),
    saved:
      isHit && status < 400
        ? {
            inputTokens: random.maybe(random.below(5_000)),
            outputTokens: random.maybe(random.below(500)),
            usd: random.maybe(exactUsd(random)),
            ms: random.maybe(random.below(30_000)),
          }
        : undefined,
  }
}

/** A semantic hit of the time before `until`. */
export function randomDecision(random: Random, until: number, duringMs: number): DecisionRecord {
  const judged = random.next() < 0.9
  return {
    at: until - 1 - random.below(duringMs),
    tenant: random.oneOf(TENANTS),
    model: random.oneOf(MODELS),
    verdict: random.oneOf(VERDICTS),
    shadow: random.next() < 0.5,
    same: judged ? random.oneOf([0, 0.1, 0.95, 1, random.next()]) : undefined,
    agrees: random.oneOf([true, false, undefined]),
    judgeUsd: judged ? (random.maybe(exactUsd(random)) ?? null) : undefined,
    judgeMs: judged ? random.below(1_000) : undefined,
  }
}

/** What is asked of a plain count. */
export interface Asked {
  readonly from: number
  readonly to: number
  readonly tenant: string | undefined
}

const isIn =
  ({ from, to, tenant }: Asked) =>
  (record: { readonly at: number; readonly tenant: string }) =>
    record.at >= from && record.at < to && (tenant === undefined || record.tenant === tenant)

/** The requests that were answered from a cache without an error. */
const isHit = ({ outcome, status }: RequestRecord) =>
  status < 400 && /^(exact-hit|semantic-hit|coalesced|stale)$/.test(outcome)

const total = <Item>(items: readonly Item[], amount: (item: Item) => number) =>
  items.reduce((sum, item) => sum + amount(item), 0)

/** Sums over requests, counted one by one. */
export const plainSums = (requests: readonly RequestRecord[]) => ({
  requests: requests.length,
  hits: requests.filter(isHit).length,
  rejected: requests.filter(({ outcome }) => outcome === 'rejected').length,
  failed: requests.filter(({ status }) => status >= 500).length,
  savedInputTokens: total(requests, ({ saved }) => saved?.inputTokens ?? 0),
  savedOutputTokens: total(requests, ({ saved }) => saved?.outputTokens ?? 0),
  savedUsd: total(requests, ({ saved }) => saved?.usd ?? 0),
  savedMs: total(requests, ({ saved }) => saved?.ms ?? 0),
  unpricedHits: requests.filter(({ saved }) => saved !== undefined && saved.usd === undefined)
    .length,
})

/** The same with latencies. */
export const plainLatencies = (requests: readonly RequestRecord[]) => ({
  ...plainSums(requests),
  latencySumMs: total(requests, ({ latencyMs }) => latencyMs),
  latency: Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => {
    const above = LATENCY_BOUNDS_MS[bucket - 1] ?? -1
    const upTo = LATENCY_BOUNDS_MS[bucket] ?? Infinity
    return requests.filter(({ latencyMs }) => latencyMs > above && latencyMs <= upTo).length
  }),
})

/** Items by a name of theirs. */
export function by<Item>(items: readonly Item[], nameOf: (item: Item) => string) {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item])
  return groups
}

/** What a report of these records must say, counted one by one; lists by name. */
export function plainReport(
  records: Pick<LedgerRecords, 'requests' | 'decisions'>,
  asked: Asked,
  stepMs = HOUR_MS,
) {
  const requests = records.requests.filter(isIn(asked))
  const sums = (nameOf: (request: RequestRecord) => string) =>
    Object.fromEntries([...by(requests, nameOf)].map(([name, some]) => [name, plainSums(some)]))
  const stepOf = ({ at, outcome }: RequestRecord) => `${at - (at % stepMs)} ${outcome}`
  return {
    series: Object.fromEntries(
      [...by(requests, stepOf)].map(([step, some]) => [step, plainSums(some)]),
    ),
    outcomes: Object.fromEntries(
      [...by(requests, ({ outcome, tier }) => `${outcome} ${tier}`)].map(([name, some]) => [
        name,
        plainLatencies(some),
      ]),
    ),
    models: sums(({ model }) => model),
    tenants: sums(({ tenant }) => tenant),
    apis: sums(({ api }) => api),
    ...plainDecisions(records.decisions.filter(isIn(asked))),
  }
}

/** What became of semantic hits, counted one by one. */
export function plainDecisions(decisions: readonly DecisionRecord[]) {
  const asked = decisions.filter(({ judgeUsd }) => judgeUsd !== undefined)
  return {
    verdicts: Object.fromEntries(
      [...by(decisions, ({ verdict, shadow }) => `${verdict} ${shadow}`)].map(([name, some]) => [
        name,
        {
          decisions: some.length,
          agreed: some.filter(({ agrees }) => agrees === true).length,
          disagreed: some.filter(({ agrees }) => agrees === false).length,
        },
      ]),
    ),
    probabilities: Array.from(
      { length: 10 },
      (_, tenth) =>
        decisions.filter(
          ({ same = -1 }) => same * 10 >= tenth && (same * 10 < tenth + 1 || tenth === 9),
        ).length,
    ),
    judge: {
      calls: asked.length,
      usd: total(asked, ({ judgeUsd }) => judgeUsd ?? 0),
      unpriced: asked.filter(({ judgeUsd }) => judgeUsd === null).length,
      ms: total(asked, ({ judgeMs }) => judgeMs ?? 0),
    },
  }
}
