import { Hono } from 'hono'
import type { Api } from './apis/api.ts'
import { errorShapeAt, servedApis } from './apis/served.ts'
import { staleWindows } from './config.ts'
import { errorResponse, GatewayError } from './errors.ts'
import { browsers } from './middleware/cors.ts'
import { cached } from './middleware/cache-lookup.ts'
import { caller } from './middleware/authenticate.ts'
import { ownPage } from './middleware/own-page.ts'
import { question } from './middleware/parse-request.ts'
import { requestId } from './middleware/request-id.ts'
import { staleIfError } from './middleware/stale-if-error.ts'
import { tracing } from './middleware/tracing.ts'
import { health } from './routes/health.ts'
import { models } from './routes/models.ts'
import { proxy } from './routes/proxy.ts'
import { semanticLimits, servesSemantic } from './semantic-dependencies.ts'
import type { Services } from './dependencies.ts'
import type { Steps } from './env.ts'
import { warn } from './telemetry/log.ts'

/** The map: every route, and the steps it takes in the order a request meets them. */
export function createApp(services: Services): Hono<Steps> {
  const { config, callers, limits, watch, store, upstream, ask, flights, exporter, now } = services
  const traced = tracing({
    exporter,
    sampleRate: config.TRACE_SAMPLE_RATE,
    content: config.TRACE_CONTENT,
    now,
  })
  const asked = (api: Api) =>
    question(api, {
      maxRequestBytes: config.MAX_REQUEST_BYTES,
      cacheMaxRequestBytes: config.CACHE_MAX_REQUEST_BYTES,
      ttlSeconds: config.CACHE_TTL_SECONDS,
      maxTtlSeconds: config.CACHE_MAX_TTL_SECONDS,
      semantic: semanticLimits(config),
    })
  const lookup = {
    store,
    timeoutMs: config.QDRANT_TIMEOUT_MS,
    windows: staleWindows(config),
    servesSemantic: servesSemantic(config),
    now,
  }
  const lookedUp = cached({ ...lookup, flights })
  const standingIn = staleIfError(lookup)
  const forwarded = proxy({
    ask,
    flights,
    store,
    maxEntryBytes: config.CACHE_MAX_ENTRY_BYTES,
    keepSemantic: config.CACHE_SEMANTIC_HITS,
    now,
  })

  const app = new Hono<Steps>()
  app.use(requestId())
  if (config.CORS_ORIGINS !== undefined) app.use(browsers(config.CORS_ORIGINS))
  app.onError((error, c) => {
    const left = c.req.raw.signal.aborted // nobody is there to see it fail
    if (!left && !(error instanceof GatewayError)) warn('request failed', error)
    return errorResponse(error, errorShapeAt(c.req.path))
  })
  app.notFound((c) => errorResponse(new GatewayError('not_found', `No route ${c.req.path}.`)))

  app.get(
    '/health',
    ownPage(),
    health({ ...services, edgeTtlSeconds: config.EDGE_TTL_SECONDS, timeoutMs: 2_000 }),
  )
  const known = caller(callers, limits, watch)
  app.on('GET', ['/v1/models', '/models'], known, models(upstream))
  for (const api of servedApis) {
    const paths = [api.path, ...api.aliases]
    if (api.deployment !== undefined) {
      paths.push(`/openai/deployments/:model{.+}/${api.deployment}`)
    }
    app.on('POST', paths, known, traced, asked(api), lookedUp, standingIn, forwarded)
  }
  return app
}

/** The app of a gateway that can't start: every answer names the setting to mend. */
export function misconfiguredApp(problem: string): Hono<Steps> {
  const app = new Hono<Steps>()
  app.use(requestId())
  app.all('*', () => errorResponse(new GatewayError('misconfigured', problem)))
  return app
}
