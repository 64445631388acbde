import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CommandError } from '../../infra/cli/admin-client.ts'
import type { WarmRequest } from '../../infra/cli/warm-request.ts'
import { warm } from '../../infra/cli/warm-run.ts'
import type { WarmItem, WarmOptions } from '../../infra/cli/warm-run.ts'
import type { WarmAnswer } from '../../infra/cli/warm-sender.ts'
import { WarmState } from '../../infra/cli/warm-state.ts'

afterEach(() => vi.useRealTimers())

const request = (content: number | string): WarmRequest => ({
  path: '/v1/chat/completions',
  body: { model: 'small', messages: [{ role: 'user', content: String(content) }] },
})

const requests = (count: number) => Array.from({ length: count }, (_, at) => request(at))

async function* items(all: Iterable<WarmRequest | WarmItem>): AsyncGenerator<WarmItem> {
  for (const one of all) yield 'path' in one ? { request: one } : one
}

const FILLED: WarmAnswer = { outcome: 'filled', costUsd: 0.25 }

function failure(status: number | 'unreachable' | 'no cache', over: object = {}): WarmAnswer {
  return { outcome: 'failed', status, code: '', message: 'no', retryAfterMs: undefined, ...over }
}

/** Runs with answers that a script gives, by the number of the call. */
async function run(
  all: Iterable<WarmRequest | WarmItem>,
  script: (call: number, request: WarmRequest) => WarmAnswer | Promise<WarmAnswer>,
  over: Partial<WarmOptions> = {},
) {
  const sent: WarmRequest[] = []
  const summary = await warm(items(all), {
    send: async (one) => script(sent.push(one), one),
    state: new WarmState(undefined),
    concurrency: 4,
    signal: new AbortController().signal,
    ...over,
  })
  return { summary, sent }
}

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warm-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'state.jsonl')
}

