import type { Context } from 'hono'
import { isAdminRequest } from '../auth/admin.ts'
import type { AdminAccess } from '../auth/admin.ts'
import type { Limits } from '../auth/rate-limit.ts'

/** A server that the gateway depends on. */
export interface Dependency {
  readonly name: string
  /** Whether the gateway needs it to answer. Without the others, it only answers less well. */
  readonly vital: boolean
  /** Rejects if the dependency is not healthy. */
  readonly probe: (signal: AbortSignal) => Promise<void>
}

export interface HealthOptions extends AdminAccess {
  readonly probes: readonly Dependency[]
  /** `open` while Qdrant fails and lookups are skipped. */
  readonly breaker: () => 'open' | 'closed'
  /** How long copies in the near tiers are valid; 0 if they are off. */
  readonly edgeTtlSeconds: number
  readonly limits: Limits
  /** How semantic hits are verified. */
  readonly verification: string
  readonly timeoutMs: number
  readonly now: () => number
}

/**
 * `GET /health`: 200 while the gateway itself is alive. `?verbose` probes each dependency and answers
 * `ok`, `degraded` (still answering), or `down` with 503.
 */
export const health = (options: HealthOptions) => async (c: Context) => {
  c.header('cache-control', 'no-store')
  const verbose = c.req.query('verbose') !== undefined
  if (!verbose || !(await isAdminRequest(c.req.raw.headers, options)))
    return c.json({ status: 'ok' })
  const results = await Promise.all(options.probes.map((part) => examine(part, options)))
  const failed = results.filter(({ ok }) => !ok)
  const down = failed.some(({ vital }) => vital)
  const status = down ? 'down' : failed.length > 0 ? 'degraded' : 'ok'
  const dependencies = Object.fromEntries(
    results.map(({ name, ok, latencyMs }) => [name, { ok, latency_ms: latencyMs }]),
  )
  const inside = {
    breaker: options.breaker(),
    near_tiers: nearTiers(c.req.url, options),
    rate_limits: rateLimits(options.limits),
    semantic_verification: options.verification,
  }
  return c.json({ status, dependencies, ...inside }, down ? 503 : 200)
}

/** The Cache API exists on every host, but does nothing on `*.workers.dev`. */
function nearTiers(url: string, { edgeTtlSeconds }: HealthOptions): Record<string, string> {
  if (edgeTtlSeconds === 0) return { memory: 'off', colo: 'off' }
  const inert = new URL(url).hostname.endsWith('.workers.dev')
  return { memory: 'on', colo: inert ? 'inert on workers.dev' : 'on' }
}

function rateLimits({ byClass, byAddress }: Limits): Record<string, string> {
  const limiters = Object.entries({ ...byClass, address: byAddress })
  return Object.fromEntries(
    limiters.map(([name, limiter]) => [name, limiter === undefined ? 'off' : 'on']),
  )
}

/** What a probe found. */
export interface Examined {
  readonly name: string
  readonly vital: boolean
  readonly ok: boolean
  readonly latencyMs: number
}

/** Probes a dependency; one that does not answer within `timeoutMs` is not healthy. */
export async function examine(
  { name, vital, probe }: Dependency,
  { timeoutMs, now }: { readonly timeoutMs: number; readonly now: () => number },
): Promise<Examined> {
  const startedAt = now()
  const ok = await probe(AbortSignal.timeout(timeoutMs)).then(
    () => true,
    () => false,
  )
  return { name, vital, ok, latencyMs: now() - startedAt }
}

/** A dependency that is healthy if this URL answers 2xx. */
export function answersAt(
  name: string,
  url: string,
  vital: boolean,
  headers: Record<string, string> = {},
): Dependency {
  return {
    name,
    vital,
    async probe(signal) {
      const response = await fetch(url, { headers, signal })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`${name} answered ${response.status}`)
    },
  }
}
