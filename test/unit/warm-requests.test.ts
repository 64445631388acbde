import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { replayed, tracedRequests } from '../../infra/cli/mlflow-traces.ts'
import { digestOf } from '../../infra/cli/warm-request.ts'
import type { WarmRequest } from '../../infra/cli/warm-request.ts'
import { requestsIn } from '../../infra/cli/warm-requests-file.ts'
import { warmSender } from '../../infra/cli/warm-sender.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const PATH = '/v1/chat/completions'
const BODY = { model: 'small', messages: [{ role: 'user', content: 'Hi.' }], temperature: 0 }

/** What a script answers, and what was sent to it. */
function network(answer: (request: Request, call: number) => Response | Promise<Response>) {
  const sent: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init) as Request
    sent.push(request.clone())
    return answer(request, sent.length)
  }
  vi.stubGlobal('fetch', fetch)
  return sent
}

function requestsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'warm-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'requests.jsonl')
  writeFileSync(file, text)
  return file
}

describe('a file of requests', () => {
  it('has one request a line; empty lines do not count', async () => {
    const one = { path: PATH, body: BODY }
    const two = {
      path: '/openai/deployments/gpt-5/chat/completions?api-version=2026-01-01',
      body: BODY,
      headers: { 'x-cache-namespace': 'ci', 'anthropic-beta': 'a' },
    }
    const file = requestsFile(`${JSON.stringify(one)}\n\n  ${JSON.stringify(two)}`)
    expect(await Array.fromAsync(requestsIn(file))).toEqual([one, two])
  })

  it.each([
    ['Line 2', 'no JSON', 'is no JSON'],
    ['a path of another host', '{"path":"@other.example/","body":{}}', 'path: must be a path'],
    ['a path with a fragment', '{"path":"/v1/x#y","body":{}}', 'path: must be a path'],
    ['no body', `{"path":"${PATH}"}`, 'body'],
    ['an unknown member', `{"path":"${PATH}","body":{},"key":"x"}`, 'key'],
    [
      "a header that is the command's",
      `{"path":"${PATH}","body":{},"headers":{"authorization":"x"}}`,
      'headers',
    ],
  ])('is refused with the number of the line and the reason: %s', async (_, line, reason) => {
    const file = requestsFile(`${JSON.stringify({ path: PATH, body: BODY })}\n${line}\n`)
    const reading = Array.fromAsync(requestsIn(file))
    await expect(reading).rejects.toThrow(`Line 2 of ${file}`)
    await expect(Array.fromAsync(requestsIn(file))).rejects.toThrow(reason)
  })

  it('has requests that are equal whichever order their headers have', () => {
    const headers = [
      ['x-cache-tags', 'a'],
      ['x-cache-ttl', '5'],
    ] as const
    const one: WarmRequest = { path: PATH, body: BODY, headers: Object.fromEntries(headers) }
    const other = { ...one, headers: Object.fromEntries(headers.toReversed()) }
    expect(digestOf(one)).toBe(digestOf(other))
    expect(digestOf(one)).not.toBe(digestOf({ ...one, headers: {} }))
    // Member order can be in the key, so another order may be another request.
    const { messages, ...rest } = BODY
    expect(digestOf(one)).not.toBe(digestOf({ ...one, body: { messages, ...rest } }))
  })
})