describe('warming', () => {
  it('sends every request once and counts what became of it', async () => {
    const answers: WarmAnswer[] = [
      FILLED,
      { outcome: 'hit' },
      { outcome: 'not stored', costUsd: 0.5 },
      { outcome: 'filled', costUsd: null },
      failure(400, { code: 'invalid_request', message: 'model must be the name of a model.' }),
    ]
    const skipped = { skipped: 'incomplete' }
    const all = [...requests(5), request(0), skipped, skipped]
    const { summary, sent } = await run(all, (call) => answers[call - 1]!)
    expect(sent).toEqual(requests(5))
    expect(summary).toEqual({
      hits: 1,
      filled: 2,
      not_stored: 1,
      failed: { 400: 1 },
      errors: { 400: 'invalid_request: model must be the name of a model.' },
      skipped: { twice: 1, incomplete: 2 },
      cost_usd: 0.75,
      earlier_cost_usd: 0,
      unpriced: 1,
      stopped: null,
    })
  })

  it('has as many requests under way as it may, and reads no further ahead than it must', async () => {
    let [underWay, most, read] = [0, 0, 0]
    const counted = function* () {
      for (const one of requests(40)) {
        read += 1
        yield one
      }
    }
    const ahead: number[] = []
    let call = 0
    await run(
      counted(),
      async () => {
        call += 1
        ahead.push(read - call)
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise(setImmediate)
        underWay -= 1
        return FILLED
      },
      { concurrency: 3 },
    )
    expect(most).toBe(3)
    expect(Math.max(...ahead)).toBeLessThan(12)
  })

  it('begins no more requests a second than it may', async () => {
    vi.useFakeTimers({ now: 1_796_000_000_000 })
    const times: number[] = []
    const running = run(
      requests(5),
      () => {
        times.push(Date.now() - 1_796_000_000_000)
        return FILLED
      },
      { ratePerSecond: 2 },
    )
    await vi.advanceTimersByTimeAsync(10_000)
    await running
    expect(times).toEqual([0, 500, 1_000, 1_500, 2_000])
  })

  it('sends nothing more once the budget is spent, and counts what was under way', async () => {
    const { summary, sent } = await run(requests(20), () => FILLED, {
      budgetUsd: 1,
      concurrency: 1,
    })
    expect(sent).toHaveLength(4)
    expect(summary).toMatchObject({
      filled: 4,
      cost_usd: 1,
      stopped: { reason: 'budget', message: 'The budget of 1 USD is spent.' },
    })
    const parallel = await run(requests(20), () => FILLED, { budgetUsd: 1, concurrency: 4 })
    expect(parallel.sent.length).toBeLessThan(4 + 4)
    expect(parallel.summary.cost_usd).toBe(parallel.sent.length * 0.25)
  })

  it('pauses everything for as long as a 429 says, then sends that request first', async () => {
    vi.useFakeTimers({ now: 0 })
    const times: [string, number][] = []
    const running = run(
      requests(4),
      async (call, { body }) => {
        // Meanwhile the next ones are read and wait.
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
        const [{ content }] = body['messages'] as [{ content: string }]
        times.push([content, Date.now()])
        return call === 2 ? failure(429, { retryAfterMs: 7_000 }) : FILLED
      },
      { concurrency: 1 },
    )
    await vi.advanceTimersByTimeAsync(6_999)
    expect(times).toEqual([
      ['0', 0],
      ['1', 0],
    ])
    await vi.advanceTimersByTimeAsync(1)
    const { summary } = await running
    expect(times.slice(2)).toEqual([
      ['1', 7_000],
      ['2', 7_000],
      ['3', 7_000],
    ])
    expect(summary).toMatchObject({ filled: 4, failed: {} })
  })

  it('waits longer after each 429 that names no time, and gives up on the request at last', async () => {
    vi.useFakeTimers({ now: 0 })
    const times: number[] = []
    const running = run(requests(1), () => {
      times.push(Date.now() / 1_000)
      return failure(429)
    })
    await vi.advanceTimersByTimeAsync(60_000)
    const { summary } = await running
    expect(times).toEqual([0, 1, 3, 7, 15, 31])
    expect(summary).toMatchObject({ failed: { 429: 1 }, stopped: null })
  })

  it.each([
    ['a key that is unknown', failure(401, { code: 'invalid_api_key' })],
    ['a payment that is due', failure(402)],
    ["LiteLLM's budget", failure(429, { code: 'budget_exceeded', retryAfterMs: 1 })],
    ['a limit that ends in a month', failure(429, { retryAfterMs: 2_592_000_000 })],
    ["LiteLLM's budget under its older status", failure(400, { code: 'budget_exceeded' })],
  ])('stops at %s, because every other request would fail, too', async (_, answer) => {
    const { summary, sent } = await run(requests(9), () => answer, { concurrency: 1 })
    expect(sent).toHaveLength(1)
    expect(summary.stopped).toMatchObject({ reason: 'refused' })
  })

  it('goes on after single failures, and stops after ten in a row that no request causes', async () => {
    const single = await run(requests(40), (call) => (call % 2 ? failure(502) : FILLED))
    expect(single.summary).toMatchObject({ filled: 20, failed: { 502: 20 }, stopped: null })
    const own = await run(requests(40), () => failure(504, { code: 'not_in_cache' }))
    expect(own.summary).toMatchObject({ failed: { 504: 40 }, stopped: null })
    for (const status of [503, 'unreachable'] as const) {
      const { summary, sent } = await run(requests(40), () => failure(status), { concurrency: 1 })
      expect(sent).toHaveLength(10)
      expect(summary.stopped).toMatchObject({ reason: 'outage' })
    }
  })

  it('stops paying for answers that no cache has, and does them again another time', async () => {
    const state = new WarmState(undefined)
    const answer = failure('no cache', { costUsd: 0.25 })
    const { summary, sent } = await run(requests(40), () => answer, { concurrency: 1, state })
    expect(sent).toHaveLength(10)
    expect(summary).toMatchObject({ filled: 0, cost_usd: 2.5, stopped: { reason: 'outage' } })
    expect(state.done.size).toBe(0)
  })

  it('ends the requests under way when it is interrupted, and sends nothing more', async () => {
    const interrupted = new AbortController()
    const { summary, sent } = await run(
      requests(20),
      async (call) => {
        if (call === 2) interrupted.abort()
        await Promise.resolve()
        return FILLED
      },
      { concurrency: 2, signal: interrupted.signal },
    )
    expect(sent).toHaveLength(2)
    expect(summary).toMatchObject({ filled: 2, stopped: { reason: 'interrupted' } })
  })

  it('reports that its state cannot be written, and sends nothing more', async () => {
    const state = new WarmState(undefined)
    state.add = () => {
      throw new Error('disk full')
    }
    const sent: unknown[] = []
    const send = async (one: WarmRequest) => {
      sent.push(one)
      return FILLED
    }
    const signal = new AbortController().signal
    const running = warm(items(requests(9)), { send, state, concurrency: 1, signal })
    await expect(running).rejects.toThrow('disk full')
    expect(sent).toHaveLength(1)
  })

  it('reports that its source failed after what was under way has ended', async () => {
    const broken = async function* (): AsyncGenerator<WarmItem> {
      yield { request: request(1) }
      throw new CommandError('MLflow does not answer.', '')
    }
    const state = new WarmState(undefined)
    const signal = new AbortController().signal
    const running = warm(broken(), { send: async () => FILLED, state, concurrency: 1, signal })
    await expect(running).rejects.toThrow('MLflow')
    expect(state.done.size).toBe(1)
  })
})

