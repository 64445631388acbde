import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { eventStream } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { gateway, QDRANT_ONLY } from '../support/gateway.ts'
import {
  lastResponse,
  request,
  responseBody,
  responseEvents,
  RESPONSES,
} from '../support/responses.ts'
import { scripted } from '../support/scripted-answer.ts'

/** The labels of one caller: each contains a name that is nowhere else in an answer. */
const labelsOf = (who: string) => ({
  metadata: { [`${who} "key"`]: `${who} \\ \n \u2028 «ä» }]`, '7': who },
  user: `${who}@example.com`,
  safety_identifier: `"${who}"`,
  prompt_cache_key: `${who}-session`,
})
const ADA = labelsOf('Ada')
const BOB = labelsOf('Bob')
/** What a response to a request without labels says. */
const NONE = { metadata: {}, user: null, safety_identifier: null, prompt_cache_key: null }
const NAMES = Object.keys(NONE)

/** A response with the labels of its request. LiteLLM leaves members that are null out of streams. */
const echo: Answer = ({ body }) => {
  const texts = Object.entries(body['metadata'] ?? {}).filter(([, one]) => typeof one === 'string')
  const said = NAMES.map((name) => [name, body[name] ?? null] as const)
  const labels = { ...Object.fromEntries(said), metadata: Object.fromEntries(texts) }
  if (body['stream'] !== true) return Response.json(responseBody(labels))
  const given = Object.entries(labels).filter(([, label]) => label !== null)
  return eventStream(responseEvents(responseBody(Object.fromEntries(given))))
}

const outcome = (response: Response) => response.headers.get('x-cache')
const labelsIn = (response: unknown) =>
  Object.fromEntries(
    NAMES.filter((name) => Object.hasOwn(response as object, name)).map((name) => [
      name,
      (response as Record<string, unknown>)[name],
    ]),
  )
/** A caller, who reads the whole answer and waits until it is stored. */
function caller({ post, settled }: Pick<ReturnType<typeof gateway>, 'post' | 'settled'>) {
  return async (over: object, headers: Record<string, string> = {}) => {
    const response = await post(RESPONSES, request({ ...over }), headers)
    const text = await response.text()
    await settled()
    const isStream = response.headers.get('content-type')?.includes('event-stream')
    const said = isStream ? lastResponse(text) : JSON.parse(text)
    return {
      outcome: outcome(response),
      edge: cacheStatus(response).at(-1)!,
      text,
      labels: labelsIn(said),
    }
  }
}
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a hit on the response to a request with other labels', () => {
  const modes = [false, true].flatMap((first) => [false, true].map((second) => [first, second]))
  const tiers = [
    ['memory', {}],
    ['qdrant', QDRANT_ONLY],
  ] as const
  const name = (stream: boolean | undefined) => (stream ? 'a stream' : 'JSON')
  const cases = tiers.flatMap(([tier, env]) =>
    modes.map(([first, second]) => ({ tier, env, first, second })),
  )

  it.each(cases.map((one) => [name(one.first), name(one.second), one.tier, one] as const))(
    'has those of its own request: %s, then %s from %s',
    async (_first, _second, tier, { env, first, second }) => {
      const made = gateway({ answer: echo, env })
      const ask = caller(made)
      const miss = await ask({ ...ADA, stream: first })
      expect([miss.outcome, miss.labels]).toEqual(['miss', ADA])
      expect(JSON.stringify([...made.qdrant.points.values()])).not.toContain('Ada')
      const hit = await ask({ ...BOB, stream: second })
      expect(hit).toMatchObject({ outcome: 'exact-hit', edge: { detail: tier }, labels: BOB })
      expect(hit.text).not.toContain('Ada')
      // The same request again is known without being parsed.
      expect((await ask({ ...BOB, stream: second })).text).toBe(hit.text)
      const own = await ask({ ...ADA, stream: second })
      expect([own.outcome, own.labels]).toEqual(['exact-hit', ADA])
      expect(own.text).toBe(hit.text.replaceAll('Bob', 'Ada'))
      // Six times in a response, of which a stream has three.
      expect(own.text.split('Ada')).toHaveLength(second ? 19 : 7)
      if (!first && !second) expect(own.text).toBe(miss.text)
      expect(made.litellm.asked).toHaveLength(1)
    },
  )

  it.each([false, true])('has none if its request has none; stream: %s', async (stream) => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    await ask({ ...ADA, stream })
    for (const none of [{}, { user: null, metadata: null }, { metadata: {} }]) {
      for (const mode of [false, true]) {
        const hit = await ask({ ...none, stream: mode })
        expect([hit.outcome, hit.labels]).toEqual(['exact-hit', NONE])
      }
    }
    const some = await ask({ user: 'eve', stream })
    expect([some.outcome, some.labels]).toEqual(['exact-hit', { ...NONE, user: 'eve' }])
    expect(made.litellm.asked).toHaveLength(1)
  })

  it.each([false, true])('has its own if that request had none; stream: %s', async (stream) => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    const miss = await ask({ stream })
    // A stream of LiteLLM's does not show which labels the provider would repeat.
    const own = stream ? { metadata: ADA.metadata } : ADA
    expect((await ask({ ...ADA, stream })).labels).toEqual(own)
    expect((await ask({ ...ADA, stream: !stream })).labels).toEqual(own)
    const again = await ask({ stream })
    expect([again.outcome, again.labels]).toEqual(['exact-hit', miss.labels])
    expect(made.litellm.asked).toHaveLength(1)
  })

  it.each([false, true])(
    'has none that the provider does not repeat; stream: %s',
    async (stream) => {
      const silent: Answer = () =>
        stream ? eventStream(responseEvents()) : Response.json(responseBody())
      const made = gateway({ answer: silent })
      const ask = caller(made)
      await ask({ ...ADA, stream })
      for (const mode of [false, true]) {
        const hit = await ask({ ...BOB, stream: mode })
        expect([hit.outcome, hit.labels]).toEqual(['exact-hit', {}])
      }
    },
  )

  it('has its own although that request had stream_options, too', async () => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    await ask({ ...ADA, stream: true, stream_options: { include_obfuscation: false } })
    for (const stream of [false, true]) {
      const hit = await ask({ ...BOB, stream })
      expect([hit.outcome, hit.labels]).toEqual(['exact-hit', BOB])
    }
    expect(made.litellm.asked).toHaveLength(1)
  })

  it.each([false, true])(
    'has its own if LiteLLM fails and it has expired; stream: %s',
    async (stream) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] })
      const made = gateway({ answer: echo })
      const ask = caller(made)
      await ask({ ...ADA, stream })
      vi.setSystemTime(1_790_000_000_000 + 1_842_000)
      made.litellm.answer = () => Response.json({ error: { message: 'no' } }, { status: 503 })
      for (const mode of [false, true]) {
        const stale = await ask({ ...BOB, stream: mode })
        expect([stale.outcome, stale.labels]).toEqual(['stale', BOB])
        expect((await ask({ stream: mode })).labels).toEqual(NONE)
      }
    },
  )
})

