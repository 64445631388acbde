import type { Context } from 'hono'
import type { Entry } from '../cache/entry.ts'
import { statusHeaders } from '../cache/status.ts'
import type { CacheMember } from '../cache/status.ts'
import { errorResponse, GatewayError } from '../errors.ts'
import { fill } from '../flight/fill.ts'
import type { Filled } from '../flight/fill.ts'
import { failureOf } from '../flight/failure.ts'
import type { Steps } from '../steps.ts'
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
  readonly now: () => number
}

/** Asks LiteLLM, streams its answer back, and keeps it when it is whole. */
export const proxy = (options: ProxyOptions) => async (c: Context<Steps>) => {
  const { question, trace } = c.var
  const { now, maxEntryBytes, keepSemantic } = options
  const { preview } = question.api
  const input = () => preview.input(question.identity.body)
  const span = trace.child('litellm', 'client')
  const startedAt = now()
  let filled: Filled
  try {
    const ask = (body: string) => askUpstream(c, options, body, trace.traceparent(span))
    filled = await fill(question, { ask, maxEntryBytes, keepSemantic, now })
  } catch (error) {
    trace.end(span, error)
    trace.show(() => ({ input: input() }))
    if (!(error instanceof GatewayError)) throw error
    if (error.code !== 'upstream_unsound') c.set('failure', error.code)
    return withStatus(c, errorResponse(error), undefined, now() - startedAt)
  }
  span.attributes['http.response.status_code'] = filled.response.status
  const after = filled.ended
    .then(({ text, mode, keeping }) => {
      trace.end(span)
      trace.show(() => ({
        input: input(),
        output: text === undefined ? undefined : preview.output(text, mode),
      }))
      return 'entry' in keeping ? keep(c, options, keeping.entry) : undefined
    })
    .catch((error: unknown) => warn('work after the answer failed', error))
  trace.waitFor(after)
  c.executionCtx.waitUntil(after)
  const { failure, response } = await failureOf(filled.response)
  if (failure !== undefined) c.set('failure', failure)
  return withStatus(c, response, filled, now() - startedAt)
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
async function keep(c: Context<Steps>, { store }: ProxyOptions, entry: Entry): Promise<void> {
  const { key } = c.var.question
  if (key === undefined) return
  const span = c.var.trace.child('cache store', 'client')
  try {
    await store.set(key.id, entry)
    c.var.trace.end(span)
  } catch (error) {
    c.var.trace.end(span, error)
    warn('entry not stored', error)
  }
}

/** The answer with what the caches did. */
function withStatus(
  c: Context<Steps>,
  answer: Response,
  filled: Filled | undefined,
  upstreamMs: number,
): Response {
  const { question, trace, forward } = c.var
  const { fwd, detail, lookupMs } = forward
  const id = question.key?.id
  const semantic = filled?.semantic
  const stored = filled?.keeping !== undefined && 'entry' in filled.keeping
  const fwdStatus = filled === undefined ? undefined : answer.status
  const members: CacheMember[] = [{ cache: 'edge', fwd, fwdStatus, stored, key: id, detail }]
  if (semantic !== undefined) {
    const similarity = semantic.similarity ?? 'unknown'
    members.unshift({ cache: 'litellm', hit: true, detail: `similarity=${similarity}` })
  }
  const outcome = semantic === undefined ? forward.outcome : 'semantic-hit'
  trace.root.attributes['cache.outcome'] = outcome
  const timings = { cache: lookupMs, upstream: upstreamMs }
  const headers = new Headers(answer.headers)
  for (const [name, value] of Object.entries(statusHeaders(outcome, id, members, timings))) {
    headers.set(name, value)
  }
  return new Response(answer.body, { status: answer.status, headers })
}
