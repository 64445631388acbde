import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { modelList, verdict } from '../support/fake-litellm.ts'
import type { Judged } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const FIRST = 'How far is it from Lyon to Paris?'
const SECOND = 'What is the distance between Lyon and Paris?'

fixedClock(NOW, { warnings: false })

function verified({ judge, ...options }: GatewayOptions & { judge?: Judge } = {}) {
  // Without near tiers, so that a test can change what is stored.
  const env = { ...QDRANT_ONLY, ...options.env }
  const made = gateway({ answer: credulous(), ...options, env })
  if (judge !== undefined) made.litellm.judge = judge
  const ask = async (content: string, over: Record<string, unknown> = {}, headers = {}) => {
    const messages = [{ role: 'user', content }]
    const answer = await made.post(CHAT, chat({ messages, ...over }), headers)
    const text = await answer.text()
    await made.settled()
    const status = cacheStatus(answer)
    const detail = status.find(({ cache }) => cache === 'edge')?.['detail']
    return { answer, text, outcome: answer.headers.get('x-cache'), status, detail }
  }
  return { ...made, ask }
}
type Judge = (judged: Judged) => Response | Promise<Response>

/** The cache controls of each LLM call, without verdicts. */
const cacheControls = ({ litellm }: ReturnType<typeof verified>) =>
  litellm.asked.map(({ body }) => body['cache'])

