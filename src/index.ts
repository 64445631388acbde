import { DurableObject, RpcTarget } from 'cloudflare:workers'
import type { Hono } from 'hono'
import { cachedApis } from './apis/cached-apis.ts'
import { createApp, misconfiguredApp } from './app.ts'
import type { CallData, Coalescer as LocalCoalescer } from './coalescing/coalescer.ts'
import { seatAlone } from './coalescing/seat.ts'
import type { Seat } from './coalescing/seat.ts'
import { dependenciesFor } from './dependencies.ts'
import type { AppEnv } from './env.ts'
import { RecentRequests as LocalRecentRequests } from './explain/recent-requests.ts'
import type { ComparedRequest, RecentRequest } from './explain/recent-request.ts'
import { info, warn, withLogContext } from './telemetry/log.ts'
import type { LogLevel } from './telemetry/log.ts'
import type { Batch } from './ledger/batch.ts'
import { Ledger as LocalLedger } from './ledger/ledger.ts'
import type { ReportQuery } from './ledger/report.ts'
import { Misconfigured } from './parse-config.ts'

/** Expired entries are deleted this much later, to allow for clock skew. */
const SWEEP_DELAY_MS = 60_000

/** A Durable Object of the coalescing pool, in which identical requests share an upstream call. */
export class Coalescer extends DurableObject<Env> {
  private readonly flights: LocalCoalescer | undefined
  private readonly level: LogLevel = 'info'

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const { recorder, config, coalescer } = dependencies
    this.level = config.LOG_LEVEL
    // What a flight leaves in the ledger is sent from here: its callers may have left.
    const waitUntil = (work: Promise<unknown>) =>
      state.waitUntil(work.finally(() => recorder.flush()))
    const keepAwake = () => state.waitUntil(state.storage.setAlarm(Date.now()))
    this.flights = coalescer({ apis: cachedApis, waitUntil, keepAwake })
  }

  /** Returns a seat for this call. The Worker must leave or dispose of it. */
  join(data: CallData): SeatTarget {
    const seat = this.logged(data, () => this.flights?.join(data))
    return new SeatTarget(seat ?? seatAlone('misconfigured'))
  }

  /** Fetches and stores a new answer in the background. */
  refresh(data: CallData): void {
    this.logged(data, () => this.flights?.refresh(data))
  }

  /** Log lines about a call carry the id of its request. */
  private logged<Result>({ requestId }: CallData, work: () => Result): Result {
    return withLogContext({ level: this.level, requestId }, work)
  }

  /** While an alarm runs, the object stays alive for calls that no caller waits for. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll() // only the alarm was ever stored
    await this.flights?.detached()
  }
}

/** A seat whose methods a Worker calls over RPC. */
class SeatTarget extends RpcTarget implements Seat {
  readonly #seat: Seat

  constructor(seat: Seat) {
    super()
    this.#seat = seat
  }

  answer() {
    return this.#seat.answer()
  }

  ended() {
    return this.#seat.ended()
  }

  leave() {
    this.#seat.leave()
  }

  [Symbol.dispose]() {
    this.#seat.leave()
  }
}

/** A Durable Object that holds one shard of the ledger. */
export class Ledger extends DurableObject<Env> {
  private readonly ledger = new LocalLedger(this.ctx.storage, () => Date.now())

  /** Adds a batch. Rejects one that does not parse, of which nothing is added. */
  add(batch: Batch) {
    return this.ledger.add(batch)
  }

  /** What this shard counted in a time range. */
  report(query: ReportQuery) {
    return this.ledger.report(query)
  }

  /** What this shard counted since its beginning. */
  totals() {
    return this.ledger.totals()
  }

  /** What the judge cost a tenant in a month, in USD. */
  judgeSpend(tenant: string, month: string) {
    return this.ledger.judgeSpend(tenant, month)
  }

  /** Deletes what is too old. */
  override alarm() {
    return this.ledger.alarm()
  }
}

/** A Durable Object that holds the recent requests of one tenant. */
export class RecentRequests extends DurableObject<Env> {
  private readonly recent = new LocalRecentRequests(this.ctx.storage, () => Date.now())

  /** Adds a request. Rejects one that does not parse. */
  record(request: RecentRequest) {
    return this.recent.record(request)
  }

  /** Adds requests that were made elsewhere. */
  recordAll(requests: readonly RecentRequest[]) {
    return this.recent.recordAll(requests)
  }

  /** The fingerprints of those requests among these that are kept. */
  fingerprints(keys: readonly string[]) {
    return this.recent.fingerprints(keys)
  }

  /** The recent request that is nearest to this one. */
  nearest(request: ComparedRequest) {
    return this.recent.nearest(request)
  }

  /** The answer that a request got, by its id. */
  find(requestId: string) {
    return this.recent.find(requestId)
  }

  /** Deletes everything; resolves with how many requests there were. */
  forget() {
    return this.recent.forget()
  }

  /** Deletes what is too old. */
  override alarm() {
    return this.recent.alarm()
  }
}

/** One app per set of bindings, built once. */
const apps = new WeakMap<object, Hono<AppEnv>>()

function appFor(env: Env): Hono<AppEnv> {
  const dependencies = dependenciesFor(env)
  const app =
    apps.get(env) ??
    (dependencies instanceof Misconfigured
      ? misconfiguredApp(dependencies.message)
      : createApp(dependencies))
  apps.set(env, app)
  return app
}

export default {
  fetch: (request, env, context) => appFor(env).fetch(request, env, context),

  /** The cron: deletes expired entries from Qdrant and LiteLLM's cache. Reads never depend on it. */
  async scheduled(_controller, env) {
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const { config, policies, store, reports, now, purgeSemantic, recorder } = dependencies
    const longestWindowMs = policies.longestWindowSeconds * 1000
    const sweep = async () => {
      const done = await store.sweep(now() - longestWindowMs - SWEEP_DELAY_MS)
      info('sweep', { ...done })
      recorder.count('sweep_deleted', done.swept)
      if (done.left !== null) recorder.gauge('sweep_left', done.left)
      recorder.gauge('sweep_ended_at', now())
    }
    await withLogContext({ level: config.LOG_LEVEL, requestId: undefined }, () =>
      Promise.all([
        sweep().catch((error: unknown) => warn('sweep failed', error)),
        reports.sweep(now()).catch((error: unknown) => warn('reports not swept', error)),
        purgeSemantic?.().catch((error: unknown) => warn('semantic purge failed', error)),
      ]),
    )
    await recorder.flush()
  },
} satisfies ExportedHandler<Env>
