import { describe, expect, it, vi } from 'vitest'
import { credulous } from '../support/credulous-litellm.ts'
import { EMBEDDINGS } from '../support/embedder.ts'
import { explaining, recentObjects } from '../support/explaining.ts'
import { chunks, completion, eventStream, verdict } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat } from '../support/gateway.ts'
import { asked as message, messageBody, MESSAGES } from '../support/messages.ts'
import { scripted } from '../support/scripted-answer.ts'

const CHAT = '/v1/chat/completions'
/** In the far future, so that no alarm goes off by itself. */
const NOW = Date.UTC(2090, 4, 15, 12, 34, 56)

fixedClock(NOW, { warnings: false })

const named = (id: string) => ({ 'x-request-id': id })
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const question = (content: string, over: Record<string, unknown> = {}) =>
  chat({ messages: [{ role: 'user', content }], ...over })
const FIRST = 'differs from request first 12 s ago: '

describe('x-cache-explanation', () => {
  it('says which request of the last hour is nearest, and what differs', async () => {
    const { why } = explaining()
    const prompted = (system: string, over = {}) =>
      chat({
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: 'Why is the sky blue?' },
        ],
        n: 1,
        temperature: 0.7,
        ...over,
      })
    await why(prompted('Be kind.\nIt is Sunday, 29 November, 10:35.'), named('first'))
    later(12)
    const other = prompted('Be kind.\nIt is Monday, 1 December, 09:12.', { temperature: 0.2 })
    expect(await why(other)).toBe(
      `${FIRST}messages[0].content, line 2: only a time stamp, an id or a number; ` +
        'temperature 0.7 -> 0.2; semantic: share 0.32',
    )
  })

  it('is there for streams, and for the other APIs', async () => {
    const { why, litellm } = explaining()
    litellm.answer = ({ path, body }) => {
      if (path === MESSAGES) return Response.json(messageBody())
      return body['stream'] === true ? eventStream(chunks()) : completion()
    }
    const stream = { stream: true }
    await why(question('Red?', stream), named('first'))
    await why(message({ max_tokens: 5 }), named('first'), MESSAGES)
    later(12)
    expect(await why(question('Blue?', stream))).toBe(`${FIRST}messages[0].content`)
    expect(await why(message({ max_tokens: 6 }), {}, MESSAGES)).toBe(`${FIRST}max_tokens 5 -> 6`)
  })

  it('says so if there is no request to compare with', async () => {
    const { why } = explaining()
    expect(await why(chat())).toBe('no recent request to this model')
    expect(await why(chat({ model: 'large' }))).toBe('no recent request to this model')
  })

  it('forgets a request after an hour', async () => {
    const { why } = explaining()
    await why(question('Red?'))
    later(3_599)
    expect(await why(question('Blue?'))).toMatch(/^differs from request /)
    later(3_600)
    expect(await why(question('Green?'))).toBe('no recent request to this model')
  })

  it('adds what the semantic cache did', async () => {
    const { why, litellm } = explaining({ answer: credulous() })
    litellm.judge = () => verdict(0.3199)
    await why(question('How far is Lyon?'), named('first'))
    later(12)
    expect(await why(question('How far is Nice?'))).toBe(
      `${FIRST}messages[0].content; semantic: not the same (0.31)`,
    )
    expect(await why(question('How far is Metz?', { tools: [] }))).toContain('; semantic: tools')
  })

  it('tells why an identical request was refused a semantic hit', async () => {
    const { why, qdrant, litellm } = explaining({ answer: credulous() })
    litellm.judge = () => verdict(0.3199)
    await why(question('How far is Lyon?'))
    await why(question('How far is Nice?'), named('first'))
    qdrant.points.clear()
    later(12)
    const only = { 'cache-control': 'only-if-cached' }
    expect(await why(question('How far is Nice?'), only)).toBe(
      'same as request first 12 s ago: stored 12 s ago and gone since: purged, or the write failed; ' +
        'semantic: not the same (0.31)',
    )
  })

  it('is absent if nobody asks for it, and on hits', async () => {
    const { ask } = explaining()
    for (const said of ['0', '1']) {
      const { outcome, why } = await ask(chat({ seed: Number(said) }), { 'x-cache-explain': said })
      expect([outcome, why !== null]).toEqual(['miss', said === '1'])
    }
    expect(await ask(chat({ seed: 1 }))).toMatchObject({ outcome: 'exact-hit', why: null })
  })

  it('needs 1 or 0, and is neither in the cache key nor sent to LiteLLM', async () => {
    const { ask, post, settled, litellm } = explaining()
    for (const said of ['', 'true', '2', '1, 1']) {
      const { answer, text } = await ask(chat(), { 'x-cache-explain': said })
      expect(answer.status).toBe(400)
      expect(JSON.parse(text)).toMatchObject({ error: { param: 'x-cache-explain' } })
    }
    expect(litellm.asked).toEqual([])
    await post(CHAT, chat())
    await settled()
    expect((await ask(chat())).outcome).toBe('exact-hit')
    await ask(chat({ seed: 1 }))
    expect(litellm.asked.map(({ headers }) => headers.has('x-cache-explain'))).toEqual([
      false,
      false,
    ])
  })
})

