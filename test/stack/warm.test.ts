import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WarmRequest } from '../../infra/cli/warm-request.ts'
import type { WarmSummary } from '../../infra/cli/warm-run.ts'
import { addresses, send } from './client.ts'
import { edge, edgeJson } from './edge-command.ts'
import { ownGateway } from './own-parts.ts'
import { scriptedProvider } from './scripted-provider.ts'

const CHAT = '/v1/chat/completions'
/** LiteLLM knows its price. */
const PRICED = 'openai/gpt-4o-mini'
const TENANT = `warm-${crypto.randomUUID()}`
const KEY = 'key-of-the-caller'
const ADMIN_KEY = 'admin-of-warm'
const AUTHORIZED = { authorization: `Bearer ${KEY}` }

const provider = scriptedProvider()
let url: string
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warm-'))
  const sha256 = createHash('sha256').update(KEY).digest('hex')
  url = await ownGateway('gateway-warm', {
    AUTH_MODE: 'keys',
    GATEWAY_KEYS: JSON.stringify([{ sha256, tenant: TENANT, limit: 'high' }]),
    ADMIN_KEY,
    QDRANT_COLLECTION: `warm_${crypto.randomUUID()}`,
    // The requests differ only in an id.
    SEMANTIC: 'off',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const body = (over: object = {}) => ({
  model: PRICED,
  messages: [{ role: 'user', content: `Say something. ${crypto.randomUUID()}` }],
  ...over,
})

const here = () => ({ url, env: { EDGE_KEY: KEY, ADMIN_KEY } })
const warm = (...args: string[]) => edgeJson<WarmSummary>(['warm', ...args], here())

function requestsFile(requests: readonly WarmRequest[]): string {
  const file = join(folder, `${crypto.randomUUID()}.jsonl`)
  writeFileSync(file, requests.map((request) => `${JSON.stringify(request)}\n`).join(''))
  return file
}

const fromCache = (asked: object, headers: Record<string, string> = {}) =>
  send(CHAT, asked, {
    url,
    headers: { ...AUTHORIZED, 'cache-control': 'only-if-cached', ...headers },
  })

describe('edge warm', () => {
  it('fills the cache from a file, with what it cost, and finds everything there the next time', async () => {
    const [plain, streamed, apart] = [body(), body({ stream: true }), body({ temperature: 1 })]
    const namespace = { 'x-cache-namespace': 'n' }
    const file = requestsFile([
      { path: CHAT, body: plain },
      { path: CHAT, body: streamed },
      { path: CHAT, body: apart, headers: namespace },
    ])
    const first = await warm(file, '--concurrency', '2')
    expect(first).toMatchObject({ filled: 3, hits: 0, failed: {}, unpriced: 0, stopped: null })
    // The scripted provider always reports the same usage.
    expect(first.cost_usd).toBeGreaterThan(0)
    for (const [asked, headers] of [[plain], [streamed], [apart, namespace]] as const) {
      expect((await fromCache(asked, headers)).status).toBe(200)
    }
    expect((await fromCache(apart)).status).toBe(504)
    const again = await warm(file)
    expect(again).toMatchObject({ filled: 0, hits: 3, cost_usd: 0 })
    expect(provider.asked).toHaveLength(3)
  })

  it('stops when the budget is spent, and goes on with more where it stopped', async () => {
    const file = requestsFile(Array.from({ length: 4 }, () => ({ path: CHAT, body: body() })))
    const state = join(folder, 'state.jsonl')
    const budgeted = (amount: number) =>
      edge(
        [
          '--json',
          'warm',
          file,
          '--state',
          state,
          '--concurrency',
          '1',
          '--budget-usd',
          String(amount),
        ],
        here(),
      )
    const first = await budgeted(1e-9)
    expect(first.code).toBe(1)
    expect(JSON.parse(first.stdout)).toMatchObject({ filled: 1, stopped: { reason: 'budget' } })
    expect(provider.asked).toHaveLength(1)
    const again = await budgeted(1e-9)
    expect(JSON.parse(again.stdout)).toMatchObject({ filled: 0, stopped: { reason: 'budget' } })
    const more = await budgeted(1)
    expect(more.code).toBe(0)
    expect(JSON.parse(more.stdout)).toMatchObject({ filled: 3, skipped: { 'done before': 1 } })
    expect(provider.asked).toHaveLength(4)
    expect(readFileSync(state, 'utf8').trim().split('\n')).toHaveLength(4)
  })

  it("fills the cache again from MLflow's traces of real requests, under the same keys", async () => {
    const schema = { type: 'object', properties: { z: { type: 'string' }, a: { type: 'number' } } }
    const asked = body({
      temperature: 0.25,
      seed: 7,
      logit_bias: {},
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'é 😀 \u2028', parameters: schema },
        },
      ],
      tool_choice: 'none',
      n: 1,
      user: 'ann',
    })
    const headers = { ...AUTHORIZED, 'x-cache-namespace': 'traced' }
    const made = await send(CHAT, asked, { url, headers })
    const key = made.headers.get('x-cache-key')!
    expect([made.status, key]).toEqual([200, expect.any(String)])
    const purged = () => edgeJson<{ matched: number }>(['purge', '--key', key, '--yes'], here())
    // The entry is written after the answer.
    await expect.poll(purged, { timeout: 30_000 }).toMatchObject({ matched: 1 })
    provider.asked.length = 0

    const source = ['--mlflow', addresses.mlflow, '--experiment', addresses.experimentId]
    const replay = () => warm(...source, '--since', '1h', '--tenant', TENANT)
    // The trace arrives in MLflow later. Requests of the other tests are hits.
    await expect
      .poll(replay, { timeout: 30_000, interval: 500 })
      .toMatchObject({ filled: 1, failed: {}, stopped: null })
    expect(provider.asked).toHaveLength(1)
    const hit = await fromCache(asked, { 'x-cache-namespace': 'traced' })
    expect([hit.status, hit.headers.get('x-cache-key')]).toEqual([200, key])
    expect((await replay()).filled).toBe(0)
  })

  it('stops at once if the key is refused, and says so', async () => {
    const file = requestsFile(Array.from({ length: 20 }, () => ({ path: CHAT, body: body() })))
    const env = { EDGE_KEY: 'unknown' }
    const refused = await edge(['warm', file, '--concurrency', '1'], { url, env })
    expect(refused.code).toBe(1)
    expect(refused.stdout).toContain('1 failed with 401: invalid_api_key')
    expect(refused.stdout).toContain('Stopped: The key was refused (401)')
    expect(provider.asked).toEqual([])
  })
})
