import type { Key } from '../cache/key.ts'
import type { Entry } from '../cache/entry.ts'
import type { Memory } from '../stream/memory-budget.ts'
import { warn } from '../telemetry/log.ts'
import { askAndRecord } from '../upstream/answer.ts'
import type { AskUpstream, UpstreamCall } from '../upstream/call.ts'
import { FlightSeat } from './flight-seat.ts'
import { Flight, wishesOf } from './flight.ts'
import type { FollowerWishes } from './flight.ts'
import { seatAlone } from './seat.ts'
import type { Seat } from './seat.ts'

export interface FlightGroupOptions {
  readonly ask: AskUpstream
  readonly store: (id: string, entry: Entry) => Promise<void>
  /** Stores the entries of a batch, by id. */
  readonly storeMany: (entries: ReadonlyMap<string, Entry>) => Promise<void>
  readonly maxEntryBytes: number
  readonly storeSemanticHits: boolean
  /** Whether a call continues after the last caller has left. */
  readonly finishAbandoned: boolean
  readonly memory: Memory
  /** Keeps the object alive for work that no caller waits for. */
  readonly waitUntil: (work: Promise<void>) => void
  /** Keeps the object alive for flights without callers. */
  readonly keepAwake: () => void
  /** Why no further upstream call may start now. */
  readonly refusal: () => string | undefined
  /** Called with each upstream call; the promise settles when its answer begins. */
  readonly onCall: (begun: Promise<unknown>) => void
  readonly now: () => number
}

/** A follower that reads nothing for this long is dropped. */
const IDLE_MS = 30_000
/** How long requests go alone after an answer that failed or cannot be stored (hit-for-miss). */
const NOT_SERIALISED_MS = 10_000
/** How long a finished flight stays open for requests whose lookup preceded the write. */
const LINGER_MS = 1_000
/** If the write takes longer, the finished flight takes no further requests. */
const LONGEST_WRITE_MS = 10_000
/** A call that no caller waits for is aborted after this. */
const LONGEST_DETACHED_MS = 300_000

/**
 * The flights of one request with one set of controls: at most one for JSON and one for streams.
 * Requests that arrive while one is in flight share it.
 */
export class FlightGroup {
  /** The flights that a new request may share. */
  private readonly open = new Set<Flight>()
  /** Flights that continue although no caller waits. */
  private readonly unattended = new Set<Promise<void>>()
  private aloneUntil = 0
  /** Whose request LiteLLM refused last; undefined if the last failure concerns everybody. */
  private refusedTo: string | undefined
  private readonly options: FlightGroupOptions

  constructor(options: FlightGroupOptions) {
    this.options = options
  }

  /** Whether this group can be deleted: it has no flights, and no failure to remember. */
  get isIdle(): boolean {
    const { now } = this.options
    return this.open.size === 0 && this.unattended.size === 0 && now() >= this.aloneUntil
  }

  /** Gives one more request a seat. The request leaves it when its caller leaves. */
  join(call: UpstreamCall): Seat {
    const shared = this.shareable(call)
    const wishes = wishesOf(call)
    if (shared === undefined) {
      if (this.isAlone(wishes)) return seatAlone('not serialised')
      const refusal = this.options.refusal()
      if (refusal !== undefined) return seatAlone(refusal)
    }
    const flight = shared ?? this.start(call, wishes)
    flight.followers += 1
    return new FlightSeat(flight, wishes, shared !== undefined, () => {
      flight.followers -= 1
      this.abandonIfEmpty(flight)
    })
  }

  /** Fetches a new answer in the background, unless one was stored since the caller's lookup. */
  refresh(call: UpstreamCall): void {
    const { lookedUpAt } = call
    const isNewer = [...this.open].some(({ storedAt = Infinity }) => lookedUpAt < storedAt)
    const wishes = wishesOf(call)
    if (isNewer || this.isAlone(wishes)) return
    if (this.options.refusal() === undefined) this.detach(this.start(call, wishes))
  }

