import { describe, expect, it, vi } from 'vitest'
import { reportedPairs } from '../../src/semantic/reported-pairs.ts'
import { pairId } from '../../src/semantic/question-pair.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { verdict } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat, QDRANT_ONLY } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

const CHAT = '/v1/chat/completions'
const NOW = 1_790_000_000_000
const FIRST = 'Convert 10 miles to km'
const SECOND = 'Convert 10 km to miles'

fixedClock(NOW, { warnings: false })

interface Reported {
  readonly layer: string
  readonly purged: number
  readonly pair_refused: boolean
  readonly near_tiers_until: number
}

/** A gateway whose LiteLLM finds all questions alike, and whose judge agrees. */
function deceived(options: GatewayOptions = {}) {
  const made = operator({ answer: credulous(), ...options })
  const ask = async (content: string, over: Record<string, unknown> = {}, headers = {}) => {
    const messages = [{ role: 'user', content }]
    const answer = await made.post(CHAT, chat({ messages, ...over }), headers)
    const text = await answer.text()
    await made.settled()
    const outcome = answer.headers.get('x-cache')
    const edge = cacheStatus(answer).find(({ cache }) => cache === 'edge')
    return { text, outcome, detail: edge?.['detail'], key: answer.headers.get('x-cache-key')! }
  }
  const report = (wrong: object) => made.operate<Reported>('/admin/report', wrong)
  /** Asks a question and the one that gets its answer; the second outcome. */
  const match = async (over: Record<string, unknown> = {}) => {
    await ask(FIRST, over)
    const wrong = await ask(SECOND, over)
    expect(wrong.outcome).toBe('semantic-hit')
    return wrong
  }
  return { ...made, ask, report, match }
}

const REFUSED = ['miss', 'semantic: reported as wrong']

describe('a semantic hit that was reported as wrong', () => {
  it('is deleted, never matched again, and followed by a fresh answer, without a verdict', async () => {
    const { ask, match, report, litellm } = deceived()
    const wrong = await match()
    expect((await ask(SECOND)).outcome).toBe('exact-hit')
    expect(await report({ key: wrong.key })).toEqual({
      layer: 'semantic',
      purged: 1,
      pair_refused: true,
      near_tiers_until: NOW + 30_000,
    })
    const verdicts = litellm.judged.length
    const fresh = await ask(SECOND)
    expect([fresh.outcome, fresh.detail]).toEqual(REFUSED)
    expect(fresh.text).not.toBe(wrong.text)
    expect(litellm.judged).toHaveLength(verdicts)
    const again = await ask(SECOND)
    expect([again.outcome, again.text]).toEqual(['exact-hit', fresh.text])
    // The original's answer is right for its own question.
    expect((await ask(FIRST)).outcome).toBe('exact-hit')
  })

  it('is refused in the other direction, for other models and other settings', async () => {
    const { ask, match, report } = deceived()
    await report({ key: (await match()).key })
    for (const over of [{ model: 'large' }, { temperature: 0.5 }]) {
      await ask(SECOND, over)
      const other = await ask(FIRST, over)
      expect([other.outcome, other.detail]).toEqual(REFUSED)
    }
  })

  it('is refused for each text that is certainly the same question', async () => {
    const { ask, match, report } = deceived()
    await report({ key: (await match()).key })
    const typed = await ask(`  ${SECOND}?`)
    expect([typed.outcome, typed.detail]).toEqual(REFUSED)
  })

  it('is deleted in each spelling and for each model that was stored', async () => {
    const { ask, match, report, qdrant } = deceived({ env: QDRANT_ONLY })
    const { key } = await match()
    const others = [await ask(`${SECOND}?`), await match({ model: 'large' })]
    const spared = await ask('How many km are 10 miles?')
    expect((await report({ key })).purged).toBe(3)
    for (const one of others) expect(qdrant.points.has(one.key)).toBe(false)
    expect(qdrant.points.has(spared.key)).toBe(true)
  })

  it('is refused even if the two texts need no verdict', async () => {
    const { ask, report, litellm } = deceived()
    await ask(FIRST)
    const wrong = await ask(`${FIRST}.`)
    expect([wrong.outcome, litellm.judged]).toEqual(['semantic-hit', []])
    await report({ key: wrong.key })
    const again = await ask(`${FIRST}!`)
    expect([again.outcome, again.detail]).toEqual(REFUSED)
  })

  it('is refused as a stream as well', async () => {
    const { match, report, ask } = deceived()
    await report({ key: (await match()).key })
    await ask(FIRST, { stream: true, top_p: 0.5 })
    const streamed = await ask(SECOND, { stream: true, top_p: 0.5 })
    expect([streamed.outcome, streamed.detail]).toEqual(REFUSED)
  })

  it('does not affect another tenant with the same two questions', async () => {
    const { ask, match, report } = deceived()
    await report({ key: (await match()).key })
    const other = { authorization: 'Bearer sk-another' }
    await ask(FIRST, {}, other)
    expect((await ask(SECOND, {}, other)).outcome).toBe('semantic-hit')
  })

  it('does not affect other pairs of the same original', async () => {
    const { ask, match, report } = deceived()
    await report({ key: (await match()).key })
    expect((await ask('How many km are 10 miles?')).outcome).toBe('semantic-hit')
  })

  it('is known in another isolate as soon as its copies have expired', async () => {
    const here = deceived()
    const env = { QDRANT_COLLECTION: here.settings.QDRANT_COLLECTION }
    const { qdrant, litellm, key } = here
    const there = deceived({ env, key, hosts: { qdrant, litellm } })
    const wrong = await here.match()
    const { near_tiers_until: until } = await there.report({ key: wrong.key })
    vi.setSystemTime(until)
    expect((await here.ask(SECOND)).detail).toBe('semantic: reported as wrong')
  })

  it('is refused with SEMANTIC_VERIFY=off', async () => {
    const { ask, match, report } = deceived({ env: { SEMANTIC_VERIFY: 'off' } })
    await report({ key: (await match()).key })
    const again = await ask(SECOND)
    expect([again.outcome, again.detail]).toEqual(REFUSED)
  })

  it('is refused with COALESCE=off', async () => {
    const { ask, match, report } = deceived({ env: { COALESCE: 'off' } })
    await report({ key: (await match()).key })
    expect((await ask(SECOND)).detail).toBe('semantic: reported as wrong')
  })
})