describe('a web page', () => {
  it('may ask for an explanation, and read it', async () => {
    const { ask, send } = explaining({ env: { CORS_ORIGINS: '*' } })
    const headers = {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-cache-explain',
    }
    const url = `https://gateway${CHAT}`
    const preflight = await send(new Request(url, { method: 'OPTIONS', headers }))
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-cache-explain')
    const { answer } = await ask(chat(), { origin: headers.origin })
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-cache-explanation')
  })
})

describe('an identical request of before', () => {
  it('is named with why it left no answer: not stored, purged, or too new', async () => {
    const { why, litellm, qdrant } = explaining()
    litellm.answer = () => completion({ choices: [choice('length')] })
    await why(chat(), named('first'))
    later(12)
    expect(await why(chat(), named('second'))).toBe(
      'same as request first 12 s ago: never stored: finish_reason length',
    )
    litellm.answer = () => completion()
    later(12)
    expect(await why(chat(), named('third'))).toMatch(/^same as request second /)
    qdrant.points.clear()
    later(5)
    expect(await why(chat(), named('fourth'))).toBe(
      'same as request third 5 s ago: stored 5 s ago, not visible yet',
    )
    qdrant.points.clear()
    later(200)
    expect(await why(chat())).toBe(
      'same as request fourth 3 min ago: stored 3 min ago and gone since: purged, or the write failed',
    )
  })

  it('is named with when its answer expired, also if the entry has been swept', async () => {
    const { why, qdrant } = explaining()
    const brief = { 'x-cache-ttl': '60' }
    await why(chat(), { ...named('first'), ...brief })
    later(100)
    // The entry tells it; otherwise the recorded request does.
    expect(await why(chat(), { ...named('second'), ...brief })).toBe('expired 40 s ago')
    qdrant.points.clear()
    later(130)
    expect(await why(chat())).toBe('same as request second 2 min ago: expired 70 s ago')
  })

  it.each<[string, () => Response, string]>([
    ['an error', () => new Response('no', { status: 500 }), 'status 500'],
    ['a refusal', () => Response.json({ error: {} }, { status: 429 }), 'status 429'],
    ['an empty answer', () => completion({ choices: [] }), 'choices missing'],
    ['a stream without an end', () => eventStream(chunks().slice(0, 2)), 'stream without its end'],
  ])('tells of %s', async (_what, answer, words) => {
    const { why, litellm } = explaining()
    litellm.answer = answer
    await why(chat({ stream: true }))
    later(20) // until identical requests share a call again
    expect(await why(chat({ stream: true }))).toMatch(`ago: never stored: ${words}`)
  })

  it('that failed to reach LiteLLM is named with the error', async () => {
    const { why } = explaining({ hosts: { litellm: undefined }, env: WITHOUT_KEY_CHECK })
    await why(chat(), named('first'))
    later(12)
    expect(await why(chat())).toBe(
      'same as request first 12 s ago: never stored: upstream_unreachable',
    )
  })

  it('in flight is told to the one that shares its call, which is not recorded', async () => {
    const { answer, call } = scripted()
    const { post, settled, why, litellm } = explaining({ answer })
    const leading = post(CHAT, chat(), named('leader'))
    const one = await call(1)
    const following = post(CHAT, chat(), { 'x-cache-explain': '1', ...named('follower') })
    await vi.waitFor(() => expect(litellm.checked).not.toEqual([]))
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resume) => setTimeout(resume, 0))
    one.begin(200, 'application/json')
    one.send('{}')
    one.end()
    await leading
    expect((await following).headers.get('x-cache-explanation')).toBe(
      'an identical request was in flight, and this one shared its call',
    )
    await settled()
    litellm.answer = () => completion()
    expect(await why(chat())).toMatch(
      /^same as request leader .*: never stored: not a chat completion$/,
    )
  })
})