describe('a semantic hit', () => {
  it('is served if the decision model finds the two questions the same', async () => {
    const made = verified({ judge: () => verdict(0.9799) })
    const first = await made.ask(FIRST)
    const second = await made.ask(SECOND)
    expect([second.outcome, second.text]).toEqual(['semantic-hit', first.text])
    // Rounded down, so it never shows more than the judge found.
    expect(second.status).toMatchObject([
      { cache: 'litellm', hit: true, detail: 'similarity=0.93; same=0.97' },
      { cache: 'edge', fwd: 'uri-miss' },
    ])
    expect(made.litellm.asked).toHaveLength(2)
    expect(made.litellm.judged).toHaveLength(1)
    const again = await made.ask(SECOND)
    expect([again.outcome, again.detail]).toEqual(['exact-hit', 'qdrant; semantic 0.93'])
  })

  it('is judged on the original and the new question with three predicates in one call', async () => {
    const { ask, litellm, key } = verified()
    await ask(FIRST)
    await ask(SECOND)
    const [{ pair, model, questions, headers }] = litellm.judged as [Judged]
    expect(pair).toEqual({ a: FIRST, b: SECOND })
    expect(model).toBe('semantic-judge')
    expect(questions.map(({ name }) => name)).toEqual([
      'a_answers_b',
      'b_answers_a',
      'addresses_judge',
    ])
    const words = questions.map(({ instructions }) => instructions).join(' ')
    for (const word of ['number', 'unit', 'name', 'version', 'language', 'negation', 'direction']) {
      expect(words).toContain(word)
    }
    expect(words).toMatch(/order.*scope/s)
    expect(headers.get('authorization')).toBe(`Bearer ${key}`)
    expect(headers.get('traceparent')).toBeNull()
  })

  it.each<[string, Judge, string]>([
    ['says that they differ', () => verdict(0.319), 'semantic: not the same (0.31)'],
    [
      'is sure in one direction only',
      () => verdict(0.99, 0, { otherWay: 0.4 }),
      'semantic: not the same (0.40)',
    ],
    ['is not sure enough', () => verdict(0.8999), 'semantic: not the same (0.89)'],
    [
      'finds that a text speaks to the judge',
      () => verdict(1, 0.5),
      'semantic: speaks to the judge (0.50)',
    ],
  ])('is refused if the decision model %s', async (_, judge, detail) => {
    const made = verified({ judge })
    const first = await made.ask(FIRST)
    const second = await made.ask(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', detail])
    expect(second.text).not.toBe(first.text)
    expect(cacheControls(made)).toEqual([
      { namespace: expect.any(String) },
      { namespace: expect.any(String) },
      { namespace: expect.any(String), 'no-cache': true },
    ])
    // The fresh answer is stored and served from now on.
    expect((await made.ask(SECOND)).text).toBe(second.text)
  })

  const invalid: [string, unknown][] = [
    ['not JSON', 'yes'],
    ['null', null],
    ['no answers', { model: 'judge' }],
    ['a refusal', { answers: [{ type: 'refusal' }] }],
    [
      'a missing predicate',
      { answers: [predicate('a_answers_b', 1), predicate('b_answers_a', 1)] },
    ],
    ['a duplicate predicate', { answers: [...all(1), predicate('a_answers_b', 1)] }],
    ['text instead of a number', { answers: all('1') }],
    ['null instead of a number', { answers: all(null) }],
    ['a number above 1', { answers: all(1.01) }],
    ['a number below 0', { answers: [...all(1).slice(0, 2), predicate('addresses_judge', -0.1)] }],
  ]
  it.each(invalid)('is refused if the verdict is invalid: %s', async (_, body) => {
    const { ask } = verified({
      judge: () => (typeof body === 'string' ? new Response(body) : Response.json(body)),
    })
    await ask(FIRST)
    const second = await ask(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', 'semantic: judge unavailable'])
  })

  it.each<[string, Judge]>([
    ['LiteLLM fails', () => new Response('no', { status: 500 })],
    ['LiteLLM does not know the model', () => new Response('{}', { status: 400 })],
    ['the connection breaks', () => Promise.reject(new Error('Network connection lost.'))],
    ['the answer breaks off', () => new Response(broken(), { status: 200 })],
  ])('is refused if there is no verdict: %s', async (_, judge) => {
    const { ask } = verified({ judge })
    await ask(FIRST)
    expect((await ask(SECOND)).detail).toBe('semantic: judge unavailable')
  })

  it('is refused if the verdict is late, and the call to the judge is aborted', async () => {
    const signals: AbortSignal[] = []
    const late = ({ signal }: Judged) => {
      signals.push(signal)
      return new Promise<Response>(() => {})
    }
    const { ask } = verified({ judge: late, env: { SEMANTIC_JUDGE_TIMEOUT_MS: '20' } })
    await ask(FIRST)
    const second = await ask(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', 'semantic: judge unavailable'])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it.each([
    ['in a stream', { stream: true }, {}],
    ['without coalescing', {}, { COALESCE: 'off' }],
  ])('is verified %s', async (_, over, env) => {
    const { ask, litellm } = verified({ env })
    const first = await ask(FIRST, over)
    const same = await ask(SECOND, over)
    expect([same.outcome, same.text]).toEqual(['semantic-hit', first.text])
    litellm.judge = () => verdict(0.1)
    const other = await ask('How far is it from Paris to Lyon?', over)
    expect([other.outcome, other.detail]).toEqual(['miss', 'semantic: not the same (0.10)'])
  })

  it('is served as a stream even if its first event is very long', async () => {
    const stream = (id: string) => {
      const [first, ...rest] = chunksOf(id, 'x'.repeat(200_000))
      return [': keep-alive\n\n', first!.slice(0, 4_096), first!.slice(4_096), ...rest]
    }
    const { ask, litellm } = verified({ answer: credulous({ stream }) })
    const first = await ask(FIRST, { stream: true })
    const second = await ask(SECOND, { stream: true })
    expect([second.outcome, second.text]).toEqual(['semantic-hit', first.text])
    expect(litellm.asked).toHaveLength(2)
  })

  it('has the age of its original when stored, as JSON and as a stream', async () => {
    const { ask } = verified()
    for (const stream of [false, true]) {
      vi.setSystemTime(NOW)
      await ask(FIRST, { stream, max_tokens: stream ? 1 : 2 })
      vi.setSystemTime(NOW + 1_000)
      const hit = await ask(SECOND, { stream, max_tokens: stream ? 1 : 2 })
      expect(hit.outcome).toBe('semantic-hit')
      const again = await ask(SECOND, { stream, max_tokens: stream ? 1 : 2 })
      expect([again.outcome, again.answer.headers.get('age')]).toEqual(['exact-hit', '1'])
    }
  })

  it("is refused without a verdict if it is older than the caller's max-age", async () => {
    const made = verified()
    await made.ask(FIRST)
    vi.setSystemTime(NOW + 5_000)
    const old = await made.ask(SECOND, {}, { 'cache-control': 'max-age=4' })
    expect([old.outcome, old.detail]).toEqual(['miss', 'semantic: too old'])
    expect(made.litellm.judged).toEqual([])
    const young = await made.ask(`${SECOND} Roughly?`, {}, { 'cache-control': 'max-age=5' })
    expect(young.outcome).toBe('semantic-hit')
  })

  it('is refused if it breaks off', async () => {
    const inner = credulous()
    const { ask } = verified({
      answer: async (asked) => {
        const answer = await inner(asked)
        const isHit = answer.headers.has('x-litellm-cache-key')
        return isHit ? new Response(broken(), answer) : answer
      },
    })
    await ask(FIRST)
    const second = await ask(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', 'semantic: hit unreadable'])
  })
})

describe('the original of a semantic hit', () => {
  it('must be in the exact cache', async () => {
    const { ask, qdrant } = verified()
    await ask(FIRST)
    qdrant.points.clear()
    expect((await ask(SECOND)).detail).toBe('semantic: original unknown')
  })

  it.each(['tenant', 'model', 'scope', 'answer_id'])('must have the same %s', async (member) => {
    const { ask, qdrant, litellm } = verified()
    await ask(FIRST)
    const [id, entry] = [...qdrant.points][0]!
    qdrant.points.set(id, { ...entry, [member]: 'another' })
    expect((await ask(SECOND)).detail).toBe('semantic: original unknown')
    expect(litellm.judged).toEqual([])
  })

  it('must be the only entry that matches', async () => {
    const { ask, qdrant } = verified()
    await ask(FIRST)
    qdrant.points.set(crypto.randomUUID(), [...qdrant.points.values()][0]!)
    expect((await ask(SECOND)).detail).toBe('semantic: original unknown')
  })

  it('must be found within QDRANT_TIMEOUT_MS', async () => {
    const { ask, qdrant } = verified({ env: { QDRANT_TIMEOUT_MS: '50' } })
    await ask(FIRST)
    const real = qdrant.fetch
    qdrant.fetch = (request) =>
      request.url.endsWith('/scroll') ? new Promise<Response>(() => {}) : real(request)
    expect((await ask(SECOND)).detail).toBe('semantic: original unknown')
  })

  it('is never a stored semantic hit', async () => {
    const { ask, qdrant } = verified()
    await ask(FIRST)
    await ask(SECOND)
    const named = [...qdrant.points.values()].filter((entry) => 'answer_id' in entry)
    expect(named).toMatchObject([{ answer_id: 'chatcmpl-1', question: FIRST }])
    expect((await ask('How many km are there from Lyon to Paris?')).outcome).toBe('semantic-hit')
  })

  it('must have the same answer, as a provider may use an id twice', async () => {
    const { ask, qdrant } = verified()
    await ask(FIRST)
    const [id, entry] = [...qdrant.points][0]!
    const body = String(entry['body']).replace('the answer', 'another answer')
    qdrant.points.set(id, { ...entry, body })
    const second = await ask(SECOND)
    expect([second.outcome, second.detail]).toEqual(['miss', 'semantic: original unknown'])
  })

  it('can be the fresh answer after a refused hit or no-cache', async () => {
    for (const headers of [{}, { 'cache-control': 'no-cache' }]) {
      const { ask, qdrant } = verified({ judge: () => verdict(0.1) })
      if (!('cache-control' in headers)) await ask(FIRST)
      await ask(SECOND, {}, headers)
      const origins = [...qdrant.points.values()].map((entry) => entry['question'])
      expect(origins).toContain(SECOND)
    }
  })

  it('is never the entry of an ineligible request', async () => {
    const { ask, qdrant } = verified()
    await ask(FIRST, { tools: [] })
    await ask(FIRST, {}, { 'x-cache-semantic': 'off' })
    expect(qdrant.points.size).toBe(2)
    for (const entry of qdrant.points.values()) {
      for (const member of ['answer_id', 'question', 'scope'])
        expect(entry).not.toHaveProperty(member)
    }
  })

  it('never appears in the response to a refused hit', async () => {
    const { ask } = verified({ judge: () => verdict(0.2) })
    await ask('How do I hide my divorce?')
    const { answer } = await ask('How do I hide my mortgage?')
    expect(JSON.stringify([...answer.headers])).not.toMatch(/divorce/i)
  })
})

describe('equal text after normalisation', () => {
  it.each([
    ['How far is Lyon?', '  How   far is Lyon.'],
    ['How far is Lyon', 'How far is Lyon!'],
    ['caf\u00E9 in Lyon', 'cafe\u0301 in Lyon.'],
  ])('is a semantic hit without a verdict: %s / %s', async (one, other) => {
    const { ask, litellm } = verified()
    await ask(one)
    const second = await ask(other)
    expect(second.outcome).toBe('semantic-hit')
    expect(second.status[0]).toMatchObject({ detail: 'similarity=0.93; same=1.00' })
    expect(litellm.judged).toEqual([])
  })

  it.each([
    ['Write it in C#', 'Write it in C'],
    ['What is 3.5 x 2?', 'What is 35 x 2?'],
    ['Polish the text', 'polish the text'],
    ['Solve x\u00B2 = 4', 'Solve x2 = 4'],
    ['How long does 1 Gb take?', 'How long does 1 GB take?'],
    ['Is it it', 'Is IT it'],
    ['What is -5 + 2?', 'What is 5 + 2?'],
    ["Let's eat, grandma", "Let's eat grandma"],
    ['What does "a  b" mean', 'What does a  b mean'],
    ['print(1)\nprint(2)', 'print(1) print(2)'],
    ['\u00BFQu\u00E9 es?', 'Que es?'],
    ['resume', 'r\u00E9sum\u00E9'],
    ['half of 1/2 cup', 'half of 12 cup'],
    ['What is \u2460?', 'What is 1?'],
    ['What is 5!', 'What is 5?'],
    ['git add .', 'git add'],
    ['What does len("a  b") give?', 'What does len("a b") give?'],
    ['def f():\n    x()\n  y()', 'def f():\n    x()\n y()'],
    ['a\n    b: 1', 'a\n  b: 1'],
    ['List them,', 'List them'],
    ['List them;', 'List them'],
    ['List them:', 'List them'],
    ['a\tb c', 'a b c'],
    ['.net core', 'net core'],
    ['Really?!', 'Really'],
  ])('does not include other case, punctuation or signs: %s / %s', async (one, other) => {
    const { ask, litellm } = verified({ judge: () => verdict(0) })
    await ask(one)
    expect((await ask(other)).outcome).toBe('miss')
    expect(litellm.judged.map(({ pair }) => pair)).toEqual([{ a: one, b: other }])
  })
})

describe('a failing judge', () => {
  const unknown = (at: number) => `${SECOND} (${at})`

  it('is paused for 30 seconds after five failures in a row', async () => {
    const made = verified({ judge: () => new Response('no', { status: 500 }) })
    await made.ask(FIRST)
    for (let at = 0; at < 5; at += 1) {
      expect((await made.ask(unknown(at))).detail).toBe('semantic: judge unavailable')
    }
    const paused = await made.ask(unknown(5))
    expect([paused.outcome, paused.detail]).toEqual(['miss', 'semantic: judge paused'])
    expect(made.litellm.judged).toHaveLength(5)
    expect(cacheControls(made).at(-1)).toEqual({ 'no-cache': true, 'no-store': true })
    vi.setSystemTime(NOW + 29_999)
    expect((await made.ask(unknown(6))).detail).toBe('semantic: judge paused')
    vi.setSystemTime(NOW + 30_000)
    made.litellm.judge = () => verdict(1)
    // The namespace may have ended meanwhile, so store an original again.
    await made.ask(`${FIRST} Please.`)
    expect((await made.ask(unknown(7))).outcome).toBe('semantic-hit')
  })

  it('is not paused if it succeeds before the fifth failure', async () => {
    let fails = true
    const made = verified({
      judge: () => (fails ? new Response('no', { status: 500 }) : verdict(0.1)),
    })
    await made.ask(FIRST)
    for (let at = 0; at < 4; at += 1) await made.ask(unknown(at))
    fails = false
    expect((await made.ask(unknown(4))).detail).toBe('semantic: not the same (0.10)')
    fails = true
    for (let at = 5; at < 10; at += 1) {
      expect((await made.ask(unknown(at))).detail).toBe('semantic: judge unavailable')
    }
    expect((await made.ask(unknown(10))).detail).toBe('semantic: judge paused')
  })

  it("is not paused when LiteLLM refuses one caller's own key", async () => {
    const env = { AUTH_MODE: 'litellm', LITELLM_API_KEY: '' }
    const made = verified({ env, judge: () => new Response('{}', { status: 401 }) })
    made.litellm.models = () => modelList(['small', 'semantic-judge'])
    const as = (key: string) => ({ authorization: `Bearer ${key}` })
    await made.ask(FIRST, {}, as('sk-poor'))
    for (let at = 0; at < 6; at += 1) {
      expect((await made.ask(unknown(at), {}, as('sk-poor'))).detail).toBe(
        'semantic: judge unavailable',
      )
    }
    made.litellm.judge = () => verdict(1)
    await made.ask(FIRST, {}, as('sk-rich'))
    expect((await made.ask(SECOND, {}, as('sk-rich'))).outcome).toBe('semantic-hit')
    expect(made.litellm.judged.at(-1)!.headers.get('authorization')).toBe('Bearer sk-rich')
  })

  it('is logged once if LiteLLM does not accept it', async () => {
    const lines: string[] = []
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line))
    const { ask } = verified({ judge: () => new Response('{}', { status: 400 }) })
    await ask(FIRST)
    for (let at = 0; at < 3; at += 1) await ask(unknown(at))
    expect(lines.filter((line) => line.includes('cannot be verified'))).toHaveLength(1)
  })
})

describe('SEMANTIC_JUDGE_RATE', () => {
  it('limits verdicts per minute and tenant; past it a request is not eligible', async () => {
    const keys = ['acme', 'globex'].map(async (tenant) => ({
      sha256: await sha256(tenant),
      tenant,
    }))
    const made = verified({
      judge: () => verdict(0.1),
      env: {
        AUTH_MODE: 'keys',
        GATEWAY_KEYS: JSON.stringify(await Promise.all(keys)),
        SEMANTIC_JUDGE_RATE: '2',
      },
    })
    const ask = async (tenant: string, at: number) =>
      (await made.ask(`${SECOND} (${at})`, {}, { authorization: `Bearer ${tenant}` })).detail
    await ask('acme', 0)
    for (const at of [1, 2]) expect(await ask('acme', at)).toBe('semantic: not the same (0.10)')
    expect(await ask('acme', 3)).toBe('semantic: judge rate')
    expect(cacheControls(made).at(-1)).toEqual({ 'no-cache': true, 'no-store': true })
    await ask('globex', 0)
    expect(await ask('globex', 1)).toBe('semantic: not the same (0.10)')
    vi.setSystemTime(NOW + 60_000)
    await ask('acme', 4)
    expect(await ask('acme', 5)).toBe('semantic: not the same (0.10)')
  })
})

describe('SEMANTIC_JUDGE_RATE with a key of scope user', () => {
  it('counts all end users of a tenant together', async () => {
    const key = { sha256: await sha256('app'), tenant: 'acme', scope: 'user' }
    const { ask, litellm } = verified({
      judge: () => verdict(0.1),
      env: { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify([key]), SEMANTIC_JUDGE_RATE: '1' },
    })
    const headers = { authorization: 'Bearer app' }
    for (const user of ['ann', 'bob']) {
      await ask(FIRST, { user }, headers)
      await ask(SECOND, { user }, headers)
    }
    expect(litellm.judged).toHaveLength(1)
  })
})

describe('the key that pays for a verdict', () => {
  it('is SEMANTIC_JUDGE_API_KEY if set', async () => {
    const env = {
      AUTH_MODE: 'litellm',
      LITELLM_API_KEY: '',
      SEMANTIC_JUDGE_API_KEY: 'sk-judge',
      SEMANTIC_JUDGE_MODEL: 'my-judge',
    }
    const { ask, litellm } = verified({ env })
    const headers = { authorization: 'Bearer sk-caller' }
    await ask(FIRST, {}, headers)
    expect((await ask(SECOND, {}, headers)).outcome).toBe('semantic-hit')
    expect(litellm.judged[0]!.headers.get('authorization')).toBe('Bearer sk-judge')
    expect(litellm.judged[0]!.model).toBe('my-judge')
  })

  it("is never the caller's own key if its models do not include the judge", async () => {
    const lines: string[] = []
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line))
    const made = verified()
    made.litellm.models = () => modelList(['small'])
    for (let at = 0; at < 2; at += 1) {
      const first = await made.ask(`${FIRST} (${at})`)
      expect(first.detail).toBe('semantic: judge not allowed')
    }
    expect(cacheControls(made)).toEqual([
      { 'no-cache': true, 'no-store': true },
      { 'no-cache': true, 'no-store': true },
    ])
    expect(lines.filter((line) => line.includes('may not use the judge model'))).toHaveLength(1)
  })
})

