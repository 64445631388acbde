import type { CacheApi } from '../store/cache-api.ts'
import { Lru } from '../store/memory.ts'

/** A fact about a key, as LiteLLM reported it. */
interface KeyFact {
  /** When LiteLLM was asked, epoch ms. */
  readonly checkedAt: number
}

export interface KeyMemoryOptions<Fact extends KeyFact> {
  /** Shares facts between isolates; undefined if there is no such cache. */
  readonly colo: CacheApi<Fact> | undefined
  /** How long a fact stays in the data centre's cache. */
  readonly keepSeconds: number
  /** The size of a fact, without its digest and overhead. */
  readonly bytesOf: (fact: Fact) => number
  readonly now: () => number
}

/** How long a fact is fresh. */
const FRESH_MS = 60_000
/** From this age on, a fact is renewed in the background. */
const RENEW_MS = 45_000
/** Allowed clock difference. A fact further in the future is not genuine. */
const CLOCK_SKEW_MS = 5_000
const MEMORY_BYTES = 4 * 1024 * 1024
/** Estimated size of a digest, an instant and their map slot. */
const OVERHEAD_BYTES = 512

/**
 * Facts about keys by their SHA-256, in this isolate and in the data centre. Of two facts, the one
 * requested later wins.
 */
export class KeyMemory<Fact extends KeyFact> {
  private readonly facts: Lru<Fact>
  /** How many checks of a key are under way. */
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

  /** Whether a fresh fact should be renewed and no check is under way. */
  isDue(digest: string, fact: Fact): boolean {
    return this.ageMs(fact) >= RENEW_MS && !this.asking.has(digest)
  }

  /** This isolate's fact, whatever its age. */
  known(digest: string): Fact | undefined {
    return this.facts.get(digest)
  }

  /** This isolate's fact, or the data centre's if this one is not fresh. */
  async recall(digest: string): Promise<Fact | undefined> {
    const { colo } = this.options
    const here = this.facts.get(digest)
    if (colo === undefined || (here !== undefined && this.isFresh(here))) return here
    const there = await colo.get(digest)
    if (there !== undefined && this.ageMs(there) >= -CLOCK_SKEW_MS) this.set(digest, there)
    return this.facts.get(digest)
  }

  /** Stores a fact here and in the data centre, unless a later one is known here. */
  remember(digest: string, fact: Fact, waitUntil: (work: Promise<unknown>) => void): void {
    const { colo, keepSeconds } = this.options
    const isNewest = this.set(digest, fact)
    if (isNewest && colo !== undefined) waitUntil(colo.set(digest, fact, keepSeconds))
  }

  /** Marks a key as being checked until this work is done. */
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
