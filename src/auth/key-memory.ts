import type { CacheApi } from '../store/cache-api.ts'
import { Lru } from '../store/memory.ts'

/** Something that LiteLLM said of a key. */
interface KeyFact {
  /** When LiteLLM was asked, epoch ms. */
  readonly checkedAt: number
}

export interface KeyMemoryOptions<Fact extends KeyFact> {
  /** What other isolates know; undefined if there is no such place. */
  readonly colo: CacheApi<Fact> | undefined
  /** How long the data centre keeps a fact. */
  readonly keepSeconds: number
  /** How large a fact is, beside its digest and its place in memory. */
  readonly bytesOf: (fact: Fact) => number
  readonly now: () => number
}

/** What LiteLLM said counts for so long. */
const FRESH_MS = 60_000
/** From this age on LiteLLM is asked again, while the caller goes on with what is known. */
const RENEW_MS = 45_000
/** Clocks differ; a fact that is further in the future was made up. */
const CLOCK_SKEW_MS = 5_000
const MEMORY_BYTES = 4 * 1024 * 1024
/** A digest, an instant, a place in the map. */
const OVERHEAD_BYTES = 512

/**
 * What LiteLLM said of keys, by their SHA-256: in this isolate, and in the data centre. Of two facts
 * the one that was asked for later counts.
 */
export class KeyMemory<Fact extends KeyFact> {
  private readonly facts: Lru<Fact>
  /** How many are asking about a key at the moment. */
  private readonly asking = new Map<string, number>()
  private readonly options: KeyMemoryOptions<Fact>

  constructor(options: KeyMemoryOptions<Fact>) {
    this.options = options
    this.facts = new Lru(MEMORY_BYTES, (fact) => OVERHEAD_BYTES + options.bytesOf(fact))
  }

  ageMs({ checkedAt }: Fact): number {
    return this.options.now() - checkedAt
  }

  isFresh(fact: Fact): boolean {
    const ageMs = this.ageMs(fact)
    return ageMs >= -CLOCK_SKEW_MS && ageMs < FRESH_MS
  }

  /** Whether a fresh fact should be asked for again, and nobody does so yet. */
  isDue(digest: string, fact: Fact): boolean {
    return this.ageMs(fact) >= RENEW_MS && !this.asking.has(digest)
  }

  /** What this isolate knows, however old. */
  known(digest: string): Fact | undefined {
    return this.facts.get(digest)
  }

  /** What this isolate knows; the data centre too, if that is not fresh. */
  async recall(digest: string): Promise<Fact | undefined> {
    const { colo } = this.options
    const here = this.facts.get(digest)
    if (colo === undefined || (here !== undefined && this.isFresh(here))) return here
    const there = await colo.get(digest)
    if (there !== undefined && this.ageMs(there) >= -CLOCK_SKEW_MS) this.set(digest, there)
    return this.facts.get(digest)
  }

  /** Keeps a fact here and in the data centre, unless a younger one is known here. */
  remember(digest: string, fact: Fact, waitUntil: (work: Promise<unknown>) => void): void {
    const { colo, keepSeconds } = this.options
    const isNewest = this.set(digest, fact)
    if (isNewest && colo !== undefined) waitUntil(colo.set(digest, fact, keepSeconds))
  }

  /** Notes that LiteLLM is being asked about a key until this work is done. */
  async whileAsking<Result>(digest: string, work: Promise<Result>): Promise<Result> {
    this.asking.set(digest, (this.asking.get(digest) ?? 0) + 1)
    try {
      return await work
    } finally {
      const others = (this.asking.get(digest) ?? 1) - 1
      if (others > 0) this.asking.set(digest, others)
      else this.asking.delete(digest)
    }
  }

  private set(digest: string, fact: Fact): boolean {
    const isNewest = fact.checkedAt >= (this.facts.get(digest)?.checkedAt ?? 0)
    if (isNewest) this.facts.set(digest, fact)
    return isNewest
  }
}
