import { afterEach, describe, expect, it } from 'vitest'
import { addresses, ask, control, recovered, unique, until } from './client.ts'
import { ownGateway, proxiedLiteLlm } from './own-parts.ts'

describe('the gateway on the real stack, with a failing part', () => {
  afterEach(recovered)

  it('answers without Qdrant, which loses no entry to kill -9', async () => {
    const question = await unique('Say goodbye.')
    // A gateway without near tiers, so its hits come from Qdrant.
    const { shortLived: url } = addresses
    const inQdrant = () =>
      ask(question, {}, { url, headers: { 'cache-control': 'only-if-cached' } })
    const first = await ask(question)
    await until('exact-hit', inQdrant)
    await control('kill', 'qdrant')
    const without = await ask(question, {}, { url })
    expect(without.status).toBe(200)
    expect(without.headers.get('x-cache')).not.toBe('exact-hit')
    const near = await ask(question)
    expect(near.headers.get('cache-status')).toContain('detail="memory"')
    expect(near.text).toBe(first.text)
    await control('start', 'qdrant')
    const again = await until('exact-hit', inQdrant)
    expect(again.headers.get('cache-status')).toContain('detail="qdrant"')
    expect(again.text).toBe(first.text)
  })

  it('treats a lookup as a miss if Qdrant hangs', async () => {
    const question = await unique('Say thanks.')
    await ask(question)
    await until('exact-hit', () => ask(question))
    await control('pause', 'qdrant')
    try {
      const seen = await ask(question, { tools: [] })
      expect(seen.status).toBe(200)
      expect(seen.headers.get('cache-status')).toContain('lookup timed out')
    } finally {
      await control('resume', 'qdrant')
    }
  })

  it('serves stored answers, fresh and stale, if LiteLLM is down', async () => {
    const litellm = await proxiedLiteLlm()
    const url = await ownGateway('gateway-cut-off', {
      LITELLM_URL: litellm.url,
      LITELLM_API_KEY: 'sk-carol',
    })
    const [question, unknown] = [await unique('Say good night.'), await unique('Say good night.')]
    const asked = (words: string, headers: Record<string, string> = {}) =>
      ask(words, {}, { url, headers })
    await asked(question)
    await until('exact-hit', () => asked(question))
    const short = { 'x-cache-ttl': '1', 'x-cache-semantic': 'off' }
    const shortLived = await unique('Say good night.')
    const before = await until('exact-hit', () => asked(shortLived, short))
    litellm.stop()
    const stale = await until('stale', () => asked(shortLived, short))
    expect(stale.headers.get('cache-status')).toMatch(
      /;fwd=stale;fwd-status=502;ttl=-\d+;.*upstream_unreachable/,
    )
    expect(stale.text).toBe(before.text)
    expect((await asked(question)).headers.get('x-cache')).toBe('exact-hit')
    const other = await asked(unknown)
    expect(other.status).toBe(502)
    expect(other.text).toContain('upstream_unreachable')
  })
})
