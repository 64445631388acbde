import { afterEach, describe, expect, it, vi } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

afterEach(() => vi.useRealTimers())

describe('the exact cache', () => {
  it('asks LiteLLM once for the same question', async () => {
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

  it('answers the path without /v1 from the same entry', async () => {
    const { post, settled, litellm } = gateway()
    await post(CHAT, chat())
    await settled()
    const second = await post('/chat/completions', chat())
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(litellm.asked).toHaveLength(1)
  })

  it('keeps an answer for CACHE_TTL_SECONDS from when it was made, and never longer', async () => {
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
})
