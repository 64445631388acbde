import type { Memory } from '../stream/memory-budget.ts'
import { IdleTimer } from '../stream/timeout.ts'

export interface BroadcastOptions {
  /** What one source may hold for its followers. */
  readonly limitBytes: number
  /** Where what is held counts. */
  readonly memory: Memory
  /** A follower that takes nothing for so long, with something to take, is let go. */
  readonly idleMs: number
  readonly now: () => number
}

/** Who reads a broadcast at a pace of its own. */
export interface Follower {
  /** The next chunk, undefined at the end. Rejects when the source broke, or the follower was dropped. */
  next(): Promise<Uint8Array | undefined>
  /** Further chunks that are here already, up to 64 KiB. */
  more(): Uint8Array[]
  leave(): void
}

const LONGEST_BATCH_BYTES = 65_536
/** What each source may hold even if memory is short: else its slowest follower would set the pace. */
const FLOOR_BYTES = 262_144

/** A follower that was too slow, while the others were not. */
class TooSlow extends Error {
  override readonly name = 'TooSlow'
}

/** A follower that has left, for whoever still reads from it. */
class Left extends Error {
  override readonly name = 'Left'
}

/** A follower and how far it has come. */
interface Place {
  at: number
  readonly onLost: () => void
  lost?: Error
  readonly idle: IdleTimer
}

/**
 * One source for many followers: each reads by its own cursor from one list of chunks, from the first
 * byte, so that nobody waits for anybody. The list keeps everything until it is over its limit; from
 * then on nobody may join, what all have read is forgotten, and who is far behind is let go. With
 * every follower level, the source waits for them, as it would for a single caller.
 */
export class Broadcast {
  private chunks: Uint8Array[] = []
  /** The place of the first chunk that is still there. */
  private start = 0
  private heldBytes = 0
  private readonly places = new Set<Place>()
  private over: { readonly error?: unknown } | undefined
  /** Resolves when there is something new for followers. */
  private arrived = Promise.withResolvers<void>()
  /** Resolves when a follower took something, or is gone. */
  private taken = Promise.withResolvers<void>()
  private isClosed = false
  private isRetired = false
  private readonly options: BroadcastOptions
  /** Resolves when the source has come to its end, or broke. */
  readonly ended: Promise<void>

  constructor(source: ReadableStream<Uint8Array>, options: BroadcastOptions) {
    this.options = options
    this.ended = this.pump(source)
  }

  /** Whether the beginning is gone, so that nobody can join. */
  get closed(): boolean {
    return this.isClosed
  }

  /** Whether all bytes are here, or no more will come. */
  get hasEnded(): boolean {
    return this.over !== undefined
  }

  /** A follower from the first byte on, `onLost` when it is let go; undefined when that byte is gone. */
  join(onLost: () => void = () => {}): Follower | undefined {
    // Whoever joins must have room to catch up in.
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

  /** Closes it, and lets its memory go as soon as the last follower is through. */
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
    this.tell() // it may be waiting for more
    if (lost instanceof TooSlow) place.onLost()
  }

  private forgetIfDone(): void {
    if (this.isRetired && this.places.size === 0) this.forget(this.chunks.length)
  }

  /** Wakes the followers that wait for more. */
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
        if (value.length === 0) continue // a byte stream takes none
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

  /** Resolves when there is room for another chunk. */
  private async room(): Promise<void> {
    const { limitBytes, memory } = this.options
    const limit = () => (memory.isShort ? Math.min(limitBytes, FLOOR_BYTES) : limitBytes)
    const isFull = () => this.heldBytes > limit()
    while (isFull()) {
      this.taken = Promise.withResolvers()
      this.isClosed = true
      this.forget(this.slowest() - this.start)
      if (!isFull()) return
      // Who is level with the others, as far as can be told, is no slower than they are.
      const slowest = this.slowest()
      if (this.bytesBehind(slowest) <= limit() / 2) await this.taken.promise
      else {
        for (const place of this.places) {
          if (place.at === slowest) this.drop(place, new TooSlow('Too far behind the others.'))
        }
      }
    }
  }

  /** How much whoever has read most has read beyond this place. */
  private bytesBehind(from: number): number {
    let furthest = from
    for (const { at } of this.places) furthest = Math.max(furthest, at)
    return this.chunks
      .slice(from - this.start, furthest - this.start)
      .reduce((bytes, chunk) => bytes + chunk.length, 0)
  }

  /** The place of whoever has read least; the end, where nobody reads. */
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