  /** Whether this request goes alone after a failure. One caller's refusal does not concern the others. */
  private isAlone({ uncounted }: FollowerWishes): boolean {
    const isTheirs = this.refusedTo === undefined || this.refusedTo === uncounted
    return isTheirs && this.options.now() < this.aloneUntil
  }

  /** Resolves when no background flight is left. */
  async detached(): Promise<void> {
    while (this.unattended.size > 0) await Promise.all(this.unattended)
  }

  /** The flight that this request may share. For a stream's caller, a JSON flight takes too long. */
  private shareable({ request, lookedUpAt }: UpstreamCall): Flight | undefined {
    const { stream, controls } = request
    const { maxAgeSeconds = Infinity, ttlSeconds } = controls
    const longestMs = Math.min(LONGEST_WRITE_MS, maxAgeSeconds * 1000, ttlSeconds * 1000)
    // A finished flight is only for requests whose lookup could not find its answer yet.
    const now = this.options.now()
    const wasMissed = ({ finishedAt = now, storedAt = Infinity }: Flight) =>
      lookedUpAt < storedAt && now - finishedAt < longestMs
    const able = [...this.open].filter(
      (flight) =>
        (flight.stream || !stream) && (flight.finishedAt === undefined || wasMissed(flight)),
    )
    return able.find((flight) => flight.stream === stream) ?? able[0]
  }

  private start(call: UpstreamCall, wishes: FollowerWishes): Flight {
    const { ask, maxEntryBytes, storeSemanticHits, memory, onCall, now } = this.options
    const flight = new Flight(
      wishes,
      (signal) =>
        askAndRecord(call.request, {
          ask: () => ask(call, signal),
          maxEntryBytes,
          storeSemanticHits,
          memory,
          now,
        }),
      { limitBytes: 2 * maxEntryBytes, memory, idleMs: IDLE_MS, now },
    )
    onCall(flight.begun)
    this.open.add(flight)
    flight.over = this.watch(flight, call.request.key).catch((error: unknown) =>
      warn('flight failed', error),
    )
    this.options.waitUntil(flight.over)
    return flight
  }

  /** Waits for a flight to end. Stores its answer, or lets the next requests go alone. */
  private async watch(flight: Flight, key: Key | undefined): Promise<void> {
    const begun = await flight.begun.catch(() => undefined) // `answer` tells its callers
    try {
      if (begun === undefined) return
      const { status, recorded } = begun.answer
      if (status !== 200) this.close(flight)
      await begun.body.ended
      flight.finishedAt = this.options.now()
      const { admission } = await recorded
      const { store, storeMany } = this.options
      if ('parts' in admission) await this.store(flight, () => storeMany(admission.parts))
      if ('entry' in admission && key !== undefined) {
        await this.store(flight, () => store(key.id, admission.entry))
      }
    } finally {
      const isOver = () => {
        this.open.delete(flight)
        begun?.body.retire()
      }
      if (flight.storedAt === undefined) {
        this.close(flight)
        isOver()
      } else setTimeout(isOver, LINGER_MS)
    }
  }

  private async store(flight: Flight, write: () => Promise<void>): Promise<void> {
    await write().catch((error: unknown) => warn('entry not stored', error))
    flight.storedAt = this.options.now()
  }

  /** No further request joins this flight, or waits for the next one. */
  private close(flight: Flight): void {
    this.open.delete(flight)
    if (flight.wasAbandoned) return
    this.aloneUntil = this.options.now() + NOT_SERIALISED_MS
    this.refusedTo = flight.refusedTo
  }

  private abandonIfEmpty(flight: Flight): void {
    if (flight.followers > 0 || flight.detached || flight.hasEnded) return
    if (this.options.finishAbandoned && !flight.isOverdue) return this.detach(flight)
    flight.abandon()
    this.open.delete(flight)
  }

  private detach(flight: Flight): void {
    flight.detached = true
    this.options.keepAwake()
    const { over } = flight
    const timer = setTimeout(() => {
      // Requests that joined meanwhile are served; when the last one leaves, the call is aborted.
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
