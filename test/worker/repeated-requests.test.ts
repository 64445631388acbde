import { afterEach, describe, expect, it, vi } from 'vitest'
import { JsonScanner } from '../../src/cache/json-scanner.ts'
import { chat, gateway } from '../support/gateway.ts'
import { NOW, ownedKeys } from '../support/owned-keys.ts'

const CHAT = '/v1/chat/completions'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A gateway that has answered this request, and knows it. */
async function repeated(body: Record<string, unknown> = chat()) {
  const used = gateway()
  for (const outcome of ['miss', 'exact-hit']) {
    const answer = await used.post(CHAT, body)
    expect(answer.headers.get('x-cache')).toBe(outcome)
    await answer.text()
    await used.settled()
  }
  return used
}

describe('a repeated request', () => {
  it('is neither scanned nor parsed to be answered from memory', async () => {
    const { post } = await repeated()
    const scan = vi.spyOn(JsonScanner.prototype, 'push')
    const parse = vi.spyOn(JSON, 'parse')
    await post(CHAT, chat())
    expect(scan).not.toHaveBeenCalled()
    expect(parse).not.toHaveBeenCalled()
    await post(CHAT, chat({ seed: 1 }))
    expect(scan).toHaveBeenCalled()
    expect(parse).toHaveBeenCalled()
  })

  it.each<[Record<string, string>, string]>([
    [{ 'cache-control': 'no-cache' }, 'refresh'],
    [{ 'cache-control': 'no-store' }, 'bypass'],
    [{ 'cache-control': 'min-fresh=100000' }, 'miss'],
    [{ 'x-cache-namespace': 'another' }, 'miss'],
    [{ 'anthropic-version': '2023-06-01' }, 'miss'],
    [{ 'anthropic-beta': 'b' }, 'miss'],
    [{ 'openai-beta': 'b' }, 'miss'],
    [{ 'x-cache-ttl': '1' }, 'exact-hit'],
    [{ 'x-cache-tags': 'a' }, 'exact-hit'],
    [{ 'x-cache-semantic': 'off' }, 'exact-hit'],
  ])('obeys %j although its body is known', async (headers, outcome) => {
    const { post } = await repeated()
    const answer = await post(CHAT, chat(), headers)
    expect(answer.headers.get('x-cache')).toBe(outcome)
  })

  it.each<[Record<string, string>, string]>([
    [{ 'x-cache-ttl': 'soon' }, 'x-cache-ttl'],
    [{ 'x-cache-semantic': 'maybe' }, 'x-cache-semantic'],
    [{ 'cache-control': 'max-age=old' }, 'cache-control: max-age'],
  ])('is refused with %j, which is malformed', async (headers, param) => {
    const { post } = await repeated()
    const answer = await post(CHAT, chat(), headers)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { param } })
  })

  it('is another one with another api-version, or another model in the path', async () => {
    const { post } = await repeated()
    const paths = [
      `${CHAT}?api-version=1`,
      `${CHAT}?api-version=2`,
      '/openai/deployments/gpt-other/chat/completions',
    ]
    for (const path of [...paths, ...paths]) await (await post(path, chat())).text()
    const outcomes = paths.map(async (path) =>
      (await post(path, chat())).headers.get('x-cache-key'),
    )
    expect(new Set(await Promise.all(outcomes)).size).toBe(paths.length)
  })

  it('goes upstream with the same body if the cache has no answer', async () => {
    const { post, litellm } = await repeated(chat({ metadata: { tags: ['a'] }, seed: 7 }))
    const body = chat({ metadata: { tags: ['a'] }, seed: 7 })
    await post(CHAT, body, { 'cache-control': 'no-cache' })
    await post(CHAT, body, { 'cache-control': 'no-cache' })
    expect(litellm.asked).toHaveLength(3)
    expect(new Set(litellm.asked.map(({ text }) => text)).size).toBe(1)
  })

  it('is refused each time if it was refused once', async () => {
    const { post, litellm } = gateway()
    const answers = [1, 2].map(() => post(CHAT, chat({ mock_response: 'no' })))
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(400)
    expect(litellm.asked).toEqual([])
  })

  it("uses the caller's new tenant after the caller has moved", async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
    const { issue, outcome, at, owners, tenants } = ownedKeys('team')
    const key = issue({ team_id: 'red' })
    expect([await outcome(key), await outcome(key)]).toEqual(['miss', 'exact-hit'])
    owners.set(key, { team_id: 'blue' })
    at(600_000)
    expect([await outcome(key), await outcome(key)]).toEqual(['miss', 'exact-hit'])
    expect(tenants().toSorted()).toEqual(['team:blue', 'team:red'])
  })

  it("is another caller's first request", async () => {
    const { issue, outcome } = ownedKeys('key')
    const [alice, bob] = [issue({}), issue({})]
    expect([await outcome(alice), await outcome(alice)]).toEqual(['miss', 'exact-hit'])
    expect(await outcome(bob)).toBe('miss')
  })
})
