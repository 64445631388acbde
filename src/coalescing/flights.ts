import type { ParsedRequest } from '../apis/request.ts'
import type { Entry } from '../cache/entry.ts'
import type { Memory, MemoryBudget } from '../stream/memory-budget.ts'
import { warn } from '../telemetry/log.ts'
import { askAndRecord } from '../upstream/answer.ts'
import type { AskUpstream, UpstreamCall } from '../upstream/call.ts'
import type { Broadcast } from './broadcast.ts'
import { Flight, wishesOf } from './flight.ts'
import type { Frame } from './frames.ts'

export interface FlightsOptions {
  readonly ask: AskUpstream
  readonly store: (id: string, entry: Entry) => Promise<void>
  readonly maxEntryBytes: number
  readonly storeSemanticHits: boolean
  /** Whether a call goes on when the last caller has left. */
  readonly finishAbandoned: boolean
  /** What all flights of the isolate may hold together. */
  readonly memory: MemoryBudget
  /** Is told of work that callers do not wait for. */
  readonly waitUntil: (work: Promise<void>) => void
  /** Keeps the place alive for flights that nobody waits for. */
  readonly keepAwake: () => void
  readonly now: () => number
}

/** A follower that takes nothing for so long is let go. */
const IDLE_MS = 30_000
/** Nobody waits in line for a request whose answers fail, or can't be kept (hit-for-miss). */
const NOT_SERIALISED_MS = 10_000
/** How long a kept answer stays for callers whose lookup began before it was kept. */
const LINGER_MS = 1_000
/** An answer whose write takes longer than this is given to nobody new. */
const LONGEST_KEEPING_MS = 10_000
/** A call that nobody waits for is given up after this. */
const LONGEST_DETACHED_MS = 300_000

/**
 * The flights of one request, asked with the same controls: at most one for JSON and one for
 * streams. Whoever comes while one is under way shares it.
 */
export class Flights {
  /** What a newcomer may share. */
  private readonly open = new Set<Flight>()
  /** What goes on with nobody waiting. */
  private readonly unattended = new Set<Promise<void>>()
  private aloneUntil = 0
  private readonly options: FlightsOptions
  private readonly memory: Memory

  constructor(options: FlightsOptions) {
    this.options = options
    this.memory = options.memory.accountOf(this)
  }

  /** An answer for one more caller, who is gone when `signal` fires; `left` must be called, too. */
  join(
    call: UpstreamCall,
    signal: AbortSignal,
  ): { frames: AsyncGenerator<Frame>; left: () => void } {
    if (signal.aborted) return refused('nobody waits')
    const shared = this.shareable(call)
    if (shared === undefined) {
      if (this.options.now() < this.aloneUntil) return refused('not serialised')
      if (this.memory.isShort) return refused('memory is short')
    }
    const flight = shared ?? this.start(call)
    flight.followers += 1
    let here = true
    // What the caller sent is not held on to while it is being answered.
    const wishes = wishesOf(call.request)
    const frames = flight.answer(wishes, shared !== undefined, () => left())
    const left = () => {
      if (!here) return
      here = false
      flight.followers -= 1
      this.abandonIfEmpty(flight)
      frames.return().catch(() => {}) // what it fails with, nobody is there to hear
    }
    signal.addEventListener('abort', left, { once: true })
    return { frames, left }
  }

  /** Makes a new answer that nobody waits for, unless the caller's lookup has just missed one. */
  refresh(call: UpstreamCall): void {
    const { lookedUpAt } = call
    const isNewer = [...this.open].some(({ keptAt = Infinity }) => lookedUpAt < keptAt)
    if (isNewer || this.memory.isShort || this.options.now() < this.aloneUntil) return
    this.detach(this.start(call))
  }

  /** Resolves when no flight is left that nobody waits for. */
  async detached(): Promise<void> {
    while (this.unattended.size > 0) await Promise.all(this.unattended)
  }

