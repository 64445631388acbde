import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Canary } from '../../src/doctor/canary.ts'
import { examine, failed, NotExamined, ok, once, skipped, warning } from '../../src/doctor/check.ts'
import type { Check, Finding } from '../../src/doctor/check.ts'
import { isolationChecks } from '../../src/doctor/isolation.ts'
import { judgeChecks } from '../../src/doctor/judge.ts'
import { onlyModel, readModels } from '../../src/doctor/models.ts'
import { settingsChecks } from '../../src/doctor/settings.ts'
import type { SettingsFacts } from '../../src/doctor/settings.ts'
import { sightingOf } from '../../src/doctor/sighting.ts'
import type { Sighting } from '../../src/doctor/sighting.ts'
import { sweepChecks } from '../../src/doctor/sweep.ts'
import { isOlder } from '../../src/doctor/version.ts'
import { wait } from '../../src/doctor/wait.ts'
import { ledgerTotals, readerOf } from '../support/ledger-totals.ts'

afterEach(() => vi.useRealTimers())

const check = (examineIt: Check['examine'], over: Partial<Check> = {}): Check => ({
  what: 'a part',
  cure: 'Repair it.',
  examine: examineIt,
  ...over,
})
const never = () => new Promise<Finding>(() => {})
const { signal } = new AbortController()

describe('a run of the doctor', () => {
  it('has the status of its worst check, of which a skipped one is none', async () => {
    const statusOf = async (...findings: Finding[]) =>
      (
        await examine(
          findings.map((finding) => check(() => finding)),
          [],
        )
      ).status
    expect(await statusOf(ok('.'), skipped('.', '.'))).toBe('ok')
    expect(await statusOf(ok('.'), warning('.', '.'), skipped('.', '.'))).toBe('warning')
    expect(await statusOf(failed('.', '.'), warning('.', '.'))).toBe('failed')
  })

  it('makes a failed check of one that throws, and a skipped one of one that cannot go on', async () => {
    const checks = [
      check(() => Promise.reject(new Error('Connection refused.'))),
      check(() => Promise.reject(Object.assign(new Error(''), { status: 403 }))),
      check(() => JSON.parse('a prompt') as Finding),
      check(() => Promise.reject(new NotExamined('There is no key.', 'Name one.'))),
    ]
    const { checks: found } = await examine(checks, [])
    expect(found.map(({ state, detail, cure }) => [state, detail, cure])).toEqual([
      ['failed', 'Connection refused.', 'Repair it.'],
      ['failed', 'Status 403.', 'Repair it.'],
      ['failed', 'The answer makes no sense.', 'Repair it.'],
      ['skipped', 'There is no key.', 'Name one.'],
    ])
  })

  it('ends in time if a check never answers, and aborts it', async () => {
    vi.useFakeTimers()
    let aborted = false
    const slow = check((late) => {
      late.addEventListener('abort', () => (aborted = true))
      return never()
    })
    const running = examine(
      [slow, check(never, { timeoutMs: 25_000 }), check(() => ok('Fine.'))],
      [],
    )
    await vi.advanceTimersByTimeAsync(25_000)
    const { checks } = await running
    expect(checks.map(({ detail }) => detail)).toEqual([
      'No answer in 5 s.',
      'No answer in 25 s.',
      'Fine.',
    ])
    expect(aborted).toBe(true)
  })

  it('shows no secret, and no credentials that it does not know', async () => {
    const text = 'Refused Bearer sk-other, Basic b3A6cHc= and sk-own/sk-own.'
    const { checks } = await examine([check(() => failed(text, '.'))], ['sk-own'])
    expect(checks[0]?.detail).toBe('Refused Bearer … Basic … and …/….')
  })

  it('waits no longer than its signal lets it', async () => {
    vi.useFakeTimers()
    const left = new AbortController()
    const waiting = wait(60_000, left.signal)
    const settled = expect(waiting).rejects.toThrow('enough')
    left.abort(new Error('enough'))
    await settled
    expect(vi.getTimerCount()).toBe(0)
  })

  it('shares what two checks need', async () => {
    const make = vi.fn(async () => ({}))
    const shared = once(make)
    expect(await shared(signal)).toBe(await shared(signal))
    expect(make).toHaveBeenCalledTimes(1)
  })
})

