import { describe, expect, it } from 'vitest'
import { ask, unique } from './client.ts'

/** The number of concurrent callers. */
const CALLERS = 50

describe('request coalescing on the real stack', () => {
  it(`calls LiteLLM once for ${CALLERS} identical concurrent requests`, async () => {
    const question = await unique('Say hello to all of us.')
    // Without semantic hits, only coalescing can turn these requests into one call.
    const exactly = { headers: { 'x-cache-semantic': 'off' } }
    const seen = await Promise.all(
      Array.from({ length: CALLERS }, () => ask(question, {}, exactly)),
    )
    // LiteLLM gives each generation a new id.
    const ids = new Set(seen.map(({ text }) => (JSON.parse(text) as { id: string }).id))
    expect(ids.size).toBe(1)
    const statuses = seen.map(({ headers }) => headers.get('cache-status') ?? '')
    const calls = statuses.filter((status) => /fwd=/.test(status) && !/collapsed/.test(status))
    const shared = statuses.filter((status) => /collapsed/.test(status))
    const hits = statuses.filter((status) => /;hit;/.test(status))
    console.log(
      `${CALLERS} callers: ${calls.length} call to LiteLLM, ` +
        `${shared.length} shared it, ${hits.length} came later and hit`,
    )
    expect(calls).toHaveLength(1)
    expect(shared.length + hits.length).toBe(CALLERS - 1)
  })

  it('serves two concurrent streams and a later JSON request from one generation', async () => {
    const question = await unique('Say hello to both of us.')
    const exactly = { headers: { 'x-cache-semantic': 'off' } }
    const streams = [1, 2].map(() => ask(question, { stream: true }, exactly))
    const [one, other] = await Promise.all(streams)
    expect(one!.text).toBe(other!.text)
    const whole = await ask(question, {}, exactly)
    const { id } = JSON.parse(whole.text) as { id: string }
    expect(one!.text).toContain(id)
  })
})
