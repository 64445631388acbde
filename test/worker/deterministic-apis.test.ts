import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { coalesced, edge, settle } from '../support/coalescing.ts'
import { modelList } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'

type Body = Record<string, unknown>

interface Case {
  readonly path: string
  /** Every path that leads to it. */
  readonly paths: readonly string[]
  readonly body: Body
  readonly answer: Body
  /** Answers that are delivered and not stored. */
  readonly incomplete: readonly Body[]
  /** Requests that are refused, by the field to correct. */
  readonly invalid: Readonly<Record<string, Body>>
}

const decision = { type: 'predicate', name: 'refund', probability: 0.9 }
const usage = { input_tokens: 12, output_tokens: 0, total_tokens: 12 }
const flagged = { flagged: true, categories: { violence: true } }

const cases: readonly Case[] = [
  {
    path: '/v1/decisions',
    paths: ['/v1/decisions', '/decisions'],
    body: {
      model: 'small',
      input: 'The parcel is late.',
      questions: [{ type: 'predicate', name: 'refund', instructions: 'Is a refund asked for?' }],
    },
    answer: { model: 'small', answers: [decision], usage },
    incomplete: [
      { model: 'small', answers: [], usage },
      { model: 'small', answers: [{ type: 'refusal', name: 'refund' }], usage },
      { model: 'small', answers: [{ ...decision, probability: 7 }], usage },
      { model: 'small', answers: [decision, decision], usage },
      { model: 'small', answers: [decision], usage, error: { message: 'no' } },
    ],
    invalid: { input: { input: 7 }, questions: { questions: [] }, model: { model: '' } },
  },
  {
    path: '/v1/systemone',
    paths: ['/v1/systemone', '/systemone'],
    body: {
      model: 'small',
      state: { subject: 'parcel' },
      questions: { refund: { type: 'noul', instructions: 'Is a refund asked for?' } },
    },
    answer: { model: 'small', answers: { refund: { type: 'noul', noul: 0.9 } }, usage },
    incomplete: [
      { model: 'small', answers: {}, usage },
      { model: 'small', answers: { refund: { type: 'noul', noul: -1 } }, usage },
      { model: 'small', answers: { other: { type: 'noul', noul: 0.9 } }, usage },
    ],
    invalid: { state: { state: null }, questions: { questions: {} }, model: { model: 7 } },
  },
  {
    path: '/v1/rerank',
    paths: ['/v1/rerank', '/rerank', '/v2/rerank'],
    body: { model: 'small', query: 'tide', documents: ['hill', 'wave'] },
    answer: {
      id: 'rank-1',
      results: [
        { index: 1, relevance_score: 0.75 },
        { index: 0, relevance_score: 0.125 },
      ],
    },
    incomplete: [
      { id: 'rank-1', results: [{ index: 1, relevance_score: 0.75 }] },
      { id: 'rank-1', results: null },
      {
        id: 'rank-1',
        results: [
          { index: 1, relevance_score: 0.75 },
          { index: 1, relevance_score: 0.5 },
        ],
      },
    ],
    invalid: { query: { query: 7 }, documents: { documents: [] }, model: { model: 'a,b' } },
  },
  {
    path: '/v1/moderations',
    paths: ['/v1/moderations', '/moderations'],
    body: { model: 'small', input: ['a', 'b'] },
    answer: { id: 'modr-1', model: 'omni', results: [flagged, flagged] },
    incomplete: [
      { id: 'modr-1', model: 'omni', results: [flagged] },
      { id: 'modr-1', model: 'omni', results: [flagged, { flagged: null }] },
    ],
    invalid: { input: { input: [] }, model: { model: null } },
  },
]

const outcome = (answer: Response) => answer.headers.get('x-cache')

