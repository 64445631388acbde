import { describe, expect, it } from 'vitest'
import { chat, gateway, WITHOUT_KEYS } from '../support/gateway.ts'

const DIGEST = 'a'.repeat(64)
const keys = (list: object[]) => ({ AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(list) })
const KEYS = keys([{ sha256: DIGEST, tenant: 'acme' }])
const policies = (...rules: object[]) => ({ POLICIES: JSON.stringify(rules) })

const broken: [variable: string, env: Record<string, unknown>][] = [
  ['LITELLM_URL', { LITELLM_URL: '' }],
  ['QDRANT_URL', { QDRANT_URL: 'not a url' }],
  ['QDRANT_URL', { QDRANT_URL: 'https://s3cret@qdrant' }],
  ['QDRANT_URL', { QDRANT_URL: 'https://qdrant?key=s3cret' }],
  ['LITELLM_URL', { LITELLM_URL: 'https://a:s3cret@litellm' }],
  ['QDRANT_TIMEOUT_MS', { QDRANT_TIMEOUT_MS: 'soon' }],
  ['CACHE_TTL_SECONDS', { CACHE_TTL_SECONDS: '0' }],
  ['TRACE_CONTENT', { TRACE_CONTENT: 'yes' }],
  ['AUTH_MODE', { AUTH_MODE: 'none' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys', GATEWAY_KEYS: '[{"sha256":"s3cret","tenant":"a"}]' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys', GATEWAY_KEYS: 's3cret' }],
  ['GATEWAY_KEYS', keys([{ sha256: DIGEST, tenant: '["s3cret","ann"]' }])],
  ['GATEWAY_KEYS', keys([{ sha256: DIGEST, tenant: 'team:s3cret' }])],
  ['GATEWAY_KEYS', keys([{ sha256: DIGEST, tenant: 'user:s3cret' }])],
  [
    'GATEWAY_KEYS',
    keys([
      { sha256: DIGEST, tenant: 's3cret' },
      { sha256: DIGEST, tenant: 'b' },
    ]),
  ],
  ['POLICIES', { POLICIES: 's3cret' }],
  // wrangler.toml turns a table into a value that is no text.
  ['POLICIES: Invalid input: expected string', { POLICIES: [{ name: 's3cret', cache: 'off' }] }],
  ['POLICIES: 1.cache', policies({ name: 'a', cache: 'on' }, { name: 'b', cache: 's3cret' })],
  ['POLICIES: 0', policies({ name: 'a', s3cret: 'off' })],
  ['POLICIES: must be at most 5120 bytes', { POLICIES: `[${'s3cret'.repeat(900)}]` }],
  ['POLICIES: must be at most 5120 bytes', { POLICIES: 'é'.repeat(2_561) }],
  ['CACHE_SCOPE', { CACHE_SCOPE: 's3cret' }],
  ['RATE_LIMIT_CLASS', { RATE_LIMIT_CLASS: 's3cret' }],
]

