import { sha256 } from '../../src/cache/key.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import type { Asked } from '../support/fake-litellm.ts'
import { chat, gateway, QDRANT_ONLY, WITHOUT_KEYS } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const namespaceOf = ({ body }: Asked) => (body['cache'] as { namespace: string }).namespace
/** For tests that are not about verification: hits whose original is unknown are served. */
const UNVERIFIED = { SEMANTIC_VERIFY: 'off' }
const hit = (asked: Asked, over = {}) =>
  completion(over, {
    'x-litellm-cache-key': `${namespaceOf(asked)}:abc`,
    'x-litellm-semantic-similarity': '0.93',
  })
const message = (role: string, content: unknown) => ({ role, content })

afterEach(() => vi.useRealTimers())

describe("a hit of LiteLLM's semantic cache", () => {
  it('is labelled as a semantic hit and stored with its similarity', async () => {
    const { post, settled, litellm, qdrant } = gateway({
      answer: (asked) => hit(asked),
      env: { ...UNVERIFIED, ...QDRANT_ONLY },
    })
    const first = await post(CHAT, chat())
    expect(first.headers.get('x-cache')).toBe('semantic-hit')
    expect(first.headers.get('x-litellm-semantic-similarity')).toBe('0.93')
    expect(first.headers.get('cache-status')).toMatch(
      /^litellm;hit;detail="similarity=0.93", edge;fwd=uri-miss;fwd-status=200;/,
    )
    await settled()
    expect([...qdrant.points.values()][0]).toMatchObject({ source: 'semantic', similarity: 0.93 })
    const second = await post(CHAT, chat())
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(second.headers.get('cache-status')).toContain('detail="qdrant; semantic 0.93"')
    expect(litellm.asked).toHaveLength(1)
  })

  it("is the only answer that shows LiteLLM's similarity: a miss does not", async () => {
    const { post } = gateway({
      answer: () => completion({}, { 'x-litellm-semantic-similarity': '0.41' }),
    })
    const answer = await post(CHAT, chat())
    expect(answer.headers.get('x-cache')).toBe('miss')
    expect(answer.headers.has('x-litellm-semantic-similarity')).toBe(false)
  })

  it('expires when the original answer does', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const made = 1_790_000_000 - 1_000
    const { post, settled, qdrant } = gateway({
      answer: (asked) => hit(asked, { created: made }),
      env: UNVERIFIED,
    })
    await post(CHAT, chat())
    await settled()
    const second = await post(CHAT, chat())
    expect(second.headers.get('age')).toBe('1000')
    expect([...qdrant.points.values()][0]).toMatchObject({
      stored_at: made * 1000,
      expires_at: (made + 1800) * 1000,
    })
  })

  it('is not stored if the original answer has expired', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const created = 1_790_000_000 - 1_800
    const { post, settled, qdrant } = gateway({
      answer: (asked) => hit(asked, { created }),
      env: UNVERIFIED,
    })
    const answer = await post(CHAT, chat())
    expect(answer.headers.get('cache-status')).not.toContain('stored')
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('is not stored if its age is unknown or CACHE_SEMANTIC_HITS is false', async () => {
    const streamHit = (asked: Asked) =>
      eventStream(chunks(), { 'x-litellm-cache-key': `${namespaceOf(asked)}:abc` })
    const stream = gateway({ answer: streamHit, env: UNVERIFIED })
    await (await stream.post(CHAT, chat({ stream: true }))).text()
    await stream.settled()
    expect(stream.qdrant.points.size).toBe(0)
    const none = gateway({
      answer: (asked) => hit(asked),
      env: { ...UNVERIFIED, CACHE_SEMANTIC_HITS: 'false' },
    })
    const unkept = await none.post(CHAT, chat())
    expect(unkept.headers.get('cache-status')).not.toContain('stored')
    await none.settled()
    expect(none.qdrant.points.size).toBe(0)
  })

  it('is shared with a JSON follower even if it is not stored', async () => {
    const begin = Promise.withResolvers<void>()
    const { post, litellm, coalescing } = gateway({
      answer: async (asked) => {
        await begin.promise
        return eventStream(chunks(), { 'x-litellm-cache-key': `${namespaceOf(asked)}:abc` })
      },
      env: { ...UNVERIFIED, CACHE_SEMANTIC_HITS: 'false' },
    })
    const stream = post(CHAT, chat({ stream: true }))
    await vi.waitFor(() => expect(litellm.asked).toHaveLength(1))
    const json = post(CHAT, chat())
    await vi.waitFor(() => expect(coalescing.asked).toBe(2))
    begin.resolve()
    await (await stream).text()
    const answer = await json
    expect(await answer.json()).toMatchObject({
      choices: [{ message: { content: 'Air scatters.' } }],
    })
    expect(answer.headers.get('cache-status')).toContain('collapsed')
    expect(answer.headers.get('cache-status')).not.toContain('stored')
    expect(litellm.asked).toHaveLength(1)
  })

  it('is refused if it comes from another namespace, and LiteLLM is called again with no-cache', async () => {
    const { post, litellm } = gateway({
      answer: ({ body }) =>
        (body['cache'] as Record<string, unknown>)['no-cache']
          ? completion({ id: 'fresh' })
          : completion({ id: 'foreign' }, { 'x-litellm-cache-key': 'other:abc' }),
    })
    const answer = await post(CHAT, chat())
    expect(await answer.json()).toMatchObject({ id: 'fresh' })
    expect(answer.headers.get('x-cache')).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('a hit that LiteLLM was told not to serve', () => {
  const everything = () => completion({}, { 'x-litellm-cache-key': 'other:abc' })

  it.each([
    ['another namespace, twice', {}, 2],
    ['x-cache-semantic: off', { 'x-cache-semantic': 'off' }, 1],
    ['Cache-Control: no-cache', { 'cache-control': 'no-cache' }, 1],
  ])('causes a 502 and is not stored: %s', async (_, headers, asked) => {
    const { post, settled, litellm, qdrant } = gateway({ answer: everything })
    const answer = await post(CHAT, chat(), headers as Record<string, string>)
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: { code: 'upstream_unsound' } })
    await settled()
    expect(litellm.asked).toHaveLength(asked)
    expect(qdrant.points.size).toBe(0)
  })
})

describe('the semantic namespace sent to LiteLLM', () => {
  const namespaceFor = async (body: Record<string, unknown>, headers = {}) => {
    const { post, settled, litellm } = gateway({ env: WITHOUT_KEYS })
    await (await post(CHAT, body, headers)).text()
    await settled()
    return litellm.asked[0]!.body['cache'] as Record<string, unknown>
  }

  it('is the same for every wording of the last message', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const one = await namespaceFor(chat())
    const reworded = chat({ messages: [message('user', 'What makes the sky blue?')] })
    expect(await namespaceFor(reworded)).toEqual(one)
    // Never s-maxage: in LiteLLM it locks into "always a miss".
    expect(one).toEqual({ namespace: expect.stringMatching(/^[0-9a-f]{64}-\d+$/) })
  })

  it('differs for other settings, system prompts, earlier turns and periods of time', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const question = message('user', 'Why is the sky blue?')
    const turns = (said: string) => [message('user', said), message('assistant', 'ok'), question]
    const seen = [
      await namespaceFor(chat()),
      await namespaceFor(chat({ temperature: 0 })),
      await namespaceFor(chat({ model: 'other' })),
      await namespaceFor(chat({ messages: [message('system', 'Be brief.'), question] })),
      await namespaceFor(chat({ messages: [message('system', 'Be long.'), question] })),
      await namespaceFor(chat({ messages: turns('I am Ann.') })),
      await namespaceFor(chat({ messages: turns('I am Bob.') })),
      await namespaceFor(chat({ messages: [{ ...question, name: 'bob' }] })),
      await namespaceFor(chat(), { 'x-cache-namespace': 'a' }),
      await namespaceFor(chat(), { 'x-cache-namespace': 'b' }),
      await namespaceFor(chat(), { 'x-cache-ttl': '1799' }),
    ]
    vi.setSystemTime(1_790_000_000_000 + 1_800_000)
    seen.push(await namespaceFor(chat()))
    expect(new Set(seen.map(({ namespace }) => namespace)).size).toBe(seen.length)
  })

  it('differs for each tenant', async () => {
    const keys = ['acme', 'globex'].map(async (tenant) => ({
      sha256: await sha256(tenant),
      tenant,
    }))
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(await Promise.all(keys)) }
    const { post, settled, litellm } = gateway({ env })
    for (const key of ['acme', 'globex']) {
      await post(CHAT, chat(), { authorization: `Bearer ${key}` })
      await settled()
    }
    const [one, two] = litellm.asked.map(namespaceOf)
    expect(one).toMatch(/^[0-9a-f]{64}-\d+$/)
    expect(two).not.toBe(one)
  })

  it('is missing for images, tools and assistant turns: LiteLLM then neither reads nor stores', async () => {
    const bypass = { 'no-cache': true, 'no-store': true }
    const picture = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }]
    expect(await namespaceFor(chat({ messages: [message('user', picture)] }))).toEqual(bypass)
    expect(await namespaceFor(chat({ tools: [{ type: 'function' }] }))).toEqual(bypass)
    expect(await namespaceFor(chat({ functions: [{ name: 'f' }] }))).toEqual(bypass)
    const answered = [message('user', 'hi'), message('assistant', 'ok')]
    expect(await namespaceFor(chat({ messages: answered }))).toEqual(bypass)
  })
})