describe('an entry that may not answer', () => {
  it('is named with why', async () => {
    const { why } = explaining()
    await why(chat())
    later(90)
    const control = (text: string) => ({ 'cache-control': text })
    expect(await why(chat(), control('min-fresh=1720'))).toBe(
      'expires in 28 min, sooner than min-fresh=1720',
    )
    later(90)
    expect(await why(chat(), control('max-age=60'))).toBe('stored 90 s ago, older than max-age=60')
    expect(await why(chat(), control('no-cache'))).toBe('not looked up: no-cache')
    expect(await why(chat(), control('no-store'))).toBe('not cached: no-store')
    expect(await why(`{"model":"small","messages":[],"n":12345678901234567890}`)).toBe(
      'not cached: number or text without a canonical form',
    )
  })

  it('is named on a stale answer, too', async () => {
    const { ask, litellm } = explaining()
    await ask(chat())
    later(1_840)
    litellm.answer = () => new Response('no', { status: 503 })
    expect(await ask(chat())).toMatchObject({ outcome: 'stale', why: 'expired 40 s ago' })
  })

  it('is not the reason if the lookup failed', async () => {
    const fails = { fetch: async () => new Response('{}', { status: 500 }) }
    const { why } = explaining({ hosts: { qdrant: fails } })
    expect(await why(chat())).toBe('lookup failed')
  })
})

describe('only-if-cached', () => {
  const ONLY = { 'cache-control': 'only-if-cached' }

  it('tells the nearest recorded request in its error, and calls no one', async () => {
    const { ask, litellm } = explaining()
    await ask(question('Red?'), named('first'))
    later(12)
    const { answer, text, why } = await ask(question('Blue?'), ONLY)
    expect(answer.status).toBe(504)
    expect(why).toBe(`${FIRST}messages[0].content`)
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'not_in_cache', message: `The answer is not in the cache: ${why}.` },
    })
    expect(litellm.asked).toHaveLength(1)
    // It was not forwarded, so it is not recorded either.
    expect(await ask(question('Blue? '), ONLY)).toMatchObject({ why })
  })

  it('says nothing more than before if nobody asks', async () => {
    const { post } = explaining()
    const answer = await post(CHAT, chat(), ONLY)
    expect(await answer.json()).toMatchObject({
      error: { message: 'The answer is not in the cache.' },
    })
    expect(answer.headers.has('x-cache-explanation')).toBe(false)
  })

  it('tells how many inputs of a batch are known', async () => {
    const { ask, litellm } = explaining()
    litellm.answer = () =>
      Response.json({ data: [{ index: 0, embedding: [1] }], model: 'm', object: 'list' })
    await ask({ model: 'm', input: 'one' }, {}, EMBEDDINGS)
    const { text, why } = await ask({ model: 'm', input: ['one', 'two'] }, ONLY, EMBEDDINGS)
    expect(why).toBe('1/2 inputs are in the cache, each on its own')
    expect(JSON.parse(text)).toMatchObject({
      error: { message: `The answer is not in the cache: ${why}.` },
    })
  })
})

describe('a gateway that cannot explain', () => {
  it.each([
    ['EXPLAIN=off', { EXPLAIN: 'off' }],
    ['no binding', { RECENT_REQUESTS: undefined }],
  ])('says so with %s, and still tells what the lookup knows', async (_what, env) => {
    const { why } = explaining({ env })
    expect(await why(chat())).toBe('recent requests are not recorded by this gateway')
    later(1_840)
    expect(await why(chat())).toBe('expired 40 s ago')
  })

  it('answers if its object fails, and warns once a minute with how many were lost', async () => {
    const { namespace } = recentObjects(async () => {
      throw new Error('object down')
    })
    const { ask } = explaining({ env: { RECENT_REQUESTS: namespace } })
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const lost = () =>
      warned.mock.calls
        .map(([line]) => JSON.parse(String(line)) as { event: string; error: string })
        .filter(({ event }) => event === 'recent requests not recorded')
        .map(({ error }) => error)
    for (let seed = 0; seed < 3; seed += 1) {
      const { outcome, why } = await ask(chat({ seed }), EXACT)
      expect([outcome, why]).toEqual([
        'miss',
        'the recent requests could not be read; semantic: off',
      ])
    }
    const by = 'lost, the last one by: Error: object down'
    expect(lost()).toEqual([`1 ${by}`])
    later(60)
    await ask(chat({ seed: 3 }), EXACT)
    expect(lost()).toEqual([`1 ${by}`, `3 ${by}`])
  })

  it('answers if its object is silent, and says so', async () => {
    const { namespace } = recentObjects((name) =>
      name === 'nearest' ? new Promise(() => {}) : Promise.resolve(undefined),
    )
    const { ask } = explaining({ env: { RECENT_REQUESTS: namespace } })
    expect(await ask(chat())).toMatchObject({
      outcome: 'miss',
      why: 'the recent requests did not answer in time',
    })
  })

  it('does not compare very large requests', async () => {
    const { why } = explaining()
    await why(question('Red?'))
    expect(await why(question('x'.repeat(262_144)))).toMatch(/^too large to be compared; semantic/)
    expect(await why(question('Blue?'))).toMatch(/^differs from request .*: messages\[0\].content$/)
  })
})

