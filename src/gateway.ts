import type { Hono } from 'hono'
import { createApp, misconfiguredApp } from './app.ts'
import { Misconfigured, parseConfig, staleWindows } from './config.ts'
import { services } from './dependencies.ts'
import type { Services } from './dependencies.ts'
import type { Steps } from './env.ts'

/** What one set of bindings amounts to. */
export interface Gateway {
  readonly app: Hono<Steps>
  /** Undefined when the settings can't be used. */
  readonly services: Services | undefined
  /** How long an expired entry may still be of use. */
  readonly longestWindowMs: number
}

/** One for each set of bindings; in production that is one for each isolate, its objects included. */
const gateways = new WeakMap<object, Gateway>()

/** The gateway of these bindings, made once. */
export function gatewayFor(env: object): Gateway {
  const gateway = gateways.get(env) ?? build(env)
  gateways.set(env, gateway)
  return gateway
}

function build(env: object): Gateway {
  try {
    const config = parseConfig(env)
    const made = services(config, env)
    const longestWindowMs = Math.max(...Object.values(staleWindows(config))) * 1000
    return { app: createApp(config, made), services: made, longestWindowMs }
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    return { app: misconfiguredApp(error.message), services: undefined, longestWindowMs: 0 }
  }
}
