import type { Hono } from 'hono'
import { createApp, misconfiguredApp } from './app.ts'
import { Misconfigured, parseConfig } from './config.ts'
import type { Steps } from './middleware/context.ts'
import { services } from './services.ts'

/** One app for each set of bindings; in production that is one for each isolate. */
const apps = new WeakMap<object, Hono<Steps>>()

function appFor(env: object): Hono<Steps> {
  const app = apps.get(env) ?? build(env)
  apps.set(env, app)
  return app
}

function build(env: object): Hono<Steps> {
  try {
    const config = parseConfig(env)
    return createApp(config, services(config))
  } catch (error) {
    if (error instanceof Misconfigured) return misconfiguredApp(error.message)
    throw error
  }
}

export default {
  fetch: (request, env, context) => appFor(env).fetch(request, env, context),
} satisfies ExportedHandler<Env>
