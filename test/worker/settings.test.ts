import { describe, expect, it } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

const broken: [variable: string, env: Record<string, string>][] = [
  ['LITELLM_URL', { LITELLM_URL: '' }],
  ['QDRANT_URL', { QDRANT_URL: 'not a url' }],
  ['QDRANT_TIMEOUT_MS', { QDRANT_TIMEOUT_MS: 'soon' }],
  ['CACHE_TTL_SECONDS', { CACHE_TTL_SECONDS: '0' }],
  ['TRACE_CONTENT', { TRACE_CONTENT: 'yes' }],
  ['AUTH_MODE', { AUTH_MODE: 'none' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys', GATEWAY_KEYS: '[{"sha256":"s3cret","tenant":"a"}]' }],
  ['GATEWAY_KEYS', { AUTH_MODE: 'keys', GATEWAY_KEYS: 's3cret' }],
]

describe('a setting that cannot be used', () => {
  for (const [variable, env] of broken) {
    it(`is named, without its value: ${variable} in ${JSON.stringify(env)}`, async () => {
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