describe('the state of warming', () => {
  it('lets another run go on where this one stopped, with what it has spent', async () => {
    const file = stateFile()
    const budgetUsd = 1
    const first = await run(requests(6), () => FILLED, {
      state: new WarmState(file),
      budgetUsd,
      concurrency: 1,
    })
    expect(first.summary).toMatchObject({ filled: 4, stopped: { reason: 'budget' } })
    const again = await run(requests(6), () => FILLED, { state: new WarmState(file), budgetUsd })
    expect(again.sent).toEqual([])
    const more = await run(requests(6), () => FILLED, {
      state: new WarmState(file),
      budgetUsd: 2,
    })
    expect(more.sent).toEqual(requests(6).slice(4))
    expect(more.summary).toMatchObject({
      filled: 2,
      skipped: { 'done before': 4 },
      cost_usd: 0.5,
      earlier_cost_usd: 1,
      stopped: null,
    })
  })

  it("does for another key or gateway what is done for one, for its cache is another's", async () => {
    const file = stateFile()
    const filled = (place: string) =>
      run(requests(2), () => FILLED, { state: new WarmState(file, place) })
    expect((await filled('acme')).sent).toHaveLength(2)
    const other = await filled('globex')
    expect(other.sent).toHaveLength(2)
    expect(other.summary.earlier_cost_usd).toBe(0.5)
    expect((await filled('acme')).sent).toEqual([])
    expect(readFileSync(file, 'utf8')).not.toMatch(/acme|globex/)
  })

  it('has failed requests done again', async () => {
    const file = stateFile()
    await run(requests(2), (call) => (call === 1 ? failure(500) : FILLED), {
      state: new WarmState(file),
      concurrency: 1,
    })
    const { sent } = await run(requests(2), () => FILLED, { state: new WarmState(file) })
    expect(sent).toEqual([request(0)])
  })

  it('survives a crash in the middle of a line', async () => {
    const file = stateFile()
    await run(requests(3), () => FILLED, { state: new WarmState(file), concurrency: 1 })
    const whole = readFileSync(file, 'utf8')
    const lines = whole.split('\n')
    for (const kept of [1, 10, 30, lines[2]!.length - 1]) {
      writeFileSync(file, `${lines[0]}\n${lines[1]}\n${lines[2]!.slice(0, kept)}`)
      const { sent } = await run(requests(3), () => FILLED, { state: new WarmState(file) })
      expect(sent).toEqual([request(2)])
      const third = await run(requests(3), () => FILLED, { state: new WarmState(file) })
      expect(third.sent).toEqual([])
    }
  })

  it('leaves a file alone that is not its own', () => {
    const file = stateFile()
    for (const text of ['{"path":"/v1/chat/completions","body":{}}', 'notes', '{"digest":"x"}']) {
      writeFileSync(file, text)
      expect(() => new WarmState(file)).toThrow(CommandError)
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
  })
})
