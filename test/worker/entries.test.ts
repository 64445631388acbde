import { sha256 } from '../../src/cache/key.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Changes the stored payload and repeats the request. */
async function askedAgainAfter(change: (payload: Record<string, unknown>) => void) {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const made = gateway({ env: QDRANT_ONLY })
  await made.post(CHAT, chat())
  await made.settled()
  const [id = '', payload = {}] = [...made.qdrant.points][0] ?? []
  const before = structuredClone(payload)
  change(payload)
  const answer = await made.post(CHAT, chat())
  await made.settled()
  const after = made.qdrant.points.get(id) ?? {}
  return { ...made, warned, answer, before, after }
}

describe('a stored entry that does not match the request or cannot be read is a miss and is overwritten', () => {
  const changes: Record<string, Record<string, unknown>> = {
    'another proof (an MD5 collision)': { proof: 'f'.repeat(64) },
    'another tenant': { tenant: 'globex' },
    'another path': { path: '/v1/embeddings' },
    'a newer version': { v: 2 },
    'no version': { v: undefined },
    'a body that is not text': { body: { id: 1 } },
    'an empty body': { body: '' },
    'a status that is not 200': { status: 500 },
    'an unknown mode': { mode: 'xml' },
    'an instant that is text': { expires_at: 'tomorrow' },
    'an instant with a fraction': { stored_at: 1.5 },
    'an unknown source': { source: 'elsewhere' },
    'tags that are not a list': { tags: 'a' },
  }
  for (const [what, change] of Object.entries(changes)) {
    it(what, async () => {
      const seen = await askedAgainAfter((payload) => Object.assign(payload, change))
      expect(seen.answer.headers.get('x-cache')).toBe('miss')
      expect(seen.litellm.asked).toHaveLength(2)
      const { proof, tenant, path, v, mode } = seen.before
      expect(seen.after).toMatchObject({ proof, tenant, path, v, mode })
      expect((await seen.post(CHAT, chat())).headers.get('x-cache')).toBe('exact-hit')
    })
  }

  it('control: an unchanged entry is a hit', async () => {
    const { answer } = await askedAgainAfter(() => {})
    expect(answer.headers.get('x-cache')).toBe('exact-hit')
  })

  it('an MD5 collision shows in the log and in Cache-Status', async () => {
    const { answer, warned } = await askedAgainAfter((payload) => {
      payload['proof'] = 'f'.repeat(64)
    })
    expect(answer.headers.get('cache-status')).toContain('detail="collision"')
    expect(JSON.stringify(warned.mock.calls)).toContain('collision')
  })
})

describe('a stored entry with invalid JSON in its body', () => {
  it('is a miss for a caller who wants a stream', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { post, settled, qdrant, litellm } = gateway({ env: QDRANT_ONLY })
    await post(CHAT, chat())
    await settled()
    for (const payload of qdrant.points.values()) payload['body'] = '{"choices":'
    const answer = await post(CHAT, chat({ stream: true }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-status')).toContain('detail="entry not readable"')
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('a stored entry', () => {
  it('does not live longer when it is hit', async () => {
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
    const { post, settled, qdrant } = gateway({ env: QDRANT_ONLY })
    await post(CHAT, chat())
    await settled()
    const before = structuredClone([...qdrant.points.values()])
    vi.setSystemTime(1_790_000_000_000 + 1_799_999)
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('exact-hit')
    await settled()
    expect([...qdrant.points.values()]).toEqual(before)
  })

  it('records the answer with its usage, cost, latency and owner', async () => {
    const { post, settled, qdrant, key } = gateway()
    const answer = await post(CHAT, chat({ user: 'me' }), { 'x-cache-namespace': 'n' })
    await settled()
    expect([...qdrant.points.values()][0]).toEqual({
      v: 1,
      proof: expect.stringMatching(/^[0-9a-f]{64}$/),
      tenant: await sha256(key),
      path: CHAT,
      model: 'small',
      namespace: 'n',
      tags: [],
      stored_at: expect.any(Number),
      expires_at: expect.any(Number),
      status: 200,
      content_type: 'application/json',
      mode: 'json',
      body: await answer.text(),
      usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
      cost_usd: null,
      latency_ms: expect.any(Number),
      source: 'llm',
      created: expect.any(Number),
      answer_id: expect.stringMatching(/^chatcmpl-/),
      question: 'Why is the sky blue?',
      scope: expect.stringMatching(/^[0-9a-f]{64}-\d+$/),
    })
  })
})
