import { afterEach, describe, expect, it, vi } from 'vitest'
import { completion, litellmError } from '../support/fake-litellm.ts'
import type { Asked } from '../support/fake-litellm.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { embed } from '../support/embedding-model.ts'
import { chat, gateway, QDRANT_ONLY, WITHOUT_KEYS } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import readme from '../../README.md?raw'
import caching from '../../docs/caching.md?raw'

const CHAT = '/v1/chat/completions'
const START = 1_790_000_000_000

/** What a row of the table of outcomes promises, and how to reproduce it. */
interface Row {
  readonly options?: GatewayOptions
  /** Whether the answer to the request is already stored, `laterMs` ago. */
  readonly seen?: boolean
  readonly laterMs?: number
  /** The path; chat completions unless given. */
  readonly path?: string
  /** The request that is stored, if it is another one. */
  readonly seenBody?: Record<string, unknown>
  /** Whether an identical request is in flight. */
  readonly beside?: boolean
  readonly body?: Record<string, unknown> | string
  readonly headers?: Record<string, string>
  /** LiteLLM's answer about the owner of the caller's key. */
  readonly keyInfo?: () => Response
  readonly status?: number
  readonly outcome: string
  readonly members: Record<string, unknown>[]
  readonly age?: string
  readonly asked: number
}

const key = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const edge = (over: Record<string, unknown>) => ({ cache: 'edge', key, ...over })
const bypassed = (detail: string) => ({
  cache: 'edge',
  fwd: 'bypass',
  'fwd-status': 200,
  detail,
})
const missed = { fwd: 'uri-miss', 'fwd-status': 200 }
const semanticHit = ({ body }: Asked) =>
  completion(
    {},
    {
      'x-litellm-cache-key': `${(body['cache'] as { namespace: string }).namespace}:abc`,
      'x-litellm-semantic-similarity': '0.93',
    },
  )

const wellUntil = (instant: number) => () =>
  Date.now() < instant ? completion() : new Response('no', { status: 503 })