  /** The flight that this request may share. A stream's caller would wait too long for JSON. */
  private shareable({ request, lookedUpAt }: UpstreamCall): Flight | undefined {
    const { stream, controls } = request
    const { read, maxAgeSeconds = Infinity } = controls
    // A finished one is for a caller whose lookup could not find its answer yet.
    const now = this.options.now()
    const wasMissed = ({ finishedAt = now, keptAt = Infinity }: Flight) =>
      read && maxAgeSeconds > 0 && lookedUpAt < keptAt && now - finishedAt < LONGEST_KEEPING_MS
    const able = [...this.open].filter(
      (flight) =>
        (flight.stream || !stream) && (flight.finishedAt === undefined || wasMissed(flight)),
    )
    return able.find((flight) => flight.stream === stream) ?? able[0]
  }

  private start(call: UpstreamCall): Flight {
    const { memory } = this
    const { ask, maxEntryBytes, storeSemanticHits, now } = this.options
    const flight = new Flight(
      call.request,
      (signal) =>
        askAndRecord(call.request, {
          ask: () => ask(call, signal),
          maxEntryBytes,
          storeSemanticHits,
          memory,
          now,
        }),
      { limitBytes: 2 * maxEntryBytes, memory, idleMs: IDLE_MS },
    )
    this.open.add(flight)
    flight.over = this.watch(flight, call.request).catch((error: unknown) =>
      warn('flight failed', error),
    )
    this.options.waitUntil(flight.over)
    return flight
  }

  /** Follows a flight to its end; keeps its answer, or remembers that waiting for it is no use. */
  private async watch(flight: Flight, { key }: ParsedRequest): Promise<void> {
    let broadcast: Broadcast | undefined
    try {
      const begun = await flight.begun.catch(() => undefined) // its callers are told
      if (begun === undefined) return
      broadcast = begun.broadcast
      const { response, ended } = begun.filled
      if (response.status !== 200) this.close(flight)
      await broadcast.ended
      flight.finishedAt = this.options.now()
      const { admission } = await ended
      if ('entry' in admission && key !== undefined)
        await this.keep(flight, key.id, admission.entry)
    } finally {
      const isOver = () => {
        this.open.delete(flight)
        broadcast?.retire()
      }
      if (flight.keptAt === undefined) {
        this.close(flight)
        isOver()
      } else setTimeout(isOver, LINGER_MS)
    }
  }

  private async keep(flight: Flight, id: string, entry: Entry): Promise<void> {
    await this.options.store(id, entry).catch((error: unknown) => warn('entry not stored', error))
    flight.keptAt = this.options.now()
  }

  /** Nobody joins this one any more, or waits for the next. */
  private close(flight: Flight): void {
    this.open.delete(flight)
    if (!flight.wasAbandoned) this.aloneUntil = this.options.now() + NOT_SERIALISED_MS
  }

  private abandonIfEmpty(flight: Flight): void {
    if (flight.followers > 0 || flight.detached || flight.finishedAt !== undefined) return
    if (this.options.finishAbandoned && !flight.isOverdue) return this.detach(flight)
    flight.abandon()
    this.open.delete(flight)
  }

  private detach(flight: Flight): void {
    flight.detached = true
    this.options.keepAwake()
    const { over } = flight
    const timer = setTimeout(() => {
      // Whoever has joined since is not cut off; when they leave, it ends.
      flight.isOverdue = true
      flight.detached = false
      this.abandonIfEmpty(flight)
    }, LONGEST_DETACHED_MS)
    this.unattended.add(over)
    void over.then(() => {
      clearTimeout(timer)
      this.unattended.delete(over)
    })
  }
}

async function* one(frame: Frame): AsyncGenerator<Frame, void, undefined> {
  yield frame
}

function refused(why: string): { frames: AsyncGenerator<Frame>; left: () => void } {
  return { frames: one({ kind: 'alone', why }), left: () => {} }
}