/** Settings that are valid, but not together, and a change that makes them valid. */
const contradictory: [
  variable: string,
  env: Record<string, string>,
  cure: Record<string, string>,
][] = [
  ['LITELLM_API_KEY', { ...KEYS, LITELLM_API_KEY: '' }, { LITELLM_API_KEY: 'sk-upstream' }],
  ['CACHE_SCOPE', { ...KEYS, CACHE_SCOPE: 'team' }, { CACHE_SCOPE: 'key' }],
  ['CACHE_SCOPE', { ...KEYS, CACHE_SCOPE: 'user' }, { AUTH_MODE: 'litellm' }],
  ['CACHE_SCOPE', { ...WITHOUT_KEYS, CACHE_SCOPE: 'team' }, { AUTH_MODE: 'litellm' }],
  ['RATE_LIMIT_CLASS', { ...KEYS, RATE_LIMIT_CLASS: 'high' }, { RATE_LIMIT_CLASS: 'standard' }],
  ['RATE_LIMIT_CLASS', { ...KEYS, RATE_LIMIT_CLASS: 'high' }, { AUTH_MODE: 'litellm' }],
  [
    'CACHE_TTL_SECONDS',
    { CACHE_TTL_SECONDS: '601', CACHE_MAX_TTL_SECONDS: '600' },
    { CACHE_TTL_SECONDS: '600' },
  ],
  ['CACHE_TTL_SECONDS', { CACHE_MAX_TTL_SECONDS: '600' }, { CACHE_MAX_TTL_SECONDS: '1800' }],
  [
    'CACHE_MAX_REQUEST_BYTES',
    { CACHE_MAX_REQUEST_BYTES: '1001', MAX_REQUEST_BYTES: '1000' },
    { CACHE_MAX_REQUEST_BYTES: '1000' },
  ],
  [
    'MAX_REQUEST_BYTES',
    { MAX_REQUEST_BYTES: '2000001', MEMORY_BUDGET_BYTES: '4000000' },
    { MAX_REQUEST_BYTES: '2000000' },
  ],
  [
    'COALESCE_MAX_REQUEST_BYTES',
    { COALESCE_MAX_REQUEST_BYTES: '1001', CACHE_MAX_REQUEST_BYTES: '1000' },
    { COALESCE_MAX_REQUEST_BYTES: '1000' },
  ],
  ['FINISH_ABANDONED', { COALESCE: 'off', FINISH_ABANDONED: 'true' }, { COALESCE: 'on' }],
  [
    'CACHE_STALE_WHILE_REVALIDATE_SECONDS',
    { COALESCE: 'off', CACHE_STALE_WHILE_REVALIDATE_SECONDS: '1' },
    { CACHE_STALE_WHILE_REVALIDATE_SECONDS: '0' },
  ],
  [
    'POLICIES: 0.ttl_seconds',
    policies({ name: 'a', ttl_seconds: 86_401 }),
    { CACHE_MAX_TTL_SECONDS: '86401' },
  ],
  [
    'POLICIES: 1.ttl_seconds',
    policies(
      { name: 'a', models: ['x'], cache: 'off' },
      { name: 'b', ttl_seconds: 601, max_ttl_seconds: 600 },
    ),
    policies({ name: 'b', ttl_seconds: 600, max_ttl_seconds: 600 }),
  ],
  [
    'POLICIES: 0.max_ttl_seconds',
    policies({ name: 'a', max_ttl_seconds: 600 }),
    { CACHE_TTL_SECONDS: '600' },
  ],
  [
    'POLICIES: 0.stale_while_revalidate_seconds',
    { COALESCE: 'off', ...policies({ name: 'a', stale_while_revalidate_seconds: 1 }) },
    { COALESCE: 'on' },
  ],
  [
    'POLICIES: 0.semantic_min_probability',
    { SEMANTIC_VERIFY: 'off', ...policies({ name: 'a', semantic_min_probability: 0.95 }) },
    { SEMANTIC_VERIFY: 'on' },
  ],
  [
    'QDRANT_COLLECTION',
    { QDRANT_COLLECTION: 'litellm_semantic_cache' },
    { SEMANTIC_COLLECTION: 'another' },
  ],
  ['MLFLOW_USERNAME', { MLFLOW_PASSWORD: 's3cret' }, { MLFLOW_USERNAME: 'gateway' }],
]

/** Settings that look contradictory but are accepted; several conflict only with a default. */
const harmless: Record<string, string>[] = [
  { MAX_REQUEST_BYTES: '1000' },
  { CACHE_MAX_REQUEST_BYTES: '1000' },
  { ...KEYS, CACHE_SCOPE: 'key', RATE_LIMIT_CLASS: 'standard' },
  // GATEWAY_KEYS may stay when the mode changes.
  { ...KEYS, AUTH_MODE: 'litellm' },
  { COALESCE: 'off', FINISH_ABANDONED: 'false' },
  { MLFLOW_USERNAME: 'gateway' },
  policies({ name: 'a', ttl_seconds: 604_800, max_ttl_seconds: 604_800 }),
  { COALESCE: 'off', ...policies({ name: 'a', stale_while_revalidate_seconds: 0 }) },
  // SEMANTIC=off may be set in an emergency, whatever the policies say.
  { SEMANTIC: 'off', ...policies({ name: 'a', semantic_min_probability: 0.95 }) },
]

describe('an invalid setting', () => {
  for (const [variable, env] of broken) {
    it(`is named without its value: ${variable} in ${JSON.stringify(env)}`, async () => {
      const { get, post } = gateway({ env })
      for (const answer of [await get('/health'), await post('/v1/chat/completions', chat())]) {
        expect(answer.status).toBe(500)
        const text = await answer.text()
        expect(JSON.parse(text)).toMatchObject({ error: { code: 'misconfigured' } })
        expect(text).toContain(variable)
        expect(text).not.toContain('s3cret')
        expect(answer.headers.has('x-request-id')).toBe(true)
      }
    })
  }
})

describe('contradictory settings', () => {
  it.each(contradictory)(
    'are rejected, naming %s: %j; valid with %j',
    async (variable, env, cure) => {
      const refused = await gateway({ env }).get('/health')
      expect(refused.status).toBe(500)
      const { error } = await refused.json<{ error: { code: string; message: string } }>()
      expect(error.code).toBe('misconfigured')
      expect(error.message).toMatch(new RegExp(`^${variable}: `))
      expect(error.message).not.toContain('s3cret')
      expect((await gateway({ env: { ...env, ...cure } }).get('/health')).status).toBe(200)
    },
  )

  it.each(harmless)('do not include %j', async (env) => {
    expect((await gateway({ env }).get('/health')).status).toBe(200)
  })
})
