import { Hono } from 'hono'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import type { Api } from './apis/api.ts'
import { chatCompletions } from './apis/chat-completions.ts'
import { completions } from './apis/completions.ts'
import { decisions } from './apis/decisions.ts'
import { embeddings } from './apis/embeddings.ts'
import { moderations } from './apis/moderations.ts'
import { countTokens } from './apis/count-tokens.ts'
import { messages } from './apis/messages.ts'
import { imageEdits, images, speech, transcriptions } from './apis/passthrough.ts'
import { rerank } from './apis/rerank.ts'
import { systemone } from './apis/systemone.ts'
import { responses } from './apis/responses.ts'
import type { Dependencies } from './dependencies.ts'
import type { AppEnv } from './env.ts'
import { errorResponse, errorShapeAt, GatewayError } from './errors.ts'
import { contentLength } from './middleware/content-length.ts'
import { cors } from './middleware/cors.ts'
import { explain } from './middleware/explain.ts'
import { bareHeaders, pageHeaders } from './middleware/page-headers.ts'
import { requestIds } from './middleware/request-ids.ts'
import { requestLog } from './middleware/request-log.ts'
import { icon, stylesheet } from './routes/dashboard-assets.ts'
import { root } from './routes/root.ts'
import { steps } from './steps.ts'
import { error } from './telemetry/log.ts'

