import { describe, expect, it } from 'vitest'
import { edge } from '../support/coalescing.ts'
import { litellmError } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'
import { asked, MESSAGES } from '../support/messages.ts'

const COUNT = `${MESSAGES}/count_tokens`
const counted =
  (over: object = {}) =>
  () =>
    Response.json({ input_tokens: 12, ...over })
const outcome = (answer: Response) => answer.headers.get('x-cache')

describe('POST /v1/messages/count_tokens', () => {
  it('answers an identical request from the cache, on all its paths', async () => {
    const { post, litellm, settled } = gateway({
      answer: counted({ litellm_count_source: 'provider' }),
    })
    const first = await post(COUNT, asked())
    expect(edge(first)).toMatchObject({ fwd: 'uri-miss', stored: true })
    await settled()
    for (const path of [COUNT, '/messages/count_tokens', `${COUNT}?beta=true`]) {
      const hit = await post(path, asked())
      expect([path, outcome(hit), await hit.json()]).toEqual([
        path,
        'exact-hit',
        { input_tokens: 12, litellm_count_source: 'provider' },
      ])
    }
    expect(litellm.asked.map(({ path }) => path)).toEqual([COUNT])
    expect(litellm.asked[0]!.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
  })

  it.each([
    ['an estimate', { litellm_count_source: 'local_estimate' }],
    ['a count that LiteLLM could not read', { input_tokens: 0 }],
  ])('delivers %s and does not store it', async (_what, over) => {
    const { post, litellm, settled } = gateway({ answer: counted(over) })
    for (const _ of [1, 2]) {
      const answer = await post(COUNT, asked())
      expect([outcome(answer), await answer.json()]).toEqual([
        'miss',
        { input_tokens: 12, ...over },
      ])
      await settled()
    }
    expect(litellm.asked).toHaveLength(2)
  })

  it('is not answered with a message, nor the other way round', async () => {
    const { post, litellm, settled } = gateway({ answer: counted() })
    await post(COUNT, asked())
    await settled()
    expect(outcome(await post(MESSAGES, asked()))).toBe('miss')
    expect(litellm.asked).toHaveLength(2)
  })

  it('shares one call among identical concurrent requests', async () => {
    const { post, litellm } = gateway({ answer: counted() })
    const answers = await Promise.all(Array.from({ length: 9 }, () => post(COUNT, asked())))
    expect(new Set(await Promise.all(answers.map((one) => one.text()))).size).toBe(1)
    expect(litellm.asked).toHaveLength(1)
  })

  it("has errors in Anthropic's shape, the gateway's and LiteLLM's", async () => {
    const { post } = gateway({ answer: () => litellmError(401, 'auth_error') })
    const own = await post(COUNT, asked({ messages: [] }))
    expect([own.status, await own.json()]).toEqual([
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'messages must be a list of messages.' },
      },
    ])
    const upstream = await post(COUNT, asked())
    expect([upstream.status, await upstream.json()]).toMatchObject([
      401,
      { type: 'error', error: { type: 'authentication_error', message: 'no' } },
    ])
  })
})