/** By the first cell of the row. */
const table: Record<string, Row> = {
  'stored, fresh': {
    seen: true,
    laterMs: 88_000,
    outcome: 'exact-hit',
    members: [edge({ hit: true, ttl: 1712, detail: 'qdrant' })],
    age: '88',
    asked: 1,
  },
  'stored, fresh, and a copy is near the caller': {
    options: { env: { EDGE_TTL_SECONDS: '30', QDRANT_COLLECTION: 'status-near' } },
    seen: true,
    outcome: 'exact-hit',
    members: [edge({ hit: true, ttl: 1800, detail: 'memory' })],
    age: '0',
    asked: 1,
  },
  new: {
    outcome: 'miss',
    members: [edge({ ...missed, stored: true })],
    asked: 1,
  },
  'new, while an identical request is in flight': {
    beside: true,
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, collapsed: true })],
    asked: 1,
  },
  'new, answered by a verified semantic hit': {
    options: { answer: semanticHit, env: { SEMANTIC_VERIFY: 'off' } },
    outcome: 'semantic-hit',
    members: [
      { cache: 'litellm', hit: true, detail: 'similarity=0.93' },
      edge({ ...missed, stored: true }),
    ],
    asked: 1,
  },
  'stored, from a semantic hit': {
    options: { answer: semanticHit, env: { SEMANTIC_VERIFY: 'off', ...QDRANT_ONLY } },
    seen: true,
    outcome: 'exact-hit',
    members: [edge({ hit: true, ttl: 1800, detail: 'qdrant; semantic 0.93' })],
    age: '0',
    asked: 1,
  },
  'stored, from a semantic hit, with `x-cache-semantic: off`': {
    options: {
      env: { SEMANTIC_VERIFY: 'off' },
      answer: (asked) =>
        asked.body['cache'] && 'namespace' in (asked.body['cache'] as object)
          ? semanticHit(asked)
          : completion(),
    },
    seen: true,
    headers: { 'x-cache-semantic': 'off' },
    outcome: 'miss',
    members: [
      edge({
        ...missed,
        stored: true,
        detail: 'the stored answer is a semantic hit; semantic: off',
      }),
    ],
    asked: 2,
  },
  'new, and the semantic hit is refused': {
    options: {
      answer: (asked) => {
        const cache = asked.body['cache'] as object
        return 'no-cache' in cache ? completion() : semanticHit(asked)
      },
    },
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, detail: 'semantic: original unknown' })],
    asked: 2,
  },
  'new, and not eligible for a semantic hit': {
    body: chat({ tools: [] }),
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, detail: 'semantic: tools' })],
    asked: 1,
  },
  'stored, expired': {
    seen: true,
    laterMs: 1_800_000,
    outcome: 'miss',
    members: [edge({ fwd: 'stale', 'fwd-status': 200, stored: true })],
    asked: 2,
  },
  'stored, expired, with `Cache-Control: max-stale`': {
    seen: true,
    laterMs: 1_842_000,
    headers: { 'cache-control': 'max-stale' },
    outcome: 'stale',
    members: [edge({ hit: true, ttl: -42, detail: 'qdrant' })],
    age: '1842',
    asked: 2, // the second one refreshes the entry in the background
  },
  'stored, expired less than `CACHE_STALE_IF_ERROR_SECONDS` ago, and LiteLLM fails': {
    options: { answer: wellUntil(START + 1_000) },
    seen: true,
    laterMs: 1_842_000,
    outcome: 'stale',
    members: [edge({ fwd: 'stale', 'fwd-status': 503, ttl: -42, detail: 'qdrant; status 503' })],
    age: '1842',
    asked: 2,
  },
  'stored, older than the requested `max-age`': {
    seen: true,
    laterMs: 60_001,
    headers: { 'cache-control': 'max-age=60' },
    outcome: 'miss',
    members: [edge({ fwd: 'request', 'fwd-status': 200, stored: true })],
    asked: 2,
  },
  '`Cache-Control: no-cache`': {
    seen: true,
    headers: { 'cache-control': 'no-cache' },
    outcome: 'refresh',
    members: [edge({ fwd: 'request', 'fwd-status': 200, stored: true })],
    asked: 2,
  },
  '`Cache-Control: no-store`': {
    seen: true,
    headers: { 'cache-control': 'no-store' },
    outcome: 'bypass',
    members: [edge({ fwd: 'bypass', 'fwd-status': 200, detail: 'no-store' })],
    asked: 2,
  },
  'new, with `"cache": {"no-store": true}` in the body': {
    body: chat({ cache: { 'no-store': true } }),
    outcome: 'miss',
    members: [edge(missed)],
    asked: 1,
  },
  'new, with `Cache-Control: only-if-cached`': {
    headers: { 'cache-control': 'only-if-cached' },
    status: 504,
    outcome: 'miss',
    members: [edge({ detail: 'only-if-cached' })],
    asked: 0,
  },
  'a number or text without a canonical form': {
    body: JSON.stringify(chat()).replace('{', '{"seed":12345678901234567890,'),
    outcome: 'bypass',
    members: [
      {
        cache: 'edge',
        fwd: 'bypass',
        'fwd-status': 200,
        detail: 'number or text without a canonical form',
      },
    ],
    asked: 1,
  },
  'no `user`, with a key of scope `user`': {
    options: {
      env: {
        AUTH_MODE: 'keys',
        // The digest of "key".
        GATEWAY_KEYS:
          '[{"sha256":"2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683","tenant":"acme","scope":"user"}]',
      },
    },
    headers: { authorization: 'Bearer key' },
    outcome: 'bypass',
    members: [
      {
        cache: 'edge',
        fwd: 'bypass',
        'fwd-status': 200,
        detail: 'no user whose answer it would be',
      },
    ],
    asked: 1,
  },
  '`CACHE_SCOPE` is `team` or `user`, and LiteLLM does not say whose key it is': {
    options: { env: { CACHE_SCOPE: 'team' } },
    keyInfo: () => litellmError(500, 'internal_server_error'),
    outcome: 'bypass',
    members: [{ cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'tenant unknown' }],
    asked: 1,
  },
  'a [policy](#policies) turns the cache off': {
    options: { env: { POLICIES: '[{"name":"legal","cache":"off"}]' } },
    outcome: 'bypass',
    members: [bypassed('policy legal')],
    asked: 1,
  },
  'new, and a policy turns semantic hits off': {
    options: { env: { POLICIES: '[{"name":"search","semantic":"off"}]' } },
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, detail: 'semantic: policy search' })],
    asked: 1,
  },
  'larger than `CACHE_MAX_REQUEST_BYTES`': {
    options: { env: { CACHE_MAX_REQUEST_BYTES: '10' } },
    outcome: 'bypass',
    members: [{ cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'request too large' }],
    asked: 1,
  },
  'more than 200,000 objects, arrays, strings and members': {
    body: chat({ x: Array.from({ length: 200_001 }, () => []) }),
    outcome: 'bypass',
    members: [{ cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'request too complex' }],
    asked: 1,
  },
  'several embeddings, all of them stored': {
    options: { answer: embed },
    path: '/v1/embeddings',
    seen: true,
    laterMs: 88_000,
    body: { model: 'embed', input: ['a', 'b'] },
    outcome: 'exact-hit',
    members: [{ cache: 'edge', hit: true, ttl: 1712, detail: '2/2' }],
    age: '88',
    asked: 1,
  },
  'several embeddings, some of them stored': {
    options: { answer: embed },
    path: '/v1/embeddings',
    seen: true,
    seenBody: { model: 'embed', input: ['a', 'b'] },
    body: { model: 'embed', input: ['a', 'b', 'c'] },
    outcome: 'miss',
    members: [{ cache: 'edge', ...missed, detail: '2/3' }],
    asked: 2,
  },
  'a request of the Responses API that is not stateless': {
    options: { answer: () => Response.json({}) },
    path: '/v1/responses',
    body: { model: 'small', input: 'Go on.', previous_response_id: 'resp_1' },
    outcome: 'bypass',
    members: [bypassed('previous_response_id')],
    asked: 1,
  },
  'a message with `thread`, `container` or `mcp_servers`': {
    options: { answer: () => Response.json({}) },
    path: '/v1/messages',
    body: { ...chat(), container: 'container_1' },
    outcome: 'bypass',
    members: [bypassed('server-side state')],
    asked: 1,
  },
  'a decision whose questions have more than 16,384 characters in names and choices': {
    options: { answer: () => Response.json({}) },
    path: '/v1/decisions',
    body: {
      model: 'small',
      input: 'Hello.',
      questions: [{ type: 'predicate', name: 'n'.repeat(16_385), instructions: 'Is it polite?' }],
    },
    outcome: 'bypass',
    members: [bypassed('questions too long')],
    asked: 1,
  },
  'embeddings in an `encoding_format` other than `float` and `base64`': {
    options: { answer: embed },
    path: '/v1/embeddings',
    body: { model: 'embed', input: 'a', encoding_format: 'int8' },
    outcome: 'bypass',
    members: [bypassed('encoding_format')],
    asked: 1,
  },
  'embeddings of images': {
    options: { answer: () => Response.json({}) },
    path: '/v1/embeddings',
    body: { model: 'embed', input: [{ image: 'data:' }] },
    outcome: 'bypass',
    members: [bypassed('input is neither text nor tokens')],
    asked: 1,
  },
  'Qdrant is slower than `QDRANT_TIMEOUT_MS`': {
    options: {
      env: { QDRANT_TIMEOUT_MS: '10' },
      hosts: { qdrant: { fetch: () => new Promise<Response>(() => {}) } },
    },
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, detail: 'lookup timed out' })],
    asked: 1,
  },
  'Qdrant is down or refuses': {
    options: { hosts: { qdrant: undefined } },
    outcome: 'miss',
    members: [edge({ ...missed, stored: true, detail: 'lookup failed' })],
    asked: 1,
  },
  'LiteLLM answers with an error': {
    options: { answer: () => Response.json({ error: { message: 'slow' } }, { status: 429 }) },
    status: 429,
    outcome: 'miss',
    members: [edge({ fwd: 'uri-miss', 'fwd-status': 429 })],
    asked: 1,
  },
  'LiteLLM is down': {
    options: { hosts: { litellm: undefined }, env: WITHOUT_KEYS },
    status: 502,
    outcome: 'miss',
    members: [edge({ fwd: 'uri-miss' })],
    asked: 0,
  },
  'the answer may not be stored (cut off, filtered, empty, …)': {
    options: {
      answer: () =>
        completion({
          choices: [{ index: 0, finish_reason: 'length', message: { content: 'Air' } }],
        }),
    },
    outcome: 'miss',
    members: [edge(missed)],
    asked: 1,
  },
}