/** A collection that two gateways use. */
const SHARED = { QDRANT_COLLECTION: 'shared' }

describe('a stored semantic hit', () => {
  it('is served only if the current settings would accept it', async () => {
    const before = verified({ env: { ...SHARED, SEMANTIC_VERIFY: 'off' } })
    await before.ask(FIRST)
    await before.ask(SECOND)
    const { key, qdrant, litellm } = before
    const shared = { key, hosts: { qdrant, litellm } }
    const after = verified({ ...shared, env: SHARED })
    after.litellm.judge = () => verdict(0.95)
    before.litellm.judge = () => verdict(0.95)
    const seen = await after.ask(SECOND)
    expect([seen.outcome, seen.detail]).toEqual([
      'semantic-hit',
      'the stored answer is a semantic hit',
    ])
    expect((await after.ask(SECOND)).outcome).toBe('exact-hit')
    const stricter = verified({ ...shared, env: { ...SHARED, SEMANTIC_MIN_PROBABILITY: '0.96' } })
    expect((await stricter.ask(SECOND)).outcome).toBe('miss')
  })
})

describe('SEMANTIC_VERIFY=off', () => {
  it("serves a hit on LiteLLM's similarity alone", async () => {
    const { ask, litellm } = verified({ env: { SEMANTIC_VERIFY: 'off' } })
    await ask(FIRST)
    const second = await ask(SECOND)
    expect(second.outcome).toBe('semantic-hit')
    expect(second.status[0]).toMatchObject({ detail: 'similarity=0.93' })
    expect(litellm.judged).toEqual([])
  })

  it('serves no hit of unknown age to a caller of max-age', async () => {
    const { ask, qdrant } = verified({ env: { SEMANTIC_VERIFY: 'off' } })
    await ask(FIRST)
    qdrant.points.clear()
    const young = await ask(SECOND, {}, { 'cache-control': 'max-age=60' })
    expect([young.outcome, young.detail]).toEqual(['miss', 'semantic: original unknown'])
  })
})