describe('a request that is sent to warm the cache', () => {
  const send = (over: Partial<WarmRequest> = {}, key: string | undefined = 'sk-ci') =>
    warmSender('http://gateway', key)({ path: PATH, body: BODY, ...over })

  it("has the caller's key and its own headers, and is not streamed, so that it has a price", async () => {
    const sent = network(() => Response.json({}, { headers: { 'x-cache': 'exact-hit' } }))
    const body = { ...BODY, stream: true, stream_options: { include_usage: true } }
    await send({ body, headers: { 'x-cache-ttl': '60' } })
    const [request] = sent
    expect(request!.url).toBe(`http://gateway${PATH}`)
    expect(Object.fromEntries(request!.headers)).toMatchObject({
      authorization: 'Bearer sk-ci',
      'x-cache-ttl': '60',
    })
    expect(await request!.json()).toEqual(BODY)
    await warmSender('http://gateway', undefined)({ path: PATH, body: BODY })
    expect(sent[1]!.headers.has('authorization')).toBe(false)
  })

  const key = { 'x-cache-key': 'k' }
  const price = { 'x-litellm-response-cost': '0.0125' }
  it.each([
    ['exact-hit', { ...key, 'cache-status': 'edge;hit' }, { outcome: 'hit' }],
    ['semantic-hit', { ...key, ...price }, { outcome: 'hit' }],
    ['stale', key, { outcome: 'hit' }],
    [
      'miss',
      { ...key, ...price, 'cache-status': 'edge;fwd=uri-miss;stored;key="k"' },
      { outcome: 'filled', costUsd: 0.0125 },
    ],
    [
      'miss',
      { ...key, 'cache-status': 'litellm;hit, edge;fwd=uri-miss;stored' },
      { outcome: 'filled', costUsd: null },
    ],
    [
      'miss',
      { ...key, 'cache-status': 'edge;fwd=uri-miss;stored;collapsed' },
      { outcome: 'filled', costUsd: 0 },
    ],
    [
      'miss',
      { ...key, ...price, 'cache-status': 'edge;fwd=uri-miss;key="stored"' },
      { outcome: 'not stored', costUsd: 0.0125 },
    ],
    // Qdrant is down: the answer may be stored nowhere.
    ...['lookup failed', 'lookup timed out', 'lookup skipped'].map(
      (detail) =>
        [
          'miss',
          {
            ...key,
            ...price,
            'cache-status': `edge;fwd=uri-miss;stored;detail="${detail}; semantic: n"`,
          },
          expect.objectContaining({ outcome: 'failed', status: 'no cache', costUsd: 0.0125 }),
        ] as const,
    ),
    // A batch of embeddings.
    [
      'miss',
      { ...price, 'cache-status': 'edge;fwd=uri-miss' },
      { outcome: 'filled', costUsd: 0.0125 },
    ],
    ['bypass', { 'cache-status': 'edge;fwd=bypass' }, { outcome: 'not stored', costUsd: null }],
  ] as readonly (readonly [string, object, unknown])[])(
    'that was a %s with %j is %j',
    async (outcome, headers, expected) => {
      network(() =>
        Response.json({}, { headers: { 'x-cache': outcome, ...headers } as HeadersInit }),
      )
      expect(await send()).toEqual(expected)
    },
  )

  it.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '60' }, 1_500],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:30 GMT' }, 20_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('waits as long as %j says', async (headers, retryAfterMs) => {
    vi.useFakeTimers({ now: 10_000, toFake: ['Date'] })
    network(() => Response.json({}, { status: 429, headers: headers as HeadersInit }))
    expect(await send()).toMatchObject({ outcome: 'failed', status: 429, retryAfterMs })
  })

  it('that failed has the code and the message, whoever made the error', async () => {
    const message = 'Budget has been exceeded!'
    for (const [body, code] of [
      [
        { error: { message, code: 'invalid_api_key', type: 'authentication_error' } },
        'invalid_api_key',
      ],
      [{ error: { message, code: '400', type: 'budget_exceeded' } }, 'budget_exceeded'],
      [{ type: 'error', error: { message, type: 'rate_limit_error' } }, 'rate_limit_error'],
    ] as const) {
      network(() => Response.json(body, { status: 400 }))
      expect(await send()).toMatchObject({ status: 400, code, message })
    }
    network(() => new Response('<html>', { status: 502 }))
    expect(await send()).toMatchObject({ status: 502, code: '', message: '<html>' })
    network(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('refused') })))
    expect(await send()).toMatchObject({ status: 'unreachable', message: 'refused' })
  })
})

/** The attributes of a root span as MLflow keeps them: each as JSON text. */
function root(over: Record<string, unknown> = {}): Record<string, string> {
  const attributes = {
    'url.path': PATH,
    'http.response.status_code': 200,
    'cache.outcome': 'miss',
    'request.complete': true,
    'tenant.id': 'acme',
    'mlflow.spanInputs': BODY,
    ...over,
  }
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, JSON.stringify(value)]))
}