describe('the order of versions', () => {
  it.each([
    ['1.15.3', '1.15.4', true],
    ['1.15.4', '1.15.4', false],
    ['1.9.9', '1.15.4', true],
    ['2.0.0', '1.15.4', false],
    ['v1.19', '1.19.1', true],
    ['1.91.0-rc.1', '1.91.0', false],
  ])('%s, %s: %s', (version, than, expected) => {
    expect(isOlder(version, than)).toBe(expected)
  })
})

describe("the models in LiteLLM's list", () => {
  const list = (data: object[]) => JSON.stringify({ data })

  it('are those that it names, without what a wildcard covers', () => {
    const models = readModels(
      list([{ id: 'a' }, { id: 'openai/*' }, { id: 'openai/e', mode: 'embedding' }]),
    )
    expect(models.map(({ id }) => id)).toEqual(['a', 'openai/*'])
  })

  it('have one of a kind, or it is not known which', () => {
    const models = readModels(
      list([
        { id: 'a', mode: 'embedding' },
        { id: 'b', mode: 'chat' },
        { id: 'c', mode: 'chat' },
        { id: 'x/*', mode: 'embedding' },
      ]),
    )
    expect(onlyModel(models, ['embedding'])).toBe('a')
    expect(onlyModel(models, ['chat'])).toBeUndefined()
    expect(onlyModel(models, ['rerank'])).toBeUndefined()
  })
})

const seen = (over: Partial<Sighting> = {}): Sighting => ({
  status: 200,
  outcome: 'miss',
  collapsed: false,
  detail: undefined,
  hit: undefined,
  code: undefined,
  isCut: false,
  costUsd: null,
  ...over,
})

describe('a sighting', () => {
  it('is what a caller sees of an answer', async () => {
    const headers = {
      'x-cache': 'semantic-hit',
      'cache-status':
        'litellm; hit; detail="similarity=0.93; same=0.97", edge; fwd=uri-miss; collapsed; detail="pool busy"',
      'x-litellm-response-cost': '0.25',
    }
    const body = { choices: [{ finish_reason: 'length' }] }
    expect(await sightingOf(Response.json(body, { headers }))).toEqual({
      status: 200,
      outcome: 'semantic-hit',
      collapsed: true,
      detail: 'pool busy',
      hit: 'similarity=0.93; same=0.97',
      code: undefined,
      isCut: true,
      costUsd: 0.25,
    })
  })

  it('has the code of an error, whatever else is in it', async () => {
    const refused = Response.json({ error: { code: 'not_in_cache' } }, { status: 504 })
    expect(await sightingOf(refused)).toMatchObject({ status: 504, code: 'not_in_cache' })
    const odd = new Response('<html>', { status: 502 })
    expect(await sightingOf(odd)).toMatchObject({ status: 502, code: undefined, isCut: false })
  })
})

const onlyFinding = async ([only]: readonly Check[]) => only!.examine(signal)

describe('the check of isolation', () => {
  const isolation = (elsewhere: Partial<Sighting>, over: object = {}) =>
    onlyFinding(
      isolationChecks({
        canary: () =>
          ({
            original: async () => [seen()],
            repeated: async () => seen({ outcome: 'exact-hit' }),
            reworded: async () => seen({ outcome: 'semantic-hit' }),
            elsewhere: async () => seen(elsewhere),
          }) satisfies Canary,
        tenantOf: async (key) => key,
        isOpen: false,
        key: 'one',
        otherKey: 'other',
        semantic: 'on',
        ...over,
      }),
    )

  it.each([
    [{ outcome: 'exact-hit' }, 'exact-hit'],
    [{ outcome: 'semantic-hit' }, 'semantic-hit'],
    [{ outcome: 'stale' }, 'stale'],
    [{ collapsed: true }, 'coalesced'],
  ])('fails if another tenant got the answer: %j', async (elsewhere, word) => {
    const found = await isolation(elsewhere)
    expect(found.state).toBe('failed')
    expect(found.detail).toContain(word)
  })

  it('is content with a miss, without the semantic layer too', async () => {
    expect((await isolation({})).detail).toContain('both caches')
    expect(await isolation({}, { semantic: 'off' })).toMatchObject({ state: 'ok' })
  })

  it('proves nothing with a request that was refused, or without a second tenant', async () => {
    expect((await isolation({ status: 403 })).state).toBe('skipped')
    expect((await isolation({ outcome: 'bypass' })).state).toBe('skipped')
    expect((await isolation({}, { isOpen: true })).state).toBe('skipped')
    expect((await isolation({}, { otherKey: 'one' })).detail).toContain('one tenant')
  })
})