describe('the member order of a request to LiteLLM', () => {
  it('is normalised at the top level for a request that is eligible for semantic hits', async () => {
    const { post, litellm } = verified({ env: { COALESCE: 'off' } })
    const messages = [{ role: 'user', content: FIRST }]
    const fresh = { 'cache-control': 'no-cache' }
    await post(CHAT, { model: 'small', top_p: 1, messages, max_tokens: 9 }, fresh)
    await post(CHAT, { max_tokens: 9, messages, top_p: 1, model: 'small' }, fresh)
    const [one, other] = litellm.asked.map(({ body }) => Object.keys(body))
    expect(other).toEqual(one)
  })

  it("is the caller's everywhere else", async () => {
    const { post, litellm } = verified()
    const text = '{"model":"small","guided_json":{"reasoning":{},"answer":{},"10":1,"9":2},'
    await post(CHAT, `${text}"messages":[{"role":"user","content":"hi"}]}`)
    expect(litellm.asked[0]!.text).toContain('{"9":2,"10":1,"reasoning":{},"answer":{}}')
  })
})

describe('SEMANTIC=shadow', () => {
  it.each([{}, { COALESCE: 'off' }, { stream: 'true' }])(
    'serves no hit and logs what it would have served: %j',
    async ({ stream, ...env }: Record<string, string>) => {
      const said: Record<string, unknown>[] = []
      vi.spyOn(console, 'log').mockImplementation((text: string) => {
        const line = JSON.parse(text) as Record<string, unknown>
        if (line['event'] === 'semantic shadow') said.push(line)
      })
      const { ask, litellm } = verified({
        env: { SEMANTIC: 'shadow', LOG_LEVEL: 'info', ...env },
      })
      const over = stream === undefined ? {} : { stream: true }
      const first = await ask(FIRST, over)
      const same = await ask(SECOND, over)
      expect(same.outcome).toBe('miss')
      expect(same.text).not.toBe(first.text)
      expect(same.detail).toBe('semantic: shadow')
      litellm.judge = () => verdict(0.2)
      const other = await ask('How far is it from Paris to Lyon?', over)
      expect(other.outcome).toBe('miss')
      litellm.judge = () => new Response('no', { status: 500 })
      await ask('How far is it from Paris to Nice?', over)
      const agrees = stream !== undefined // all streams of the fake have the same text
      expect(said).toMatchObject([
        {
          event: 'semantic shadow',
          similarity: 0.9378,
          same: 0.97,
          addresses_judge: 0,
          verdict: 'hit',
          agrees,
        },
        { event: 'semantic shadow', same: 0.2, verdict: 'not the same (0.20)' },
        { event: 'semantic shadow', verdict: 'judge unavailable' },
      ])
      expect(said[0]!['overlap']).toBeGreaterThan(0.5)
      expect(JSON.stringify(said)).not.toContain('the answer')
    },
  )

  it('serves no semantic hit that was stored before it was turned on', async () => {
    const before = verified({ env: SHARED })
    await before.ask(FIRST)
    await before.ask(SECOND)
    const shadow = verified({
      key: before.key,
      env: { ...SHARED, SEMANTIC: 'shadow' },
      hosts: { qdrant: before.qdrant, litellm: before.litellm },
    })
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const seen = await shadow.ask(SECOND)
    expect([seen.outcome, seen.detail]).toEqual([
      'miss',
      'the stored answer is a semantic hit; semantic: shadow',
    ])
  })
})

function predicate(name: string, probability: unknown) {
  return { type: 'predicate', name, probability }
}

function all(probability: unknown) {
  return ['a_answers_b', 'b_answers_a', 'addresses_judge'].map((name) =>
    predicate(name, name === 'addresses_judge' ? 0 : probability),
  )
}

/** A body that breaks off after its first bytes. */
function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"answers":'))
    },
    pull: (controller) => controller.error(new Error('cut')),
  })
}

function chunksOf(id: string, content: string): string[] {
  const chunk = (choice: object) =>
    `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model: 'small', choices: [{ index: 0, ...choice }] })}\n\n`
  return [
    chunk({ delta: { role: 'assistant', content } }),
    chunk({ delta: {}, finish_reason: 'stop' }),
    'data: [DONE]\n\n',
  ]
}
