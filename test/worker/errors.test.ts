import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const { '../../src/errors.ts': errors = '' } = import.meta.glob('../../src/errors.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const CHAT = '/v1/chat/completions'

/** A request that causes one of the gateway's own errors. */
interface Way {
  readonly options?: GatewayOptions
  readonly path?: string
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

const never = { fetch: () => new Promise<Response>(() => {}) }
const limited = { limit: async () => ({ success: false }) }
const restricted = async () =>
  JSON.stringify([{ sha256: await sha256('key'), tenant: 'acme', models: ['large'] }])

/** Errors that a retry of the same request gets again. */
const FINAL: Record<string, Way | (() => Promise<Way>)> = {
  invalid_json: { body: '{' },
  invalid_request: { body: chat({ model: 7 }) },
  invalid_api_key: { options: { withKey: false } },
  model_not_allowed: async () => ({
    options: { env: { AUTH_MODE: 'keys', GATEWAY_KEYS: await restricted() }, key: 'key' },
  }),
  not_found: { path: '/v1/nothing' },
  model_not_found: { path: '/v1/models/none', method: 'GET' },
  entry_not_found: {
    path: '/v1/cache/report',
    body: { key: '00000000-0000-0000-0000-000000000000' },
  },
  method_not_allowed: { method: 'PUT' },
  request_too_large: { options: { env: { MAX_REQUEST_BYTES: '100' } }, body: 'x'.repeat(101) },
  unsupported_encoding: { headers: { 'content-encoding': 'br' } },
  unsupported_media_type: { path: '/v1/images/edits' },
  misconfigured: { options: { env: { QDRANT_URL: 'no' } } },
  not_in_cache: { headers: { 'cache-control': 'only-if-cached' } },
}

/** Errors that may be gone at the next attempt. */
const PASSING: Record<string, Way> = {
  rate_limit_exceeded: { options: { env: { RATE_LIMIT_STANDARD: limited } } },
  upstream_unreachable: { options: { env: WITHOUT_KEYS, hosts: { litellm: undefined } } },
  upstream_timeout: {
    options: {
      env: { ...WITHOUT_KEYS, LITELLM_FIRST_BYTE_TIMEOUT_MS: '20' },
      hosts: { litellm: never },
    },
  },
  auth_unavailable: { options: { hosts: { litellm: undefined } } },
}

async function meet(way: Way): Promise<Response> {
  const { options, path = CHAT, method = 'POST', body = chat(), headers = {} } = way
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method, headers, body: method === 'GET' ? null : content }
  return gateway(options).send(new Request(`https://gateway${path}`, init))
}

/** What a client's retry logic reads. */
async function seen(answer: Response): Promise<unknown> {
  const { error } = await answer.json<{ error: { code: string } }>()
  return { code: error.code, shouldRetry: answer.headers.get('x-should-retry') }
}

describe("the gateway's own errors", () => {
  it.each(Object.entries(FINAL))('tell clients not to retry: %s', async (code, way) => {
    const answer = await meet(typeof way === 'function' ? await way() : way)
    expect(await seen(answer)).toEqual({ code, shouldRetry: 'false' })
  })

  it.each(Object.entries(PASSING))('leave retries to the client: %s', async (code, way) => {
    expect(await seen(await meet(way))).toEqual({ code, shouldRetry: null })
  })

  it('are tested completely: every code in FINAL has a case here', () => {
    const [, listed = ''] = /FINAL: [^[]*\[([^\]]*)\]/.exec(String(errors)) ?? []
    const codes = [...listed.matchAll(/'(\w+)'/g)].map(([, code]) => code)
    expect(Object.keys(FINAL)).toEqual(codes)
  })
})
