import type { Memory } from '../stream/memory-budget.ts'
import { IdleTimer } from '../stream/timeout.ts'

export interface BroadcastOptions {
  /** How much one source may buffer for its followers. */
  readonly limitBytes: number
  /** The budget that buffered bytes count in. */
  readonly memory: Memory
  /** A follower that reads nothing for this long, although bytes are available, is dropped. */
  readonly idleMs: number
  readonly now: () => number
}

/** Reads a broadcast at its own pace. */
export interface Follower {
  /** The next chunk; undefined at the end. Rejects if the source broke or the follower was dropped. */
  next(): Promise<Uint8Array | undefined>
  /** Further chunks that are available already, up to 64 KiB. */
  more(): Uint8Array[]
  leave(): void
}

const LONGEST_BATCH_BYTES = 65_536
/** What each source may buffer even if memory is short, so that no slow follower holds up the others. */
const FLOOR_BYTES = 262_144

/** Rejects the reads of a follower that was too slow and has been dropped. */
class TooSlow extends Error {
  override readonly name = 'TooSlow'
}

/** Rejects the reads of a follower that left before the end. */
class Left extends Error {
  override readonly name = 'Left'
}

/** A follower and its position. */
interface Place {
  at: number
  readonly onLost: () => void
  lost?: Error
  readonly idle: IdleTimer
}

/**
 * One source with many followers. Each reads the same list of chunks from the first byte with its
 * own cursor, so no follower waits for another. The list keeps everything up to its limit. Past the
 * limit nobody may join, chunks that all have read are dropped, and so are followers that are far
 * behind. If all followers are level, the source waits for them, as it would for a single caller.
 */
export class Broadcast {
  private chunks: Uint8Array[] = []
  /** The position of the first chunk that is still buffered. */
  private start = 0
  private heldBytes = 0
  private readonly places = new Set<Place>()
  private over: { readonly error?: unknown } | undefined
  /** Resolves when there is something new to read. */
  private arrived = Promise.withResolvers<void>()
  /** Resolves when a follower has read something, or has left. */
  private taken = Promise.withResolvers<void>()
  private isClosed = false
  private isRetired = false
  private readonly options: BroadcastOptions
  /** Resolves when the source has ended or failed. */
  readonly ended: Promise<void>

  constructor(source: ReadableStream<Uint8Array>, options: BroadcastOptions) {
    this.options = options
    this.ended = this.pump(source)
  }

  /** Whether nobody can join any more. */
  get closed(): boolean {
    return this.isClosed
  }

  /** Whether the source has ended or failed. */
  get hasEnded(): boolean {
    return this.over !== undefined
  }

  /**
   * Adds a follower from the first byte; undefined if nobody can join. `onLost` is called if it is
   * dropped.
   */
  join(onLost: () => void = () => {}): Follower | undefined {
    // A new follower needs room to catch up.
    if (this.isClosed || this.heldBytes > this.options.limitBytes / 2) return undefined
    const { idleMs, now } = this.options
    const place: Place = {
      at: this.start,
      onLost,
      idle: new IdleTimer(idleMs, () => this.dropIfIdle(place), now),
    }
    this.places.add(place)
    place.idle.start()
    return {
      next: () => this.next(place),
      more: () => this.more(place),
      leave: () => this.drop(place, new Left()),
    }
  }

  /** Closes it, and releases its memory once the last follower has read everything. */
  retire(): void {
    this.isRetired = true
    this.isClosed = true
    this.forgetIfDone()
  }

  private async next(place: Place): Promise<Uint8Array | undefined> {
    place.idle.pause()
    for (;;) {
      if (place.lost !== undefined) throw place.lost
      const chunk = this.chunks[place.at - this.start]
      if (chunk !== undefined) {
        place.at += 1
        place.idle.start()
        this.taken.resolve()
        return chunk
      }
      if (this.over !== undefined) {
        this.drop(place)
        if ('error' in this.over) throw this.over.error
        return undefined
      }
      await this.arrived.promise
    }
  }

  private more(place: Place): Uint8Array[] {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for (;;) {
      const chunk = this.chunks[place.at - this.start]
      bytes += chunk?.length ?? 0
      if (chunk === undefined || bytes > LONGEST_BATCH_BYTES) break
      chunks.push(chunk)
      place.at += 1
    }
    if (chunks.length > 0) this.taken.resolve()
    return chunks
  }

  private dropIfIdle(place: Place): void {
    const nothingToTake = place.at === this.end && this.over === undefined
    if (nothingToTake) place.idle.start()
    else this.drop(place, new TooSlow(`Nothing was read for ${this.options.idleMs} ms.`))
  }

  private drop(place: Place, lost?: Error): void {
    place.idle.stop()
    const wasHere = this.places.delete(place)
    this.taken.resolve()
    this.forgetIfDone()
    if (lost === undefined || !wasHere) return
    place.lost = lost
    this.tell() // wake it if it is waiting
    if (lost instanceof TooSlow) place.onLost()
  }

  private forgetIfDone(): void {
    if (this.isRetired && this.places.size === 0) this.forget(this.chunks.length)
  }

  /** Wakes the followers that wait for a chunk. */
  private tell(): void {
    const { resolve } = this.arrived
    this.arrived = Promise.withResolvers()
    resolve()
  }

  private async pump(source: ReadableStream<Uint8Array>): Promise<void> {
    const reader = source.getReader()
    try {
      for (;;) {
        await this.room()
        const { done, value } = await reader.read()
        if (done) break
        if (value.length === 0) continue // byte streams do not accept empty chunks
        this.chunks.push(value)
        this.heldBytes += value.length
        this.options.memory.take(value.length)
        this.tell()
      }
      this.over = {}
    } catch (error) {
      this.over = { error }
    }
    this.tell()
  }

  /** Resolves when another chunk may be read from the source. */
  private async room(): Promise<void> {
    const { limitBytes, memory } = this.options
    const limit = () => (memory.isShort ? Math.min(limitBytes, FLOOR_BYTES) : limitBytes)
    const isFull = () => this.heldBytes > limit()
    while (isFull()) {
      this.taken = Promise.withResolvers()
      this.isClosed = true
      this.forget(this.slowest() - this.start)
      if (!isFull()) return
      // If the slowest is about level with the others, wait for it; otherwise drop it.
      const slowest = this.slowest()
      if (this.bytesBehind(slowest) <= limit() / 2) await this.taken.promise
      else {
        for (const place of this.places) {
          if (place.at === slowest) this.drop(place, new TooSlow('Too far behind the others.'))
        }
      }
    }
  }

  /** How many bytes the furthest follower is ahead of this position. */
  private bytesBehind(from: number): number {
    let furthest = from
    for (const { at } of this.places) furthest = Math.max(furthest, at)
    return this.chunks
      .slice(from - this.start, furthest - this.start)
      .reduce((bytes, chunk) => bytes + chunk.length, 0)
  }

  /** The position of the slowest follower; the end if there is none. */
  private slowest(): number {
    let slowest = this.end
    for (const { at } of this.places) slowest = Math.min(slowest, at)
    return slowest
  }

  private get end(): number {
    return this.start + this.chunks.length
  }

  private forget(count: number): void {
    for (const chunk of this.chunks.splice(0, count)) {
      this.heldBytes -= chunk.length
      this.options.memory.release(chunk.length)
    }
    this.start += count
  }
}
