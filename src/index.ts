import { DurableObject, RpcTarget } from 'cloudflare:workers'
import type { Hono } from 'hono'
import { coalescedApis, createApp, misconfiguredApp } from './app.ts'
import type { CallData, Coalescer as LocalCoalescer } from './coalescing/coalescer.ts'
import { seatAlone } from './coalescing/seat.ts'
import type { Seat } from './coalescing/seat.ts'
import { Misconfigured, staleWindows } from './config.ts'
import { dependenciesFor } from './dependencies.ts'
import type { AppEnv } from './env.ts'
import { info, warn } from './telemetry/log.ts'

/** What an expired entry stays beyond its use, so that no clock that is a little off loses one. */
const SWEEP_DELAY_MS = 60_000

/** One of a pool of objects in which identical requests share an upstream call. */
export class Coalescer extends DurableObject<Env> {
  private readonly flights: LocalCoalescer | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
    const keepAwake = () => waitUntil(state.storage.setAlarm(Date.now()))
    this.flights = dependencies.coalescer({ apis: coalescedApis, waitUntil, keepAwake })
  }

  /** A seat for this call; it must be left, or disposed of. */
  join(data: CallData): SeatTarget {
    return new SeatTarget(this.flights?.join(data) ?? seatAlone('misconfigured'))
  }

  /** Makes and stores a new answer, with nobody waiting for it. */
  refresh(data: CallData): void {
    this.flights?.refresh(data)
  }

  /** An alarm that runs keeps the object alive for the calls that nobody waits for. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll() // nothing but the alarm was ever there
    await this.flights?.detached()
  }
}

/** A seat as an RPC target: its methods are called from a Worker. */
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

/** One app for each set of bindings, made once. */
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

  /** The cron: deletes expired entries from Qdrant and from LiteLLM's cache. Reading never depends on it. */
  async scheduled(_controller, env) {
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const { config, store, now, purgeSemantic } = dependencies
    const longestWindowMs = Math.max(...Object.values(staleWindows(config))) * 1000
    await Promise.all([
      store
        .sweep(now() - longestWindowMs - SWEEP_DELAY_MS)
        .then((done) => info('sweep', { ...done }))
        .catch((error: unknown) => warn('sweep failed', error)),
      purgeSemantic?.().catch((error: unknown) => warn('semantic purge failed', error)),
    ])
  },
} satisfies ExportedHandler<Env>
