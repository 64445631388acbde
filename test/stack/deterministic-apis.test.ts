import OpenAI from 'openai'
import { beforeAll, describe, expect, it } from 'vitest'
import { addresses, control, recovered, send, until } from './client.ts'
import type { Seen } from './client.ts'
import { ownGateway, secondLiteLlm } from './own-parts.ts'
import { MODEL, scriptedProvider } from './scripted-provider.ts'
import { RANKER } from './second-litellm.ts'

const provider = scriptedProvider()

/** Sends a request, waits until it is stored, and returns both answers. */
async function twice(path: string, body: unknown, url: string = addresses.gateway) {
  const headers = { authorization: `Bearer ${addresses.masterKey}` }
  const ask = () => send(path, body, { url, headers })
  const miss = await ask()
  return { miss, hit: await until('exact-hit', ask), ask }
}
const outcomeOf = ({ headers }: Seen) => headers.get('x-cache')

describe('the decision model of the stack', () => {
  const pair = () =>
    JSON.stringify({ a: `Name a bird. ${crypto.randomUUID()}`, b: 'Please name a bird.' })
  const NAMES = ['a_answers_b', 'b_answers_a']

  it('is not asked for a repeated decision', async () => {
    const decisions = await twice('/v1/decisions', {
      model: 'semantic-judge',
      input: pair(),
      questions: NAMES.map((name) => ({ type: 'predicate', name, instructions: 'Is it right?' })),
    })
    const systemone = await twice('/systemone', {
      model: 'semantic-judge',
      state: pair(),
      questions: Object.fromEntries(
        NAMES.map((name) => [name, { type: 'noul', instructions: 'Is it?' }]),
      ),
    })
    await control('stop', 'judge')
    try {
      for (const { miss, hit, ask } of [decisions, systemone]) {
        expect([miss.status, outcomeOf(miss), outcomeOf(hit)]).toEqual([200, 'miss', 'exact-hit'])
        const again = await ask()
        expect([again.status, outcomeOf(again), again.text]).toEqual([200, 'exact-hit', miss.text])
      }
    } finally {
      await control('start', 'judge')
      await recovered()
    }
    const { answers } = JSON.parse(decisions.hit.text) as { answers: { name: string }[] }
    expect(answers.map(({ name }) => name)).toEqual(NAMES)
    expect(JSON.parse(systemone.hit.text)).toMatchObject({
      answers: { a_answers_b: { type: 'noul' }, b_answers_a: { type: 'noul' } },
    })
  })
})

describe('moderations through LiteLLM', () => {
  const client = new OpenAI({ baseURL: `${addresses.keyed}/v1`, apiKey: addresses.masterKey })

  it.each([{ model: MODEL }, {}])(
    'ask the provider once for a repeated text: %j',
    async (model) => {
      const body = { ...model, input: [`a shark ${crypto.randomUUID()}`, 'a cat'] }
      const { miss, hit } = await twice('/v1/moderations', body, addresses.keyed)
      expect([outcomeOf(miss), outcomeOf(hit)]).toEqual(['miss', 'exact-hit'])
      expect(hit.text).toBe(miss.text)
      const { results } = await client.moderations.create(body)
      expect(results.map(({ flagged }) => flagged)).toEqual([true, false])
      expect(provider.asked).toHaveLength(1)
      expect(provider.asked[0]).not.toHaveProperty('cache')
    },
  )
})

describe('rankings through LiteLLM', () => {
  let url = ''
  beforeAll(async () => {
    url = await ownGateway('gateway-ranking', {
      LITELLM_URL: await secondLiteLlm(),
      LITELLM_API_KEY: 'sk-carol',
      MLFLOW_URL: '',
    })
  }, 180_000)

  it('ask the provider once for a repeated query, on each version of the path', async () => {
    const documents = ['hill', 'wave', { text: 'tide' }]
    const body = { model: RANKER, query: `sea ${crypto.randomUUID()}`, documents }
    const { miss, hit } = await twice('/v1/rerank', { ...body, top_n: 2 }, url)
    expect([miss.status, outcomeOf(miss), outcomeOf(hit)]).toEqual([200, 'miss', 'exact-hit'])
    expect(hit.text).toBe(miss.text)
    expect(JSON.parse(hit.text)).toMatchObject({ results: [{ index: 2 }, { index: 1 }] })
    for (const path of ['/rerank', '/v2/rerank']) {
      const other = await send(path, { ...body, top_n: 2 }, { url })
      expect([outcomeOf(other), other.text]).toEqual(['exact-hit', miss.text])
    }
    expect(provider.asked).toHaveLength(1)
    expect(provider.asked[0]).not.toHaveProperty('cache')
  })
})
