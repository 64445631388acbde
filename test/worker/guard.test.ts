import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import type { Answer, Asked } from '../support/fake-litellm.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { chat, gateway } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const MILES = 'Convert 10 miles to km.'
const SAME = 'Please convert ten miles to kilometres!'
const OTHER = 'Convert 10 km to miles.'

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** LiteLLM whose embedding finds all questions alike: it gives the first answer of a namespace. */
function credulous(): Answer {
  const kept = new Map<string, string>()
  let count = 0
  return ({ body }: Asked) => {
    const cache = body['cache'] as Record<string, unknown>
    const namespace = String(cache['namespace'])
    const found = cache['no-cache'] === true ? undefined : kept.get(namespace)
    const id = found ?? `chatcmpl-${(count += 1)}`
    if (cache['no-store'] !== true && !kept.has(namespace)) kept.set(namespace, id)
    const headers: Record<string, string> =
      found === undefined
        ? {}
        : { 'x-litellm-cache-key': `${namespace}:0`, 'x-litellm-semantic-similarity': '0.99' }
    if (body['stream'] === true) return eventStream(chunks({ id }), headers)
    const message = { role: 'assistant', content: `the answer ${id}` }
    const choices = [{ index: 0, finish_reason: 'stop', message }]
    return completion({ id, choices }, headers)
  }
}

function guarded(options: GatewayOptions = {}) {
  const env = { SEMANTIC_GUARD: 'on', ...options.env }
  const made = gateway({ answer: credulous(), ...options, env })
  const ask = async (content: string, over: Record<string, unknown> = {}, headers = {}) => {
    const answer = await made.post(
      CHAT,
      chat({ messages: [{ role: 'user', content }], ...over }),
      headers,
    )
    const text = await answer.text()
    await made.settled()
    return { answer, text, outcome: answer.headers.get('x-cache'), status: cacheStatus(answer) }
  }
  return { ...made, ask }
}

describe('a hit by meaning', () => {
  it('is given where the question that it was made for asks the same', async () => {
    const { ask, litellm } = guarded()
    const first = await ask(MILES)
    const second = await ask(SAME)
    expect([second.outcome, second.text]).toEqual(['semantic-hit', first.text])
    expect(litellm.asked).toHaveLength(2)
  })

  it('is refused where it asks something else: LiteLLM is asked again, and says why', async () => {
    const { ask, litellm, qdrant } = guarded()
    const first = await ask(MILES)
    const second = await ask(OTHER)
    expect(second.outcome).toBe('miss')
    expect(second.text).not.toBe(first.text)
    expect(second.status).toMatchObject([
      { cache: 'edge', fwd: 'uri-miss', stored: true, detail: 'guard: units' },
    ])
    expect(litellm.asked.map(({ body }) => body['cache'])).toMatchObject([
      { namespace: expect.any(String) },
      { namespace: expect.any(String) },
      { namespace: expect.any(String), 'no-cache': true },
    ])
    expect((await ask(OTHER)).text).toBe(second.text)
    expect(qdrant.points.size).toBe(2)
  })

  it('tells nothing of the question that it was made for, which may be of another user', async () => {
    const { ask } = guarded()
    await ask('How do I hide my divorce?')
    const { answer } = await ask('How do I hide my mortgage?')
    expect(answer.headers.get('cache-status')).toContain('detail="guard: words"')
    expect(JSON.stringify([...answer.headers])).not.toMatch(/divorce/i)
  })

  it.each([
    ['in a stream', { stream: true }, {}],
    ['alone, too', {}, { COALESCE: 'off' }],
  ])('%s', async (_, over, env) => {
    const { ask } = guarded({ env })
    const first = await ask(MILES, over)
    const same = await ask(SAME, over)
    expect([same.outcome, same.text]).toEqual(['semantic-hit', first.text])
    const other = await ask(OTHER, over)
    expect(other.outcome).toBe('miss')
    expect(other.status[0]!['detail']).toContain('guard: ')
  })

  it('is as old as its original, and kept as that, also as a stream', async () => {
    const { ask } = guarded()
    for (const stream of [false, true]) {
      vi.setSystemTime(NOW)
      await ask(MILES, { stream, top_k: stream ? 1 : 2 })
      vi.setSystemTime(NOW + 100_000)
      expect((await ask(SAME, { stream, top_k: stream ? 1 : 2 })).outcome).toBe('semantic-hit')
      const again = await ask(SAME, { stream, top_k: stream ? 1 : 2 })
      expect([again.outcome, again.answer.headers.get('age')]).toEqual(['exact-hit', '100'])
      expect(again.status[0]).toMatchObject({ detail: 'qdrant; semantic 0.99' })
    }
  })

  it('is refused where the original question is not known', async () => {
    const { ask, qdrant } = guarded()
    await ask(MILES)
    qdrant.points.clear()
    expect((await ask(SAME)).status[0]).toMatchObject({
      detail: 'guard: original question unknown',
    })
  })

  it.each(['tenant', 'model', 'scope'])('or is of another %s', async (member) => {
    const { ask, qdrant } = guarded()
    await ask(MILES)
    const [id, entry] = [...qdrant.points][0]!
    qdrant.points.set(id, { ...entry, [member]: member === 'scope' ? 'f'.repeat(64) : 'another' })
    expect((await ask(SAME)).outcome).toBe('miss')
  })

  it('or two are said to be it', async () => {
    const { ask, qdrant } = guarded()
    await ask(MILES)
    const [, entry] = [...qdrant.points][0]!
    qdrant.points.set(crypto.randomUUID(), entry)
    expect((await ask(SAME)).outcome).toBe('miss')
  })

  it('or Qdrant does not say so in time', async () => {
    const { ask, qdrant } = guarded({ env: { QDRANT_TIMEOUT_MS: '50' } })
    await ask(MILES)
    const real = qdrant.fetch
    qdrant.fetch = (request) =>
      request.url.endsWith('/scroll') ? new Promise<Response>(() => {}) : real(request)
    expect((await ask(SAME)).outcome).toBe('miss')
  })

  it('leaves no second entry that says it is the original', async () => {
    const { ask, qdrant } = guarded()
    await ask(MILES)
    await ask(SAME)
    const named = [...qdrant.points.values()].filter((entry) => 'answer_id' in entry)
    expect(named).toMatchObject([{ answer_id: 'chatcmpl-1', question: MILES }])
    expect((await ask('Would you convert 10 miles to km?')).outcome).toBe('semantic-hit')
  })

  it('is not looked at with SEMANTIC_GUARD=off', async () => {
    const { ask } = guarded({ env: { SEMANTIC_GUARD: 'off' } })
    await ask(MILES)
    expect((await ask(OTHER)).outcome).toBe('semantic-hit')
  })
})

