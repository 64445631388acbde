import type { Context } from 'hono'
import { statusHeaders } from '../cache/status.ts'
import type { CacheMember } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { fill } from '../flight/fill.ts'
import type { Filled } from '../flight/fill.ts'
import type { Steps } from '../middleware/context.ts'
import type { Store } from '../store/store.ts'
import { warn } from '../telemetry/log.ts'
import { forwardedHeaders } from '../upstream/headers.ts'
import type { Upstream } from '../upstream/litellm.ts'

export interface ProxyOptions {
  readonly upstream: Upstream
  readonly apiKey: string
  readonly store: Store
  readonly maxEntryBytes: number
  /** Whether answers that LiteLLM matched by meaning are kept. */
  readonly keepSemantic: boolean
  readonly traceContent: boolean
  readonly now: () => number
}

/** Asks LiteLLM, streams its answer back, and keeps it when it is whole. */
export const proxy = (options: ProxyOptions) => async (c: Context<Steps>) => {
  const { question, trace } = c.var
  const span = trace.child('litellm', 'client')
  let filled: Filled
  try {
    filled = await fill(question, {
      ask: (body) => askUpstream(c, options, body, trace.traceparent(span)),
      maxEntryBytes: options.maxEntryBytes,
      now: options.now,
    })
  } catch (error) {
    trace.end(span, error)
    if (!(error instanceof GatewayError)) throw error
    return withStatus(c, errorResponse(error), undefined)
  }
  span.attributes['http.response.status_code'] = filled.response.status
  const after = filled.ended
    .then(({ text, keeping }) => {
      trace.end(span)
      describe(c, options, text)
      return 'entry' in keeping ? store(c, options, keeping.entry) : undefined
    })
    .catch((error) => warn('work after the answer failed', error))
  trace.waitFor(after)
  c.executionCtx.waitUntil(after)
  return withStatus(c, filled.response, filled)
}

function askUpstream(
  c: Context<Steps>,
  { upstream, apiKey }: ProxyOptions,
  body: string,
  traceparent: string | undefined,
): Promise<Response> {
  const headers = forwardedHeaders(c.req.raw.headers)
  headers.set('content-type', 'application/json')
  return upstream.ask({
    method: 'POST',
    path: c.var.question.api.path,
    headers,
    body,
    apiKey,
    requestId: c.var.requestId,
    ...(traceparent === undefined ? {} : { traceparent }),
    signal: c.req.raw.signal,
  })
}

/** Keeps an entry after the answer; a failure is a log line. */
async function store(
  c: Context<Steps>,
  { store, keepSemantic }: ProxyOptions,
  entry: Parameters<Store['set']>[1],
): Promise<void> {
  const { key } = c.var.question
  if ('bypass' in key || (entry.source === 'semantic' && !keepSemantic)) return
  const span = c.var.trace.child('cache store', 'client')
  try {
    await store.set(key.id, entry)
    c.var.trace.end(span)
  } catch (error) {
    c.var.trace.end(span, error)
    warn('entry not stored', error)
  }
}

/** Puts question and answer on the root span, where MLflow's list shows them. */
function describe(
  c: Context<Steps>,
  { traceContent }: ProxyOptions,
  text: string | undefined,
): void {
  const { question, trace } = c.var
  if (!traceContent || !trace.sampled) return
  const { preview } = question.api
  const { attributes } = trace.root
  attributes['mlflow.spanInputs'] = JSON.stringify(preview.input(question.identity.body))
  if (text === undefined) return
  try {
    const mode = text.startsWith('{') ? 'json' : 'sse'
    attributes['mlflow.spanOutputs'] = JSON.stringify(preview.output(text, mode))
  } catch {
    attributes['mlflow.spanOutputs'] = JSON.stringify({ text })
  }
}

/** The answer with what the caches did. */
function withStatus(c: Context<Steps>, answer: Response, filled: Filled | undefined): Response {
  const { question, trace, lookupFailure } = c.var
  const { key } = question
  const bypass = 'bypass' in key
  const id = bypass ? undefined : key.id
  const semantic = filled?.semantic
  const edge: CacheMember = {
    cache: 'edge',
    fwd: bypass ? 'bypass' : 'uri-miss',
    ...(filled === undefined ? {} : { fwdStatus: answer.status }),
    ...(filled?.keeping !== undefined && 'entry' in filled.keeping ? { stored: true } : {}),
    ...(id === undefined ? {} : { key: id }),
    ...(bypass ? { detail: key.bypass } : lookupFailure ? { detail: lookupFailure } : {}),
  }
  const members: CacheMember[] =
    semantic === undefined
      ? [edge]
      : [{ cache: 'litellm', hit: true, detail: `similarity=${semantic.similarity}` }, edge]
  const outcome = bypass ? 'bypass' : semantic === undefined ? 'miss' : 'semantic-hit'
  trace.root.attributes['cache.outcome'] = outcome
  const headers = new Headers(answer.headers)
  for (const [name, value] of Object.entries(statusHeaders(outcome, id, members))) {
    headers.set(name, value)
  }
  return new Response(answer.body, { status: answer.status, headers })
}