describe.each(cases)('$path', ({ path, paths, body, answer, incomplete, invalid }) => {
  const answering = (said: Body = answer) => gateway({ answer: () => Response.json(said) })

  it('asks LiteLLM once for a repeated request, on each of its paths', async () => {
    const { post, settled, litellm } = answering()
    const miss = await post(path, { ...body, cache: { ttl: 60 } })
    expect([outcome(miss), await miss.json()]).toEqual(['miss', answer])
    await settled()
    for (const other of paths) {
      const hit = await post(other, body)
      expect([outcome(hit), await hit.json()]).toEqual(['exact-hit', answer])
      expect(hit.headers.get('x-cache-key')).toBe(miss.headers.get('x-cache-key'))
    }
    expect(litellm.asked.map((asked) => [asked.path, asked.body])).toEqual([
      [path, { ...body, cache: { 'no-cache': true, 'no-store': true } }],
    ])
    expect(litellm.judged).toHaveLength(0)
  })

  it('has an entry for each tenant, and for each member that counts', async () => {
    const { post, settled, litellm } = answering()
    const different: [Body, Record<string, string>][] = [
      [{}, {}],
      [{}, { authorization: 'Bearer sk-another' }],
      [{ model: 'another' }, {}],
      [{ unknown: 1 }, {}],
    ]
    for (const [over, headers] of [...different, ...different]) {
      await post(path, { ...body, ...over }, headers)
      await settled()
    }
    expect(litellm.asked).toHaveLength(different.length)
    const hit = await post(path, { ...body, user: 'ann', safety_identifier: 'x' })
    expect(outcome(hit)).toBe('exact-hit')
  })

  it('asks LiteLLM once for identical concurrent requests', async () => {
    const { post, call, litellm, coalescing } = coalesced()
    const all = Array.from({ length: 5 }, () => post(path, body))
    const one = await call(1)
    await vi.waitFor(() => expect(coalescing.asked).toBe(5))
    await settle()
    one.begin(200, 'application/json')
    one.send(JSON.stringify(answer))
    one.end()
    const answers = await Promise.all(all)
    for (const given of answers) expect(await given.json()).toEqual(answer)
    expect(answers.filter((given) => edge(given)['collapsed'])).toHaveLength(4)
    expect(litellm.asked).toHaveLength(1)
  })

  it('answers `stream: true` with JSON, as LiteLLM does, from the same entry', async () => {
    for (const [first, second] of [
      [true, false],
      [false, true],
    ]) {
      const { post, settled, litellm } = answering()
      await post(path, { ...body, stream: first })
      await settled()
      const hit = await post(path, { ...body, stream: second })
      expect(hit.headers.get('content-type')).toBe('application/json')
      expect([outcome(hit), await hit.json()]).toEqual(['exact-hit', answer])
      expect(litellm.asked.map((asked) => asked.body['stream'])).toEqual([first])
    }
  })

  it.each(incomplete)('delivers an incomplete answer and does not store it: %j', async (said) => {
    const { post, settled, qdrant, litellm } = answering(said)
    for (const _ of [1, 2]) {
      const given = await post(path, body)
      expect([outcome(given), await given.json()]).toEqual(['miss', said])
      await settled()
    }
    expect(qdrant.points.size).toBe(0)
    expect(litellm.asked).toHaveLength(2)
  })

  it.each(Object.entries(invalid))('names the field to correct: %s', async (param, over) => {
    const { post, litellm } = answering()
    const refused = await post(path, { ...body, ...over })
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param } }])
    expect(litellm.asked).toHaveLength(0)
  })

  it('rejects members that steer LiteLLM', async () => {
    const { post, litellm } = answering()
    for (const steering of [{ api_base: 'http://evil' }, { extra_body: { cache_key: 'x' } }]) {
      for (const other of paths) {
        expect((await post(other, { ...body, ...steering })).status).toBe(400)
      }
    }
    expect(litellm.asked).toHaveLength(0)
  })

  it('requires a key that may use the model', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['other'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { post, litellm } = gateway({ env })
    expect((await post(path, body)).status).toBe(401)
    expect((await post(path, body, { 'x-api-key': 'key' })).status).toBe(403)
    expect(litellm.asked).toHaveLength(0)
  })
})

describe('a moderation without a model', () => {
  const answer = { id: 'modr-1', model: 'omni', results: [flagged] }
  const body = { input: 'a' }

  it('is cached for a LiteLLM key of any models: LiteLLM chooses the model', async () => {
    const { post, settled, litellm } = gateway({ answer: () => Response.json(answer) })
    litellm.models = () => modelList(['small'])
    expect(outcome(await post('/v1/moderations', { ...body, model: 'omni' }))).toBe('bypass')
    expect(outcome(await post('/v1/moderations', body))).toBe('miss')
    await settled()
    expect(outcome(await post('/v1/moderations', body))).toBe('exact-hit')
    expect(litellm.asked.map((asked) => asked.body['model'])).toEqual(['omni', undefined])
  })

  it('is refused to a key of the gateway that may use some models only', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['small'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { post, litellm } = gateway({ env })
    expect((await post('/v1/moderations', body, { 'x-api-key': 'key' })).status).toBe(403)
    expect(litellm.asked).toHaveLength(0)
  })
})

describe('a decision whose names and choices are too long to be held', () => {
  it('is passed on uncached', async () => {
    const { post, litellm, qdrant } = gateway({ answer: () => Response.json({ answers: [] }) })
    const questions = [{ type: 'predicate', name: 'x'.repeat(20_000), instructions: 'Is it?' }]
    const answer = await post('/v1/decisions', { model: 'small', input: 'a', questions })
    expect(edge(answer)).toMatchObject({ fwd: 'bypass', detail: 'questions too long' })
    expect(litellm.asked[0]!.body['questions']).toEqual(questions)
    expect(qdrant.requests).toHaveLength(0)
  })
})

describe('embeddings', () => {
  it('answers `stream: true` from the entry', async () => {
    const data = [{ object: 'embedding', index: 0, embedding: [0.5] }]
    const { post, settled } = gateway({ answer: () => Response.json({ object: 'list', data }) })
    await post('/v1/embeddings', { model: 'small', input: 'a' })
    await settled()
    const hit = await post('/v1/embeddings', { model: 'small', input: 'a', stream: true })
    expect(outcome(hit)).toBe('exact-hit')
  })
})