describe('a request from a trace', () => {
  it('has everything that its key was made of', () => {
    const traced = root({
      'url.path': '/openai/deployments/m/chat/completions',
      'url.query': 'api-version=2026-01-01',
      'http.request.header.anthropic-beta': 'a,b',
      'cache.namespace': 'n',
    })
    expect(replayed(traced, 'acme')).toEqual({
      request: {
        path: '/openai/deployments/m/chat/completions?api-version=2026-01-01',
        body: BODY,
        headers: { 'anthropic-beta': 'a,b', 'x-cache-namespace': 'n' },
      },
    })
  })

  it('has none of the cache controls that it once had', () => {
    const traced = root({ 'mlflow.spanInputs': { ...BODY, cache: { 'no-cache': true } } })
    expect(replayed(traced, undefined)).toMatchObject({ request: { body: BODY } })
    expect(replayed(traced, undefined)).not.toHaveProperty('request.body.cache')
  })

  it.each([
    ['not of the gateway', { 'url.path': undefined }],
    ['not of the gateway', { 'cache.outcome': undefined }],
    ['another tenant', { 'tenant.id': 'globex' }],
    ['failed', { 'http.response.status_code': 502 }],
    ['not cached', { 'cache.outcome': 'bypass' }],
    ['incomplete', { 'request.complete': undefined }],
    ['incomplete', { 'mlflow.spanInputs': undefined }],
    ['incomplete', { 'http.request.header.anthropic-beta': 'b'.repeat(512) }],
  ])('is skipped if it is %s: %j', (skipped, over) => {
    expect(replayed(root(over), 'acme')).toEqual({ skipped })
  })
})

describe("MLflow's traces", () => {
  const options = { url: 'http://mlflow', experimentId: '7', since: 1_000, until: 2_000 }

  it('are read page by page, the oldest first, each with its own text', async () => {
    const sent = network(async (request) => {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname.endsWith('/search')) {
        const { page_token } = (await request.json()) as { page_token?: string }
        return page_token === undefined
          ? Response.json({
              traces: [{ trace_id: 'tr-1' }, { trace_id: 'tr-2' }],
              next_page_token: 'p',
            })
          : Response.json({ traces: [{ trace_id: 'tr-3' }] })
      }
      const id = searchParams.get('request_id')
      if (id === 'tr-2') return new Response('gone', { status: 404 })
      const attributes = root({ 'mlflow.spanInputs': { ...BODY, user: id } })
      const child = { parent_span_id: 'x', attributes: {} }
      return Response.json({ spans: [child, { parent_span_id: null, attributes }] })
    })
    const found = await Array.fromAsync(tracedRequests(options))
    const request = (user: string) => ({
      request: { path: PATH, body: { ...BODY, user }, headers: {} },
    })
    expect(found).toEqual([request('tr-1'), { skipped: 'without a request' }, request('tr-3')])
    expect(await sent[0]!.json()).toEqual({
      locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '7' } }],
      filter: 'timestamp_ms >= 1000 AND timestamp_ms < 2000',
      order_by: ['timestamp_ms ASC'],
      max_results: 100,
    })
  })

  it('are asked for with a name and a password, if there are any', async () => {
    const sent = network(() => Response.json({}))
    expect(
      await Array.fromAsync(tracedRequests({ ...options, username: 'ann', password: 'é' })),
    ).toEqual([])
    expect(sent[0]!.headers.get('authorization')).toBe(
      `Basic ${Buffer.from('ann:é').toString('base64')}`,
    )
  })

  it.each([
    [
      'no answer',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('refused') })),
      'refused',
    ],
    ['a refusal', () => new Response('no', { status: 401 }), '401'],
    [
      'no permission to read one of them',
      (request: Request) =>
        request.url.endsWith('/search')
          ? Response.json({ traces: [{ trace_id: 'tr-1' }] })
          : new Response('no', { status: 403 }),
      '403',
    ],
    ['another server', () => new Response('<html>'), 'answered 200'],
  ])('that cannot be read are an error that says why: %s', async (_, answer, reason) => {
    network(answer)
    await expect(Array.fromAsync(tracedRequests(options))).rejects.toThrow(reason)
  })
})
