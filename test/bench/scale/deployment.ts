import { createHash } from 'node:crypto'
import { chatCompletions } from '../../../src/apis/chat-completions.ts'
import type { ParsedRequest } from '../../../src/apis/request.ts'
import type { Entry } from '../../../src/cache/entry.ts'
import type { ArrivingSeat, CoalescerStub } from '../../../src/coalescing/client.ts'
import { Coalescer } from '../../../src/coalescing/coalescer.ts'
import type { CallData } from '../../../src/coalescing/coalescer.ts'
import { cacheApiTier } from '../../../src/store/cache-api.ts'
import { memoryTier } from '../../../src/store/memory.ts'
import type { Store } from '../../../src/store/store.ts'
import { tiered } from '../../../src/store/tiered.ts'
import type { TieredStore } from '../../../src/store/tiered.ts'
import { MemoryBudget } from '../../../src/stream/memory-budget.ts'
import type { AskUpstream } from '../../../src/upstream/call.ts'
import { plainControls } from '../../support/controls.ts'
import { plainPolicy } from '../../support/policies.ts'
import type { VirtualTime } from './virtual-time.ts'

const MEBIBYTE = 2 ** 20
/** Production's defaults, and the size of the memory tier (src/config.ts, src/dependencies.ts). */
const COPY_TTL_MS = 30_000
const MEMORY_TIER_BYTES = 16 * MEBIBYTE
const MEMORY_BUDGET_BYTES = 64 * MEBIBYTE
export const MAX_ENTRY_BYTES = MEBIBYTE

/** Entries in memory, in place of Qdrant. */
export function storeInMemory(): Store {
  const points = new Map<string, Entry>()
  return {
    async get(id) {
      const entry = points.get(id)
      return entry && { entry, tier: 'qdrant' }
    },
    set: async (id, entry) => void points.set(id, entry),
    getMany: async () => new Map(),
    setMany: async () => {},
    findOriginal: async () => undefined,
    sweep: async () => ({ swept: 0, left: 0 }),
  }
}

/** A data centre: its Cache API, its isolates and its members of the coalescing pool. */
export class Colo {
  readonly isolates: readonly TieredStore[]
  /** How many requests each member of the pool was sent. */
  readonly joins = new Map<string, number>()
  private readonly coalescers = new Map<string, Coalescer>()
  private readonly newStore: () => TieredStore
  private readonly time: VirtualTime
  private readonly ask: AskUpstream

  constructor(qdrant: Store, isolates: number, time: VirtualTime, ask: AskUpstream) {
    this.time = time
    this.ask = ask
    const now = () => time.now
    const shared = cacheApiTier({
      cache: cacheInProcess(now),
      qdrantUrl: 'http://qdrant',
      collection: 'entries',
      now,
    })
    this.newStore = () =>
      tiered({
        near: [memoryTier(MEMORY_TIER_BYTES), shared],
        origin: qdrant,
        copyTtlMs: COPY_TTL_MS,
        now,
      })
    this.isolates = Array.from({ length: isolates }, this.newStore)
  }

  /** The member of the pool with this name, as a Durable Object namespace would give it. */
  getByName(name: string): CoalescerStub {
    const coalescer = this.coalescers.get(name) ?? this.newCoalescer()
    this.coalescers.set(name, coalescer)
    return {
      join: (data: CallData): ArrivingSeat => {
        this.joins.set(name, (this.joins.get(name) ?? 0) + 1)
        // RPC copies its arguments.
        const seat = Promise.resolve(coalescer.join(structuredClone(data)))
        return Object.assign(seat, { answer: async () => (await seat).answer() })
      },
      refresh: async (data) => coalescer.refresh(data),
    }
  }

  private newCoalescer(): Coalescer {
    return new Coalescer({
      apis: [chatCompletions],
      ask: this.ask,
      store: this.newStore().setInFirstTier,
      storeMany: async () => {},
      maxEntryBytes: MAX_ENTRY_BYTES,
      storeSemanticHits: true,
      finishAbandoned: false,
      memory: new MemoryBudget(MEMORY_BUDGET_BYTES),
      waitUntil: () => {},
      keepAwake: () => {},
      now: () => this.time.now,
    })
  }
}

/** The Cache API of one data centre, which keeps what it is given until it expires. */
function cacheInProcess(now: () => number): Pick<Cache, 'match' | 'put' | 'delete'> {
  const held = new Map<string, { readonly text: string; readonly until: number }>()
  return {
    async match(url) {
      const found = held.get(String(url))
      return found === undefined || found.until <= now() ? undefined : new Response(found.text)
    },
    async put(url, response) {
      const [, seconds] = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '') ?? []
      const until = now() + Number(seconds) * 1000
      held.set(String(url), { text: await response.text(), until })
    },
    delete: async (url) => held.delete(String(url)),
  }
}

/**
 * One tenant's question as the request parser would hand it on. Node's Web Crypto has no MD5, so the
 * digests are Node's own.
 */
export function parsedRequest(tenant: number, question: number, ttlSeconds: number): ParsedRequest {
  const text = JSON.stringify([tenant, question])
  const digest = (algorithm: string) => createHash(algorithm).update(text).digest('hex')
  const name = `tenant-${tenant}`
  return {
    api: chatCompletions,
    identity: { tenant: name, path: chatCompletions.path, namespace: '', headers: {} },
    model: 'small',
    user: undefined,
    session: undefined,
    bodyBytes: 1_000,
    stream: false,
    wantsUsage: false,
    ownOptions: undefined,
    expected: { count: 1 },
    key: { id: digest('md5'), proof: digest('sha256') },
    bypass: undefined,
    tenantUntil: Infinity,
    controls: { ...plainControls, ttlSeconds },
    policy: plainPolicy,
    payer: name,
    eligibility: { reason: undefined },
  }
}