describe('a semantic hit whose pair cannot be looked up', () => {
  it('is refused if the reports cannot be read, without a verdict', async () => {
    const { ask, litellm, qdrant, settings } = deceived()
    const answered = qdrant.fetch
    qdrant.fetch = (request) =>
      request.url.includes(`${settings.QDRANT_COLLECTION}_reports`)
        ? Response.json({ status: { error: 'Forbidden' } }, { status: 403 })
        : answered(request)
    await ask(FIRST)
    const hit = await ask(SECOND)
    expect([hit.outcome, hit.detail]).toEqual(['miss', 'semantic: reports unavailable'])
    expect(litellm.judged).toEqual([])
  })

  it('is refused at once after five failures in a row, but for a probe every five seconds', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    let asked = 0
    let works = false
    const stateOf = async () => {
      asked += 1
      if (!works) throw new Error('Too late.')
      return 'not reported' as const
    }
    const pairs = reportedPairs({ stateOf }, () => Date.now())
    for (let n = 0; n < 8; n += 1) {
      expect(await pairs.refusal('p')).toBe('semantic: reports unavailable')
    }
    expect(asked).toBe(5)
    vi.setSystemTime(Date.now() + 5_000)
    await pairs.refusal('p')
    await pairs.refusal('p')
    expect(asked).toBe(6)
    works = true
    vi.setSystemTime(Date.now() + 5_000)
    expect([await pairs.refusal('p'), await pairs.refusal('p')]).toEqual([undefined, undefined])
    expect(asked).toBe(8)
  })

  it('is served with SEMANTIC_VERIFY=off as long as nothing was ever reported', async () => {
    const env = { SEMANTIC_VERIFY: 'off', ...QDRANT_ONLY }
    const { ask, match, report, qdrant } = deceived({ env })
    await ask(FIRST)
    qdrant.points.clear()
    expect((await ask(SECOND)).outcome).toBe('semantic-hit')
    await report({ key: (await match({ model: 'large' })).key })
    qdrant.points.clear()
    const unknown = await ask(SECOND)
    expect([unknown.outcome, unknown.detail]).toEqual(['miss', 'semantic: original unknown'])
  })

  it('costs one request to Qdrant in 30 seconds while nothing was ever reported', async () => {
    const { ask, qdrant } = deceived()
    const read = () => qdrant.requests.filter((line) => line.endsWith('_reports/points')).length
    await ask(FIRST)
    for (const rewording of ['one', 'two', 'three']) await ask(rewording)
    expect(read()).toBe(1)
    vi.setSystemTime(NOW + 30_000)
    await ask('four')
    expect(read()).toBe(2)
  })
})

