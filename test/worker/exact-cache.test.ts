import { afterEach, describe, expect, it, vi } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

afterEach(() => vi.useRealTimers())

describe('the exact cache', () => {
  it('calls LiteLLM once for two identical requests', async () => {
    const { post, settled, litellm } = gateway()
    const first = await post(CHAT, chat())
    const text = await first.text()
    await settled()
    const second = await post(CHAT, chat())
    expect(await second.text()).toBe(text)
    expect(litellm.asked).toHaveLength(1)
    expect(first.headers.get('x-cache')).toBe('miss')
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(second.headers.get('x-cache-key')).toBe(first.headers.get('x-cache-key'))
  })

  it('uses one entry for a path with and without /v1', async () => {
    const { post, settled, litellm } = gateway()
    await post(CHAT, chat())
    await settled()
    const second = await post('/chat/completions', chat())
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(litellm.asked).toHaveLength(1)
  })

  it('serves an answer for CACHE_TTL_SECONDS after it was stored, however often it is hit', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, litellm } = gateway({ env: { CACHE_TTL_SECONDS: '10' } })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(1_790_000_009_999)
    const late = await post(CHAT, chat())
    expect(late.headers.get('x-cache')).toBe('exact-hit')
    expect(late.headers.get('age')).toBe('9')
    await settled()
    vi.setSystemTime(1_790_000_010_000)
    const tooLate = await post(CHAT, chat())
    expect(tooLate.headers.get('x-cache')).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
  })

  it('has an entry for each value of the headers that count in the key', async () => {
    const { post, settled, litellm } = gateway()
    const versions: Record<string, string>[] = [
      {},
      { 'anthropic-version': '2023-06-01' },
      { 'anthropic-version': '2026-01-01' },
      { 'anthropic-beta': 'b' },
      { 'openai-beta': 'b' },
    ]
    for (const headers of [...versions, ...versions]) {
      await post(CHAT, chat(), headers)
      await settled()
    }
    expect(litellm.asked).toHaveLength(versions.length)
    expect(litellm.asked[1]!.headers.get('anthropic-version')).toBe('2023-06-01')
  })

  it('has an entry for each order of members that a model can see, and preserves the order upstream', async () => {
    const { post, settled, litellm } = gateway()
    const schemas = [
      { reasoning: {}, answer: {} },
      { answer: {}, reasoning: {} },
    ]
    for (const guided_json of [...schemas, ...schemas]) {
      await post(CHAT, chat({ guided_json }))
      await settled()
    }
    const sent = litellm.asked.map(({ body }) => Object.keys(body['guided_json'] as object))
    expect(sent).toEqual([
      ['reasoning', 'answer'],
      ['answer', 'reasoning'],
    ])
  })
})
