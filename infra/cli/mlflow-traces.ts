import * as z from 'zod'
import { COUNTED_HEADERS } from '../../src/upstream/headers.ts'
import { CommandError, reasonOf } from './admin-client.ts'
import { warmRequest } from './warm-request.ts'
import type { WarmRequest } from './warm-request.ts'
import type { WarmItem } from './warm-run.ts'

export interface TracesOptions {
  /** MLflow's address, without a slash at the end. */
  readonly url: string
  readonly experimentId: string
  /** Traces that began in this range, epoch ms. */
  readonly since: number
  readonly until: number
  /** Only requests of this tenant, as traces name it. */
  readonly tenant?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
}

const searchAnswer = z.object({
  traces: z.array(z.object({ trace_id: z.string() })).default([]),
  next_page_token: z.string().optional(),
})
const artifact = z.object({
  spans: z.array(
    z.object({
      parent_span_id: z.string().nullish(),
      /** Each value as JSON text. */
      attributes: z.record(z.string(), z.string()),
    }),
  ),
})

const PAGE = 100

/**
 * The requests in MLflow's traces of the gateway, the oldest first. Traces that cannot be sent again
 * are skipped, with the reason. Throws a `CommandError` if MLflow does not answer.
 */
export async function* tracedRequests(options: TracesOptions): AsyncGenerator<WarmItem> {
  const { experimentId, since, until } = options
  let page: string | undefined
  do {
    const response = await ask(options, '/api/3.0/mlflow/traces/search', {
      locations: [
        { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
      ],
      filter: `timestamp_ms >= ${since} AND timestamp_ms < ${until}`,
      order_by: ['timestamp_ms ASC'],
      max_results: PAGE,
      ...(page === undefined ? {} : { page_token: page }),
    })
    const text = await response.text()
    const found = searchAnswer.safeParse(jsonOf(text))
    if (!response.ok || !found.success) throw refused(options.url, response.status, text)
    for (const { trace_id } of found.data.traces) yield await requestIn(trace_id, options)
    page = found.data.next_page_token
  } while (page !== undefined && page !== '')
}

/** Statuses that say nothing of a single trace: every other one would be answered like that, too. */
const NOT_ONE_TRACE: ReadonlySet<number> = new Set([401, 403, 429, 502, 503, 504])

/**
 * The request of one trace. MLflow's page for a trace reads it from the same path, where attributes are
 * the text that the gateway sent; the other paths write numbers and empty values again.
 */
async function requestIn(traceId: string, options: TracesOptions): Promise<WarmItem> {
  const id = encodeURIComponent(traceId)
  const path = `/ajax-api/3.0/mlflow/get-trace-artifact?request_id=${id}`
  const response = await ask(options, path)
  const text = await response.text()
  if (NOT_ONE_TRACE.has(response.status)) throw refused(options.url, response.status, text)
  // MLflow deletes traces, and may keep their spans elsewhere.
  const parsed = artifact.safeParse(jsonOf(text))
  const roots = parsed.data?.spans.filter(({ parent_span_id }) => !parent_span_id) ?? []
  const root = roots[0]?.attributes
  return root === undefined ? { skipped: 'without a request' } : replayed(root, options.tenant)
}

type Attributes = Readonly<Record<string, string>>

/** The gateway cuts attributes at this length, except for the request. */
const LONGEST_ATTRIBUTE = 512

/** The request to send again, from the attributes of its root span. */
export function replayed(root: Attributes, tenant: string | undefined): WarmItem {
  const text = (name: string): string => {
    const value = jsonOf(root[name])
    return typeof value === 'string' ? value : ''
  }
  if (text('url.path') === '' || text('cache.outcome') === '') {
    return { skipped: 'not of the gateway' }
  }
  if (tenant !== undefined && text('tenant.id') !== tenant) return { skipped: 'another tenant' }
  if (jsonOf(root['http.response.status_code']) !== 200) return { skipped: 'failed' }
  if (text('cache.outcome') === 'bypass') return { skipped: 'not cached' }
  const input = jsonOf(root['mlflow.spanInputs'])
  const isWhole = jsonOf(root['request.complete']) === true && isObject(input)
  const headers = { ...countedHeaders(text), ...namespaceHeader(text) }
  const isCut = [text('url.path'), text('url.query'), ...Object.values(headers)].some(
    (value) => value.length >= LONGEST_ATTRIBUTE,
  )
  if (!isWhole || isCut) return { skipped: 'incomplete' }
  const query = text('url.query')
  const request = warmRequest.safeParse({
    path: query === '' ? text('url.path') : `${text('url.path')}?${query}`,
    body: cacheable(input),
    headers,
  })
  return request.success ? { request: request.data } : { skipped: 'incomplete' }
}

type Text = (name: string) => string
type WarmHeaders = NonNullable<WarmRequest['headers']>

function countedHeaders(text: Text): WarmHeaders {
  const given = COUNTED_HEADERS.map((name) => [name, text(`http.request.header.${name}`)] as const)
  return Object.fromEntries(given.filter(([, value]) => value !== ''))
}

function namespaceHeader(text: Text): WarmHeaders {
  const namespace = text('cache.namespace')
  return namespace === '' ? {} : { 'x-cache-namespace': namespace }
}

/**
 * The body without its cache controls, which were for that one time: `no-cache` would ask a model each
 * time. The namespace is in a header.
 */
function cacheable(body: WarmRequest['body']): WarmRequest['body'] {
  const { cache: _controls, ...cached } = body
  return cached
}

async function ask(
  { url, username, password = '' }: TracesOptions,
  path: string,
  body?: object,
): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(username === undefined ? {} : { authorization: basic(username, password) }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (error) {
    throw new CommandError(
      `${url} does not answer: ${reasonOf(error)}.`,
      'Check that MLflow runs there.',
    )
  }
}

function refused(url: string, status: number, text: string): CommandError {
  return new CommandError(
    `${url} answered ${status}: ${text.slice(0, 300)}`,
    status === 401
      ? 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.'
      : 'Check --mlflow and --experiment.',
  )
}

/** RFC 7617. */
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