describe('the check of the judge', () => {
  const judge = (latencies: number[]) =>
    onlyFinding(
      judgeChecks({
        judge: async () => ({
          same: 0.97,
          addressesJudge: 0,
          latencyMs: latencies.shift()!,
          costUsd: null,
        }),
        key: 'sk-judge',
        minProbability: 0.9,
        waitsMs: 1_000,
        mayPay: true,
      }),
    )

  it("forgives LiteLLM's first call of a model for being slow, and not the second", async () => {
    expect(await judge([1_300, 20])).toMatchObject({ state: 'ok' })
    const slow = await judge([1_300, 1_200])
    expect(slow.state).toBe('warning')
    expect(slow.cure).toContain('SEMANTIC_JUDGE_TIMEOUT_MS')
  })
})

describe('the check of the sweep', () => {
  const NOW = 1_790_000_000_000
  const sweep = (gauges: Record<string, number>, isDevelopment = false) =>
    onlyFinding(
      sweepChecks({
        ledgerReader: readerOf(async () =>
          ledgerTotals({
            gauges: Object.entries(gauges).map(([name, value]) => ({
              name: name as 'sweep_left',
              value,
              at: NOW,
            })),
          }),
        ),
        isDevelopment,
        now: () => NOW,
      }),
    )

  it('warns if the last one is older than 15 minutes, or if there was none', async () => {
    expect((await sweep({ sweep_ended_at: NOW - 15 * 60_000 })).state).toBe('ok')
    expect((await sweep({ sweep_ended_at: NOW - 15 * 60_000 - 1 })).state).toBe('warning')
    expect((await sweep({})).state).toBe('warning')
    expect((await sweep({}, true)).state).toBe('skipped')
  })
})

describe('the checks of the settings', () => {
  const sound: SettingsFacts = {
    environment: 'production',
    isOpen: false,
    host: 'llm.example.com',
    unlimited: [],
    edgeTtlSeconds: 30,
    unencrypted: [],
    hasQdrantKey: true,
    semantic: 'on',
    verdicts: 'gateway',
    tracesContent: false,
    hasLedger: true,
  }
  const warned = (over: Partial<SettingsFacts>) =>
    settingsChecks({ ...sound, ...over })
      .map(({ what, examine: examineIt }) => [what, (examineIt(signal) as Finding).state])
      .filter(([, state]) => state !== 'ok')
      .map(([what]) => what)

  it.each([
    [{ environment: 'development', isOpen: true }, 'settings: access'],
    [{ unlimited: ['RATE_LIMIT_ADDRESS'] }, 'settings: rate limits'],
    [{ edgeTtlSeconds: 0 }, 'settings: near tiers'],
    [{ host: 'edge.acme.workers.dev' }, 'settings: near tiers'],
    [{ unencrypted: ['LITELLM_URL'] }, 'settings: transport'],
    [{ hasQdrantKey: false }, 'settings: Qdrant key'],
    [{ verdicts: 'callers' }, 'settings: verification'],
    [{ verdicts: 'nobody' }, 'settings: verification'],
    [{ tracesContent: true }, 'settings: trace content'],
    [{ hasLedger: false }, 'settings: ledger'],
  ] as const)('warn of %j, and of nothing else', (over, what) => {
    expect(warned(over)).toEqual([what])
    expect(warned({})).toEqual([])
  })

  it('warn of nothing on this machine', () => {
    const local = {
      environment: 'development',
      isOpen: true,
      host: '127.0.0.1',
      unencrypted: ['LITELLM_URL'],
      hasQdrantKey: false,
      tracesContent: true,
    } as const
    expect(warned(local)).toEqual([])
  })
})