/** The map: every route, with its middleware in the order a request meets it. */
export function createApp(dependencies: Dependencies): Hono<AppEnv> {
  const { config } = dependencies
  const app = new Hono<AppEnv>()
  const {
    health,
    dashboard,
    admin,
    doctor,
    adminOnly,
    cacheReport,
    metrics,
    models,
    model,
    requestLog,
    authenticate,
    tracing,
    accounting,
    parseRequest,
    embeddingBatch,
    cacheLookup,
    recentRequests,
    staleIfError,
    proxy,
  } = steps(dependencies, (request, c) => app.fetch(request, c.env, c.executionCtx))

  app.use(...requestIds, requestLog)
  if (config.CORS_ORIGINS !== undefined) app.use(cors(config.CORS_ORIGINS))
  app.onError((cause, c) => {
    if (cause instanceof HTTPException) return cause.getResponse() // Hono's own refusals
    const left = c.req.raw.signal.aborted // the client has disconnected
    if (!left && !(cause instanceof GatewayError)) error('request failed', cause)
    return errorResponse(cause, errorShapeAt(c.req.path))
  })
  app.notFound((c) => {
    const refused = new GatewayError('not_found', `No route ${c.req.path}.`)
    c.var.observed.refused = refused
    return errorResponse(refused, errorShapeAt(c.req.path))
  })

  /** For an answer of any length, which is never held as a whole. */
  const getStream = (paths: string[], ...handlers: Handler<AppEnv>[]) =>
    app.on('GET', paths, ...handlers).on('ALL', paths, methodNotAllowed('GET, HEAD'))

  /** Hono answers HEAD on every GET route. */
  const get = (paths: string[], ...handlers: Handler<AppEnv>[]) =>
    getStream(paths, contentLength, ...handlers)

  /** An admin operation with a JSON body. */
  const post = (path: string, handler: Handler<AppEnv>) =>
    app
      .on('POST', path, bareHeaders, adminOnly, adminBodyLimit, handler)
      .on('ALL', path, methodNotAllowed('POST'))

  /** An operation of a caller on its own cache, with a JSON body. */
  const own = (path: string, handler: Handler<AppEnv>) =>
    app
      .on('POST', path, bareHeaders, authenticate, ownBodyLimit, handler)
      .on('ALL', path, methodNotAllowed('POST'))

  /** A form of the dashboard: refused from another site, and if it is large. */
  const form = (path: string, handler: Handler<AppEnv>) =>
    app
      .on('POST', path, pageHeaders, csrf(), bodyLimit({ maxSize: MAX_FORM_BYTES }), handler)
      .on('ALL', path, methodNotAllowed('POST'))

  get(['/'], bareHeaders, root)
  get(['/health'], bareHeaders, health)
  // Without the secret, these routes do not exist, not even in development.
  if (config.ADMIN_KEY !== undefined) {
    get(['/metrics'], bareHeaders, adminOnly, metrics)
    get(['/admin/openapi.json'], bareHeaders, adminOnly, admin.openapi)
    get(['/admin/entries'], bareHeaders, adminOnly, admin.entries)
    get(['/admin/entries/count'], bareHeaders, adminOnly, admin.count)
    post('/admin/lookup', admin.lookup)
    post('/admin/purge', admin.purge)
    post('/admin/erase', admin.erase)
    post('/admin/export', admin.export)
    post('/admin/import', admin.import)
    post('/admin/report', admin.report)
    get(['/admin/reports'], bareHeaders, adminOnly, admin.reports)
    getStream(['/admin/reports/export'], bareHeaders, adminOnly, admin.exportReports)
    get(['/admin/policies'], bareHeaders, adminOnly, admin.policies)
    post('/admin/doctor', doctor)
  }
  if (dashboard !== undefined) {
    get(['/dashboard'], pageHeaders, dashboard.page)
    get(['/dashboard/export/:file'], pageHeaders, dashboard.table)
    get(['/dashboard/style.css'], pageHeaders, stylesheet)
    get(['/dashboard/icon.svg'], pageHeaders, icon)
    form('/dashboard/login', dashboard.login)
    form('/dashboard/logout', dashboard.logout)
  }
  get(['/v1/models', '/models'], authenticate, models)
  get(['/v1/models/:model{.+}', '/models/:model{.+}'], authenticate, model)

  own('/v1/cache/report', cacheReport)

  /** The path that Azure's SDKs use. It contains the model. */
  const azure = (path: string) => {
    // Of two routes that match, Hono takes the later, which must not be this one for chat's path.
    const model = path === 'completions' ? '.+(?<!/chat)' : '.+'
    return `/openai/deployments/:model{${model}}/${path}`
  }
  const llm = (paths: string[], api: Api, ...own: MiddlewareHandler<AppEnv>[]) =>
    app
      .on('POST', paths, tracing(api), accounting(api), authenticate, explain, parseRequest(api))
      .on('POST', paths, ...own, cacheLookup, recentRequests, staleIfError, proxy)
      .on('ALL', paths, methodNotAllowed('POST'))

  llm(['/v1/chat/completions', '/chat/completions', azure('chat/completions')], chatCompletions)
  llm(['/v1/completions', '/completions', azure('completions')], completions)
  llm(['/v1/responses', '/responses', '/openai/v1/responses'], responses)
  llm(['/v1/messages', '/messages'], messages)
  llm(['/v1/messages/count_tokens', '/messages/count_tokens'], countTokens)
  llm(['/v1/embeddings', '/embeddings', azure('embeddings')], embeddings, embeddingBatch)
  llm(['/v1/decisions', '/decisions'], decisions)
  llm(['/v1/systemone', '/systemone'], systemone)
  llm(['/v1/rerank', '/rerank', '/v2/rerank'], rerank)
  llm(['/v1/moderations', '/moderations'], moderations)
  // Passed through uncached: the lookup marks them as bypassed, and there is no stale answer.
  llm(['/v1/images/generations', '/images/generations', azure('images/generations')], images)
  llm(['/v1/images/edits', '/images/edits', azure('images/edits')], imageEdits)
  llm(['/v1/audio/speech', '/audio/speech'], speech)
  llm(['/v1/audio/transcriptions', '/audio/transcriptions'], transcriptions)
  return app
}

/** Answers 405 and lists the allowed methods (RFC 9110, 15.5.6). */
const methodNotAllowed = (allow: string) => (c: Context) => {
  const error = new GatewayError('method_not_allowed', `${c.req.path} accepts ${allow} only.`)
  const response = errorResponse(error, errorShapeAt(c.req.path))
  response.headers.set('allow', allow)
  return response
}

/** More than any admin operation needs, a page of a cassette included. */
const MAX_ADMIN_BYTES = 16 * 1024 * 1024
const adminBodyLimit = limitedTo(MAX_ADMIN_BYTES)

/** More than any operation of a caller needs. */
const MAX_OWN_BYTES = 16_384
const ownBodyLimit = limitedTo(MAX_OWN_BYTES)

function limitedTo(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new GatewayError('request_too_large', `The body exceeds ${maxSize} bytes.`)
    },
  })
}

/** More than any form of the dashboard needs. */
const MAX_FORM_BYTES = 16_384

/** The app for an invalid configuration: every response names the setting to fix. */
export function misconfiguredApp(problem: string): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(...requestIds, requestLog({ level: 'info', now: () => Date.now() }))
  app.all('*', (c) =>
    errorResponse(new GatewayError('misconfigured', problem), errorShapeAt(c.req.path)),
  )
  return app
}