describe('an answer that semantic hits were made of, reported as wrong', () => {
  it('is deleted with all its stored semantic hits and its point in the semantic cache', async () => {
    const { ask, match, report, qdrant } = deceived()
    const wrong = await match()
    const { key } = await ask(FIRST)
    const point = [...qdrant.points.values()].find((one) => one['answer_id'] !== undefined)!
    const litellms = new Map([
      ['1', litellmPoint(String(point['scope']), String(point['answer_id']))],
      ['2', litellmPoint(String(point['scope']), 'chatcmpl-other')],
    ])
    qdrant.collections.set('litellm_semantic_cache', { points: litellms, indexes: new Map() })
    const done = await report({ key })
    expect(done).toMatchObject({ layer: 'exact', purged: 2, pair_refused: false })
    expect([...litellms.keys()]).toEqual(['2'])
    for (const one of [key, wrong.key]) expect(qdrant.points.has(one)).toBe(false)
    expect((await ask(SECOND)).outcome).not.toBe('exact-hit')
  })

  it('is deleted with them by a purge, which leaves the original until they are gone', async () => {
    const { match, ask, operate, qdrant } = deceived()
    await match()
    const { key } = await ask(FIRST)
    const deleted: unknown[] = []
    qdrant.beforeDelete = () => void deleted.push([...qdrant.points.keys()].includes(key))
    const purged = await operate<object>('/admin/purge', { filter: { key } })
    expect(purged).toMatchObject({ matched: 1, derived: 1, done: true })
    expect(deleted).toEqual([true, true])
    expect(qdrant.points.size).toBe(0)
  })

  it('is finished by a second report if only its semantic hits were left', async () => {
    const { match, ask, report, qdrant } = deceived()
    const wrong = await match()
    const { key } = await ask(FIRST)
    const left = qdrant.points.get(wrong.key)!
    await report({ key })
    // As if another isolate had stored it just after the purge.
    qdrant.points.set(wrong.key, left)
    expect(await report({ key })).toMatchObject({ layer: 'exact', purged: 1 })
    expect(qdrant.points.size).toBe(0)
  })

  it('is finished by a second report if the first one failed half way', async () => {
    const { match, ask, report, call, qdrant } = deceived()
    await match()
    const { key } = await ask(FIRST)
    const answered = qdrant.fetch
    qdrant.fetch = (request) =>
      request.url.includes('/points/delete')
        ? Response.json({ status: { error: 'no' } }, { status: 500 })
        : answered(request)
    expect((await call('/admin/report', { key })).status).toBe(503)
    expect(qdrant.points.size).toBe(2)
    qdrant.fetch = answered
    expect(await report({ key })).toMatchObject({ layer: 'exact', purged: 2 })
    expect(qdrant.points.size).toBe(0)
  })
})

function litellmPoint(scope: string, answerId: string): Record<string, unknown> {
  const response = `{'timestamp': 1.5, 'response': '{"id": "${answerId}"}'}`
  return { litellm_cache_key: `${scope}:0`, text: FIRST, response }
}

it('a stored semantic hit says which questions it matched, and is still no original', async () => {
  const { match, qdrant, ask } = deceived()
  const { key: original } = await ask(FIRST)
  const { key } = await match()
  const stored = qdrant.points.get(key)!
  expect(stored).toMatchObject({
    source: 'semantic',
    question: SECOND,
    original_question: FIRST,
    original_key: original,
    pair_id: await pairId(String(stored['tenant']), { a: FIRST, b: SECOND }),
  })
  expect(stored).not.toHaveProperty('answer_id')
  expect(stored).not.toHaveProperty('scope')
})

it('a semantic hit that an earlier version stored is deleted, although its pair is unknown', async () => {
  const { match, report, qdrant } = deceived({ env: QDRANT_ONLY })
  const { key } = await match()
  const { pair_id: _, original_key: _k, original_question: _o, ...old } = qdrant.points.get(key)!
  qdrant.points.set(key, old)
  expect(await report({ key })).toMatchObject({ layer: 'semantic', purged: 1, pair_refused: false })
  expect(qdrant.points.has(key)).toBe(false)
})

it('a verdict is asked for as before if the pair was not reported', async () => {
  const { match, report, ask, litellm } = deceived()
  await report({ key: (await match()).key })
  litellm.judge = () => verdict(0.2)
  expect((await ask('Another question')).detail).toBe('semantic: not the same (0.20)')
})