describe('the recording of requests', () => {
  const counting = () => recentObjects(async () => undefined)

  it('reads nothing unless asked, and records no hit, bypass, batch or unforwarded request', async () => {
    const { namespace, calls } = counting()
    const { post, settled, litellm } = explaining({ env: { RECENT_REQUESTS: namespace } })
    const send = async (...sent: Parameters<typeof post>) => {
      await (await post(...sent)).text()
      await settled()
      return calls.splice(0)
    }
    expect(await send(CHAT, chat())).toEqual(['record'])
    expect(await send(CHAT, chat())).toEqual([])
    expect(await send(CHAT, chat(), { 'cache-control': 'no-cache' })).toEqual(['record'])
    expect(await send(CHAT, chat(), { 'cache-control': 'no-store' })).toEqual([])
    expect(await send(CHAT, chat({ n: 2 }), { 'cache-control': 'only-if-cached' })).toEqual([])
    expect(await send('/v1/images/generations', { model: 'm', prompt: 'x' })).toEqual([])
    expect(await send(CHAT, 'no JSON')).toEqual([])
    litellm.answer = () => Response.json({ data: [], object: 'list' })
    expect(await send(EMBEDDINGS, { model: 'm', input: ['one', 'two'] })).toEqual([])
    expect(await send(EMBEDDINGS, { model: 'm', input: 'three' })).toEqual(['record'])
  })

  it('happens after the answer', async () => {
    const { namespace, calls } = counting()
    const { answer, call } = scripted()
    const { post, settled } = explaining({ answer, env: { RECENT_REQUESTS: namespace } })
    const answering = post(CHAT, chat({ stream: true }))
    const one = await call(1)
    one.begin()
    const response = await answering
    expect(calls).toEqual([])
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    await response.text()
    await settled()
    expect(calls).toEqual(['record'])
  })

  it('does not say that an answer was not stored because one of its callers left', async () => {
    const { answer, call } = scripted()
    const { post, ask, settled, qdrant } = explaining({ answer })
    const body = chat({ stream: true })
    const leading = post(CHAT, body)
    const one = await call(1)
    one.begin()
    const left = await leading
    const stayed = await post(CHAT, body)
    await left.body?.cancel()
    for (const chunk of chunks()) one.send(chunk)
    one.end()
    await stayed.text()
    await settled()
    await vi.waitFor(() => expect(qdrant.points.size).toBe(1))
    qdrant.points.clear()
    const { why } = await ask(chat(), { 'cache-control': 'only-if-cached' })
    expect(why).toMatch(/^same as request \S+ 0 s ago: its caller left before the answer ended$/)
  })

  it('takes at most a mebibyte of a tenant in a second, whose digests would hold up others', async () => {
    const { namespace, calls } = counting()
    const { post, settled, why } = explaining({ env: { RECENT_REQUESTS: namespace } })
    const large = (seed: number) => question('x'.repeat(200_000), { seed })
    for (let seed = 0; seed < 8; seed += 1) await post(CHAT, large(seed))
    await settled()
    expect(calls.splice(0)).toHaveLength(5)
    expect(await why(large(9))).toMatch(/^too many requests to compare now/)
    // A small one still fits.
    expect(await why(chat())).toBe('no recent request to this model')
    later(1)
    expect(await why(large(10))).toMatch(/^no recent request to this model/)
  })

  it('takes at most twenty requests of a tenant in a second, in each isolate', async () => {
    const { namespace, calls } = counting()
    const { post, settled, why } = explaining({ env: { RECENT_REQUESTS: namespace } })
    const burst = async (key: string) => {
      for (let seed = 0; seed < 25; seed += 1) {
        await post(CHAT, chat({ seed }), { authorization: `Bearer ${key}` })
      }
      await settled()
      return calls.splice(0).length
    }
    const mine = 'sk-mine'
    expect(await burst(mine)).toBe(20)
    expect(await why(chat({ seed: 99 }), { authorization: `Bearer ${mine}` })).toBe(
      'too many requests to compare now; semantic: seed',
    )
    expect(await burst('sk-theirs')).toBe(20)
    later(1)
    expect(await why(chat({ seed: 98 }), { authorization: `Bearer ${mine}` })).toBe(
      'no recent request to this model; semantic: seed',
    )
  })
})

const choice = (finish_reason: string) => ({
  index: 0,
  finish_reason,
  message: { role: 'assistant', content: 'Because' },
})
const EXACT = { 'x-cache-semantic': 'off' }
const WITHOUT_KEY_CHECK = { ENVIRONMENT: 'development', AUTH_MODE: 'none' }
