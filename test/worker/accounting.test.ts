import { afterEach, describe, expect, it, vi } from 'vitest'
import type { OutcomeSums, Report } from '../../src/ledger/report.ts'
import { settle } from '../support/coalescing.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { embed } from '../support/embedding-model.ts'
import {
  chunks,
  completion,
  completionBody,
  eventStream,
  litellmError,
  verdict,
} from '../support/fake-litellm.ts'
import { chat, gateway, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { DAY_MS, HOUR_MS, ledger } from '../support/ledger.ts'
import { scripted } from '../support/scripted-answer.ts'
import { traced } from '../support/traced-gateway.ts'

const CHAT = '/v1/chat/completions'
/** What LiteLLM says an answer cost, in USD. */
const PRICE = { 'x-litellm-response-cost': '0.002' }

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const question = (content: string) => chat({ messages: [{ role: 'user', content }] })

/** A gateway with a ledger of its own, and what that has counted so far. */
function accounted(options: GatewayOptions = {}) {
  const { namespace, reader } = ledger()
  const made = gateway({
    answer: () => completion({}, PRICE),
    ...options,
    env: { LEDGER_OBJECTS: namespace, ...options.env },
  })
  const report = async (): Promise<Report> => {
    await made.settled()
    const now = Date.now()
    const step = { stepMs: HOUR_MS, tenant: undefined }
    return reader.report({ from: now - DAY_MS, to: now + DAY_MS, ...step })
  }
  /** The sums of an outcome; undefined if there were none. */
  const sums = async (outcome: string): Promise<OutcomeSums | undefined> =>
    (await report()).outcomes.find((one) => one.outcome === outcome)
  return { ...made, report, sums }
}

describe('the ledger', () => {
  it('counts a hit with what its entry took, and never the time that it took itself', async () => {
    const slow = async () => {
      vi.setSystemTime(Date.now() + 1_500)
      return completion({}, PRICE)
    }
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
    const { post, settled, sums } = accounted({ answer: slow })
    for (const _ of ['miss', 'hit', 'hit']) {
      await post(CHAT, chat())
      await settled()
    }
    expect(await sums('miss')).toMatchObject({ requests: 1, hits: 0, savedUsd: 0, savedMs: 0 })
    expect(await sums('exact-hit')).toMatchObject({
      tier: 'memory',
      requests: 2,
      hits: 2,
      savedInputTokens: 18,
      savedOutputTokens: 6,
      savedUsd: 0.004,
      savedMs: 3_000,
      unpricedHits: 0,
    })
  })

  it('counts a hit without a known price as such, and invents none', async () => {
    const { post, settled, sums } = accounted({ answer: () => completion() })
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, chat())
      await settled()
    }
    expect(await sums('exact-hit')).toMatchObject({
      savedUsd: 0,
      unpricedHits: 1,
      savedInputTokens: 9,
    })
  })

  it.each([
    ['JSON', {}],
    ['streamed', { stream: true }],
  ])('counts what %s requests saved that shared a call', async (_, over) => {
    const { answer, call } = scripted()
    const { post, sums } = accounted({ answer })
    const asked = Array.from({ length: 3 }, async () => (await post(CHAT, chat(over))).text())
    await settle()
    const streams = 'stream' in over
    const first = await call(1)
    first.begin(200, streams ? 'text/event-stream' : 'application/json')
    for (const part of streams ? chunks() : [JSON.stringify(completionBody())]) first.send(part)
    first.end()
    await Promise.all(asked)
    expect(await sums('miss')).toMatchObject({ requests: 1, savedInputTokens: 0 })
    expect(await sums('coalesced')).toMatchObject({
      requests: 2,
      hits: 2,
      savedInputTokens: 18,
      savedOutputTokens: streams ? 4 : 6,
      savedMs: 0, // they waited as long
      unpricedHits: 2,
    })
  })

  it('counts a stale answer as a hit that saved nothing', async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
    const env = { ...QDRANT_ONLY, CACHE_TTL_SECONDS: '10' }
    const { post, settled, sums, litellm } = accounted({ env })
    await post(CHAT, chat())
    await settled()
    vi.setSystemTime(Date.now() + 20_000)
    litellm.answer = () => litellmError(503, 'down')
    await post(CHAT, chat())
    expect(await sums('stale')).toMatchObject({
      requests: 1,
      hits: 1,
      savedUsd: 0,
      savedInputTokens: 0,
      unpricedHits: 0,
    })
  })

  it('counts a semantic hit with what its original took, and what the judge cost', async () => {
    const { post, settled, report, litellm } = accounted({
      answer: credulous({ headers: PRICE }),
    })
    litellm.judge = () => verdict(0.97, 0, { headers: { 'x-litellm-response-cost': '0.0001' } })
    for (const content of ['How far is Lyon?', 'What is the distance to Lyon?']) {
      await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
    }
    const { outcomes, verdicts, judge, probabilities } = await report()
    expect(outcomes.find(({ outcome }) => outcome === 'semantic-hit')).toMatchObject({
      requests: 1,
      savedUsd: 0.002,
    })
    expect(verdicts).toMatchObject([{ verdict: 'hit', shadow: false, decisions: 1 }])
    expect(judge).toMatchObject({ calls: 1, usd: 0.0001, unpriced: 0 })
    expect(probabilities).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it.each([
    [0.2, 'not the same'],
    [undefined, 'judge unavailable'],
  ])('counts a refused semantic hit by its reason (probability %s)', async (same, reason) => {
    const { post, settled, report, litellm } = accounted({ answer: credulous() })
    litellm.judge = () => (same === undefined ? new Response('', { status: 500 }) : verdict(same))
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (const content of ['How far is Lyon?', 'How far is Nice?']) {
      await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
    }
    const { verdicts, judge, outcomes } = await report()
    expect(verdicts).toMatchObject([{ verdict: reason, decisions: 1 }])
    expect(judge).toMatchObject({ calls: 1, usd: 0, unpriced: 1 })
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['miss'])
  })

  it('counts a hit on a reported pair by its reason, without a verdict', async () => {
    const { post, settled, report } = accounted({ answer: credulous() })
    const ask = async (content: string) => {
      const answer = await post(CHAT, question(content))
      await settled()
      return answer.headers.get('x-cache-key')
    }
    await ask('How far is Lyon?')
    const key = await ask('How far is Nice?')
    await post('/v1/cache/report', { key })
    await ask('How far is Nice?')
    const { verdicts, judge } = await report()
    expect(verdicts.map(({ verdict: word }) => word).sort()).toEqual(['hit', 'reported as wrong'])
    expect(judge).toMatchObject({ calls: 1 })
  })

  it('counts what shadow mode would have served, and whether the texts agreed', async () => {
    const { post, settled, report } = accounted({
      answer: credulous(),
      env: { SEMANTIC: 'shadow' },
    })
    for (const content of ['How far is Lyon?', 'What is the distance to Lyon?']) {
      await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
    }
    const { verdicts } = await report()
    expect(verdicts).toMatchObject([{ verdict: 'hit', shadow: true, decisions: 1 }])
    expect(verdicts[0]!.agreed + verdicts[0]!.disagreed).toBe(1)
  })

  it.each(['on', 'off'])(
    'counts the verdict of a caller who leaves during it, and no failure (COALESCE=%s)',
    async (COALESCE) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { post, send, settled, report, litellm } = accounted({
        answer: credulous(),
        env: { COALESCE },
      })
      await post(CHAT, question('How far is Lyon?'))
      await settled()
      const caller = new AbortController()
      litellm.judge = async () => {
        caller.abort()
        await settle()
        return verdict(0.2)
      }
      await send(
        new Request(`https://gateway${CHAT}`, {
          method: 'POST',
          body: JSON.stringify(question('How far is Nice?')),
          signal: caller.signal,
        }),
      ).catch(() => {})
      const { judge, verdicts, outcomes, failures } = await report()
      expect(judge).toMatchObject({ calls: 1, usd: 0, unpriced: 1 })
      expect(verdicts).toMatchObject([{ verdict: 'caller left', decisions: 1 }])
      expect(outcomes).toMatchObject([{ outcome: 'miss', requests: 2, failed: 0 }])
      expect(failures).toEqual([])
    },
  )

  it('counts the verdict in shadow mode if the call for a fresh answer fails', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const alike = credulous()
    const llm = { fails: false }
    const { post, settled, report, litellm } = accounted({
      answer: (asked) => {
        const isFresh = (asked.body['cache'] as Record<string, unknown>)['no-cache'] === true
        if (llm.fails && isFresh) throw new Error('Network connection lost.')
        return alike(asked)
      },
      env: { SEMANTIC: 'shadow' },
    })
    litellm.judge = () => verdict(0.97, 0, { headers: PRICE })
    await post(CHAT, question('How far is Lyon?'))
    await settled()
    llm.fails = true
    await post(CHAT, question('What is the distance to Lyon?'))
    const { judge, verdicts } = await report()
    expect(judge).toMatchObject({ calls: 1, usd: 0.002 })
    expect(verdicts).toMatchObject([{ verdict: 'hit', shadow: true, agreed: 0, disagreed: 0 }])
  })

  it('counts no savings, known or unknown, of a shared stream that breaks off', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { answer, call } = scripted()
    const { post, sums } = accounted({ answer })
    const asked = Array.from({ length: 3 }, async () => {
      const shared = await post(CHAT, chat({ stream: true }))
      return shared.text().catch(() => 'broke off')
    })
    await settle()
    const first = await call(1)
    first.begin()
    first.send(chunks()[0]!)
    await settle()
    first.lose()
    expect(await Promise.all(asked)).toEqual(['broke off', 'broke off', 'broke off'])
    expect(await sums('coalesced')).toMatchObject({
      requests: 2,
      savedOutputTokens: 0,
      unpricedHits: 0,
    })
  })

  it('does not list an unanswered `only-if-cached` as a failure', async () => {
    const { post, report } = accounted()
    expect((await post(CHAT, chat(), { 'cache-control': 'only-if-cached' })).status).toBe(504)
    const { failures, outcomes } = await report()
    expect(outcomes).toMatchObject([{ outcome: 'miss', requests: 1 }])
    expect(failures).toEqual([])
  })

  it('ends semantic hits of a tenant whose verdicts have cost its monthly budget', async () => {
    const PRICE_OF_VERDICT = { 'x-litellm-response-cost': '0.6' }
    const { post, settled, report, litellm } = accounted({
      answer: credulous(),
      env: { SEMANTIC_JUDGE_BUDGET_USD: '1' },
    })
    litellm.judge = () => verdict(0.2, 0, { headers: PRICE_OF_VERDICT })
    const ask = async (content: string) => {
      const answer = await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
      return answer.headers.get('cache-status')
    }
    expect(await ask('How far is Lyon?')).toContain('semantic: judge budget unknown')
    expect(await ask('How far is Nice?')).not.toContain('budget')
    expect(await ask('How far is Lille?')).toContain('not the same')
    expect(await ask('How far is Brest?')).toContain('not the same')
    expect(await ask('How far is Metz?')).toContain('semantic: judge budget spent')
    expect(litellm.judged).toHaveLength(2)
    // LiteLLM's semantic cache takes no part any more.
    expect(litellm.asked.at(-1)?.body['cache']).toEqual({ 'no-cache': true, 'no-store': true })
    expect((await report()).judge).toMatchObject({ calls: 2, usd: 1.2 })
  })

  it('keeps many verdicts at once within the budget of the tenant', async () => {
    const { post, settled, report, litellm } = accounted({
      answer: credulous(),
      env: { SEMANTIC_JUDGE_BUDGET_USD: '1' },
    })
    litellm.judge = () => verdict(0.2, 0, { headers: { 'x-litellm-response-cost': '0.4' } })
    for (const content of ['How far is Lyon?', 'How far is Nice?']) {
      await post(CHAT, question(content))
      await settled()
    }
    const cities = Array.from({ length: 20 }, (_, city) => `How far is city ${city}?`)
    for (const _ of ['without a price', 'with one']) {
      await Promise.all(cities.map((content) => post(CHAT, question(`${content} ${_}`))))
      await settled()
    }
    expect((await report()).judge.usd).toBeCloseTo(1.2)
  })

  it('lists server errors although many malformed requests came after them', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { post, report, litellm } = accounted()
    litellm.answer = () => litellmError(500, 'down')
    await post(CHAT, chat())
    for (let requests = 0; requests < 60; requests += 1) await post(CHAT, chat({ stream: 'yes' }))
    const { failures } = await report()
    expect(failures.filter(({ status }) => status === 500)).toHaveLength(1)
    expect(failures).toHaveLength(50)
  })

  it('counts shared streams that broke off as failed, and not as hits', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { answer, call } = scripted()
    const { post, report } = accounted({ answer })
    const asked = ['leader', 'follower'].map(async () => {
      const response = await post(CHAT, chat({ stream: true }))
      await response.text().catch(() => {})
    })
    await settle()
    const first = await call(1)
    first.begin()
    first.send(chunks()[0]!)
    await settle()
    first.lose()
    await Promise.all(asked)
    const { outcomes } = await report()
    expect(outcomes.map(({ hits, failed }) => ({ hits, failed }))).toEqual([
      { hits: 0, failed: 1 },
      { hits: 0, failed: 1 },
    ])
  })

  it('counts an unanswered only-if-cached as no failure', async () => {
    const { post, report } = accounted()
    await post(CHAT, chat(), { 'cache-control': 'only-if-cached' })
    expect((await report()).outcomes).toMatchObject([{ outcome: 'miss', requests: 1, failed: 0 }])
  })

  it('counts spans that were sent without another request', async () => {
    const { namespace, reader } = ledger()
    const { post, settled } = traced({}, { env: { LEDGER_OBJECTS: namespace } })
    await post(CHAT, chat())
    await settled()
    expect((await reader.totals()).events).toMatchObject([{ name: 'trace_spans_sent', count: 4 }])
  })

  it('counts random requests by how they were answered', async () => {
    const { post, settled, report, litellm } = accounted({ answer: () => completion({}, PRICE) })
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const plain = new Map<string, number>()
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const kinds = [
      () => post(CHAT, chat({ seed: random(60) })),
      () => post(CHAT, chat({ seed: random(60), stream: true })),
      () => post(CHAT, chat({ seed: random(60) }), { 'cache-control': 'no-cache' }),
      () => post(CHAT, chat({ seed: random(60) }), { 'cache-control': 'no-store' }),
      () => post(CHAT, chat({ seed: random(60) }), { 'cache-control': 'only-if-cached' }),
      () => post(CHAT, chat({ seed: random(60), stream: 'yes' })),
      () => post('/v1/embeddings', { model: 'embed', input: ['x'.repeat(random(9) + 1)] }),
    ]
    litellm.answer = ({ body, path }) => {
      if (random(15) === 0) return litellmError(500, 'down')
      if (path === '/v1/embeddings') return embed({ body } as never)
      return body['stream'] === true ? eventStream(chunks(), PRICE) : completion({}, PRICE)
    }
    for (let requests = 0; requests < 100; requests += 1) {
      const answer = await kinds[random(kinds.length)]!()
      await answer.text()
      const outcome = answer.headers.get('x-cache') ?? 'rejected'
      plain.set(outcome, (plain.get(outcome) ?? 0) + 1)
      if (random(10) === 0) await settled()
    }
    const counted = new Map<string, number>()
    for (const { outcome, requests } of (await report()).outcomes) {
      counted.set(outcome, (counted.get(outcome) ?? 0) + requests)
    }
    expect(counted).toEqual(plain)
    expect(plain.size).toBeGreaterThanOrEqual(5)
  }, 30_000)

  it('counts refused requests by tenant and status, and lists those that failed', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const GATEWAY_KEYS = JSON.stringify([
      {
        sha256: '682f6697fa93eca6c801a232519a09e3fe0c5c339465ee53c3f9edf92fd01f35',
        tenant: 'acme',
      },
    ])
    const { post, report, litellm } = accounted({
      env: { AUTH_MODE: 'keys', GATEWAY_KEYS },
      withKey: false,
    })
    await post(CHAT, chat(), { 'x-api-key': 'a guess' })
    const good = { 'x-api-key': 'some-key', 'x-request-id': 'mine' }
    await post(CHAT, chat({ stream: 'yes' }), good)
    litellm.answer = () => litellmError(500, 'down')
    await post(CHAT, chat(), good)
    const { tenants, failures } = await report()
    expect(tenants.map(({ name, requests, failed }) => ({ name, requests, failed }))).toEqual(
      expect.arrayContaining([
        { name: '', requests: 1, failed: 0 },
        { name: 'acme', requests: 2, failed: 1 },
      ]),
    )
    const of = { tenant: 'acme', api: CHAT, requestId: 'mine' }
    expect(failures).toMatchObject([
      { ...of, model: 'small', status: 500, error: 'status 500' },
      { ...of, status: 400, error: 'invalid_request' },
    ])
  })
})
