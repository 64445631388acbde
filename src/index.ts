import type { Hono } from 'hono'
import { createApp, misconfiguredApp } from './app.ts'
import { Misconfigured, parseConfig, staleWindows } from './config.ts'
import type { Steps } from './steps.ts'
import { services } from './services.ts'
import type { Services } from './services.ts'
import { warn } from './telemetry/log.ts'

/** What one set of bindings amounts to. */
interface Gateway {
  readonly app: Hono<Steps>
  /** Undefined when the settings can't be used. */
  readonly services: Services | undefined
  /** How long an expired entry may still be of use. */
  readonly longestWindowMs: number
}

/** One for each set of bindings; in production that is one for each isolate. */
const gateways = new WeakMap<object, Gateway>()

/** What an expired entry stays beyond its use, so that no clock that is a little off loses one. */
const SWEEP_DELAY_MS = 60_000

function gatewayFor(env: object): Gateway {
  const gateway = gateways.get(env) ?? build(env)
  gateways.set(env, gateway)
  return gateway
}

function build(env: object): Gateway {
  try {
    const config = parseConfig(env)
    const made = services(config)
    const longestWindowMs = Math.max(...Object.values(staleWindows(config))) * 1000
    return { app: createApp(config, made), services: made, longestWindowMs }
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    return { app: misconfiguredApp(error.message), services: undefined, longestWindowMs: 0 }
  }
}

export default {
  fetch: (request, env, context) => gatewayFor(env).app.fetch(request, env, context),

  /** The cron: sweeps expired entries out of Qdrant. Reading never depends on it. */
  async scheduled(_controller, env) {
    const { services, longestWindowMs } = gatewayFor(env)
    if (services === undefined) return
    await services.store
      .sweep(services.now() - longestWindowMs - SWEEP_DELAY_MS)
      .catch((error: unknown) => warn('sweep failed', error))
  },
} satisfies ExportedHandler<Env>
