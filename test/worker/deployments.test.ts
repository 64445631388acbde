import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { chat, gateway } from '../support/gateway.ts'

const at = (model: string) => `/openai/deployments/${model}/chat/completions`

describe('a request on an Azure path', () => {
  it('uses the model in the path, whatever the body says, and shares entries with the other paths', async () => {
    const { post, settled, litellm } = gateway()
    const { model: _, ...withoutModel } = chat()
    for (const body of [withoutModel, chat({ model: 'another' })]) {
      expect((await post(at('small'), body)).status).toBe(200)
      await settled()
    }
    const here = await post('/v1/chat/completions', chat())
    expect(here.headers.get('x-cache')).toBe('exact-hit')
    expect(litellm.asked.map(({ url, body }) => [url, body['model']])).toEqual([
      ['http://litellm/v1/chat/completions', 'small'],
    ])
  })

  it('forwards api-version to LiteLLM and has an entry for each version', async () => {
    const { post, settled, litellm } = gateway()
    const versions = ['?api-version=2026-01-01', '?api-version=2026%2002&x=1', '?x=2', '']
    for (const query of [...versions, ...versions]) {
      await post(`${at('small')}${query}`, chat())
      await settled()
    }
    expect(litellm.asked.map(({ url }) => url)).toEqual([
      'http://litellm/v1/chat/completions?api-version=2026-01-01',
      'http://litellm/v1/chat/completions?api-version=2026%2002',
      'http://litellm/v1/chat/completions',
    ])
  })

  it.each([
    ['openai/gpt-5', 'openai/gpt-5'],
    ['openai%2Fgpt-5', 'openai/gpt-5'],
  ])('accepts the deployment name %s', async (path, model) => {
    const { post, litellm } = gateway()
    await post(at(path), chat())
    expect(litellm.asked[0]!.body['model']).toBe(model)
  })

  it('is refused if the key may not use the model in the path', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['small'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { post, litellm } = gateway({ env })
    expect((await post(at('large'), chat(), { 'api-key': 'key' })).status).toBe(403)
    expect((await post(at('small,large'), chat(), { 'api-key': 'key' })).status).toBe(400)
    expect(litellm.asked).toHaveLength(0)
  })

  it.each([
    ['small/chat/completions', '/v1/chat/completions', 'small'],
    ['vendor/small/chat/completions', '/v1/chat/completions', 'vendor/small'],
    ['small/completions', '/v1/completions', 'small'],
    ['vendor/small/completions', '/v1/completions', 'vendor/small'],
    ['chat/completions', '/v1/completions', 'chat'],
    ['vendor%2Fchat/completions', '/v1/completions', 'vendor/chat'],
  ])("tells chat's path from that of legacy completions: %s", async (path, sentTo, model) => {
    const { post, litellm } = gateway()
    await post(`/openai/deployments/${path}`, chat({ prompt: 'a' }))
    expect(litellm.asked.map((asked) => [asked.path, asked.body['model']])).toEqual([
      [sentTo, model],
    ])
  })

  it("reaches LiteLLM's routes for embeddings and images", async () => {
    const { post, litellm } = gateway({ answer: () => Response.json({ data: [] }) })
    await post('/openai/deployments/small/embeddings', { input: 'a cat' })
    await post('/openai/deployments/small/images/generations', { prompt: 'a cat' })
    expect(litellm.asked.map(({ path }) => path)).toEqual([
      '/v1/embeddings',
      '/v1/images/generations',
    ])
  })
})