describe('an entry whose request is not to be matched by meaning', () => {
  it('keeps no question beside its answer', async () => {
    const { ask, qdrant } = guarded()
    await ask(MILES, { tools: [] })
    await ask(MILES, {}, { 'x-cache-semantic': 'off' })
    for (const entry of qdrant.points.values()) {
      for (const member of ['answer_id', 'question', 'scope'])
        expect(entry).not.toHaveProperty(member)
    }
  })
})

describe('what goes to LiteLLM to be matched', () => {
  it('has its members in one order, whatever the caller wrote', async () => {
    const { post, litellm } = guarded({ env: { COALESCE: 'off' } })
    const messages = [{ role: 'user', content: MILES }]
    const swapped = [{ content: MILES, role: 'user' }]
    const nothing = { 'cache-control': 'no-cache' }
    await post(CHAT, { model: 'small', top_p: 1, messages, max_tokens: 9 }, nothing)
    await post(CHAT, { max_tokens: 9, messages: swapped, top_p: 1, model: 'small' }, nothing)
    const [one, other] = litellm.asked.map(({ text }) => text)
    expect(other).toBe(one)
  })
})

describe('SEMANTIC=shadow', () => {
  it.each([{}, { COALESCE: 'off' }, { stream: 'true' }])(
    'gives no hit, and tells what it would have been: %j',
    async ({ stream, ...env }: Record<string, string>) => {
      const said: Record<string, unknown>[] = []
      vi.spyOn(console, 'log').mockImplementation(
        (line: string) => void said.push(JSON.parse(line) as Record<string, unknown>),
      )
      const { ask } = guarded({ env: { SEMANTIC: 'shadow', ...env } })
      const over = stream === undefined ? {} : { stream: true }
      const first = await ask(MILES, over)
      const same = await ask(SAME, over)
      expect(same.outcome).toBe('miss')
      expect(same.text).not.toBe(first.text)
      expect(same.status[0]!['detail']).toBe('shadow: hit 0.99')
      const other = await ask(OTHER, over)
      expect(other.status[0]!['detail']).toBe('shadow: refused: units 0.99')
      const agrees = stream !== undefined // the fake's streams all say the same
      expect(said).toMatchObject([
        { event: 'semantic shadow', similarity: 0.99, verdict: 'hit', agrees, lengthRatio: 1 },
        { event: 'semantic shadow', verdict: 'units' },
      ])
      expect(JSON.stringify(said)).not.toContain('the answer')
    },
  )
})