afterEach(() => vi.useRealTimers())

/** The rows of the table that follows this heading: the request, `x-cache`, `Cache-Status`. */
function rowsOf(page: string, heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  const end = rows.findIndex((row) => row.startsWith('|---'))
  return rows.slice(0, end < 0 ? undefined : end - 1).map((row) => row.slice(2, -2).split(' | '))
}

describe('the tables of outcomes', () => {
  it('list the outcomes tested here, all of them in docs/caching.md and some in the README', () => {
    const all = rowsOf(caching, 'Outcomes')
    expect(all.map(([name]) => name)).toEqual(Object.keys(table))
    const some = rowsOf(readme, 'Outcomes')
    expect(some.length).toBeGreaterThan(5)
    for (const [name = '', outcome, status] of some) {
      expect(Object.keys(table)).toContain(name)
      expect(all.find(([other]) => other === name)?.at(-1)).toBe(status)
      expect(outcome).toContain(`\`${table[name]!.outcome}\``)
    }
    for (const [name = '', outcome] of all) expect(outcome).toContain(`\`${table[name]!.outcome}\``)
  })

  for (const [name, row] of Object.entries(table)) {
    it(`match the response: ${name}`, async () => {
      vi.useFakeTimers({ now: START, toFake: ['Date'] })
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { post, settled, litellm } = gateway(row.options)
      const { body = chat(), headers = {}, path = CHAT } = row
      if (row.keyInfo !== undefined) litellm.keyInfo = row.keyInfo
      if (row.seen) {
        await post(path, row.seenBody ?? body)
        await settled()
      }
      vi.setSystemTime(START + (row.laterMs ?? 0))
      const other = row.beside ? post(path, body, headers) : undefined
      const answer = await post(path, body, headers)
      await other
      expect(answer.status).toBe(row.status ?? 200)
      expect(answer.headers.get('x-cache')).toBe(row.outcome)
      expect(cacheStatus(answer)).toEqual(row.members)
      expect(answer.headers.get('age')).toBe(row.age ?? null)
      expect(answer.headers.get('server-timing')).toMatch(/^cache;dur=\d+(, upstream;dur=\d+)?$/)
      expect(answer.headers.get('x-request-id')).toBeTruthy()
      expect(answer.headers.get('x-cache-key')).toEqual(row.members.at(-1)!['key'] ? key : null)
      await vi.waitFor(() => expect(litellm.asked).toHaveLength(row.asked))
      vi.restoreAllMocks()
    })
  }

  it('match a stream, whose headers never say `stored`', async () => {
    const { post } = gateway({
      answer: () =>
        new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } }),
    })
    const answer = await post(CHAT, chat({ stream: true }))
    expect(cacheStatus(answer)).toEqual([edge(missed)])
    expect(answer.headers.get('x-cache')).toBe('miss')
    expect(answer.headers.get('server-timing')).toBeTruthy()
    await answer.text()
  })

  it('do not apply to errors before the lookup, which have no cache headers', async () => {
    const { post } = gateway()
    const answer = await post(CHAT, 'no JSON')
    expect(answer.status).toBe(400)
    for (const name of ['cache-status', 'x-cache', 'x-cache-key', 'age', 'server-timing']) {
      expect(answer.headers.has(name)).toBe(false)
    }
    expect(answer.headers.has('x-request-id')).toBe(true)
  })
})
