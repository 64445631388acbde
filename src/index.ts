import { DurableObject } from 'cloudflare:workers'
import type { Hono } from 'hono'
import { coalescedApis, createApp, misconfiguredApp } from './app.ts'
import { takeOrder } from './coalescing/at-the-object.ts'
import type { Flights } from './coalescing/flights.ts'
import { Misconfigured, staleWindows } from './config.ts'
import { dependenciesFor } from './dependencies.ts'
import type { AppEnv } from './env.ts'
import { warn } from './telemetry/log.ts'

/** What an expired entry stays beyond its use, so that no clock that is a little off loses one. */
const SWEEP_DELAY_MS = 60_000

/** Where identical requests from all over the world meet: one object for each question in flight. */
export class Flight extends DurableObject<Env> {
  private readonly flights: Flights | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
    const keepAwake = () => waitUntil(state.storage.setAlarm(Date.now()))
    this.flights = dependencies.meetingPlace({ waitUntil, keepAwake })
  }

  override async fetch(request: Request): Promise<Response> {
    if (this.flights === undefined) return new Response(null, { status: 500 })
    return takeOrder(request, this.flights, coalescedApis)
  }

  /** An alarm that runs keeps the object alive for the calls that nobody waits for. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll() // nothing but the alarm was ever there
    await this.flights?.detached()
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

  /** The cron: sweeps expired entries out of Qdrant, and what is over out of LiteLLM's cache. Reading never depends on it. */
  async scheduled(_controller, env) {
    const dependencies = dependenciesFor(env)
    if (dependencies instanceof Misconfigured) return
    const { config, store, now, purgeSemantic } = dependencies
    const longestWindowMs = Math.max(...Object.values(staleWindows(config))) * 1000
    await Promise.all([
      store
        .sweep(now() - longestWindowMs - SWEEP_DELAY_MS)
        .catch((error: unknown) => warn('sweep failed', error)),
      purgeSemantic?.().catch((error: unknown) => warn('semantic purge failed', error)),
    ])
  },
} satisfies ExportedHandler<Env>