describe('a request of the Responses API', () => {
  it('is cached with labels as long as the limit, and bypasses the cache with longer ones', async () => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    await ask(ADA)
    const user = 'u'.repeat(16_382)
    const hit = await ask({ user })
    expect([hit.outcome, hit.labels['user']]).toEqual(['exact-hit', user])
    const longer = await ask({ user: `${user}u` })
    expect(longer).toMatchObject({ outcome: 'bypass', labels: { user: `${user}u` } })
    expect(longer.edge).toMatchObject({ fwd: 'bypass', detail: 'labels too long' })
    expect(made.litellm.asked.map(({ body }) => body['user'])).toEqual([ADA.user, `${user}u`])
  })

  it.each([
    ['user is not text', { user: 7 }],
    ['extra_body.user', { ...ADA, extra_body: { user: 'ada' } }],
  ])('bypasses the cache because of %s', async (detail, over) => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    await ask({})
    const { outcome, edge } = await ask(over)
    expect([outcome, edge['detail']]).toEqual(['bypass', detail])
    expect(made.litellm.asked[1]!.body).toMatchObject(over)
  })

  it.each<object>([
    { tags: ['a'] },
    { tags: ['a'], who: 'ada' },
    { guardrails: ['g'] },
    { guardrail_config: { language: 'en' } },
  ])('has its own entry for %j in metadata', async (metadata) => {
    const made = gateway({ answer: echo })
    const ask = caller(made)
    await ask(ADA)
    expect((await ask({ ...ADA, metadata })).outcome).toBe('miss')
    expect((await ask({ ...BOB, metadata: { ...metadata, who: 'bob' } })).labels).toEqual({
      ...BOB,
      metadata: { who: 'bob' },
    })
    expect(made.litellm.asked).toHaveLength(2)
  })

  it('is answered from the entries of its own end user only, with a key of scope user', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['*'], scope: 'user' }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const made = gateway({ answer: echo, env })
    const ask = caller(made)
    const asUser = async (labels: object) =>
      (await ask({ ...labels }, { authorization: 'Bearer key' })).outcome
    expect([
      await asUser(ADA),
      await asUser(BOB),
      await asUser({ ...BOB, user: ADA.user }),
      await asUser({ ...ADA, user: undefined }),
    ]).toEqual(['miss', 'miss', 'exact-hit', 'bypass'])
  })
})

describe('concurrent requests of the Responses API', () => {
  /** Sends two streams' requests at once, and answers the calls that they need. */
  async function together(calls: number, ...labels: object[]) {
    const { answer, call } = scripted()
    const made = gateway({ answer })
    const asking = labels.map((one) => caller(made)({ ...one, stream: true }))
    await vi.waitFor(() => expect(made.coalescing.asked).toBe(2))
    for (let number = 1; number <= calls; number += 1) {
      const one = await call(number)
      one.begin()
      one.send(await (await echo(one.asked)).text())
      one.end()
    }
    const answers = await Promise.all(asking)
    expect(made.litellm.asked).toHaveLength(calls)
    expect(made.qdrant.points.size).toBe(1)
    return answers.map((one) => one.labels)
  }

  it('share a call if their labels are the same', async () => {
    expect(await together(1, ADA, ADA)).toEqual([ADA, ADA])
  })

  it('make their own calls if their labels differ', async () => {
    expect(await together(2, ADA, BOB)).toEqual([ADA, BOB])
    expect(await together(2, {}, BOB)).toEqual([{ metadata: {} }, BOB])
  })
})
