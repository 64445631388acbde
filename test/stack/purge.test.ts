import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Erasure } from '../../src/admin/erase.ts'
import type { LookupAnswer } from '../../src/admin/lookup.ts'
import type { Purge } from '../../src/admin/purge.ts'
import { addresses, questionBody, send, unique } from './client.ts'
import { edge, edgeJson } from './edge-command.ts'

const { masterKey, qdrant, keyed } = addresses
const TENANT = createHash('sha256').update(masterKey).digest('hex')
const CALLER = { authorization: `Bearer ${masterKey}` }

/** Asks the gateway for LiteLLM keys. */
const ask = (question: string, headers: Record<string, string> = {}) =>
  send('/v1/chat/completions', questionBody(question), {
    url: keyed,
    headers: { ...CALLER, ...headers },
    label: question,
  })

/** A new question whose answer is in Qdrant, and not only in memory. */
async function stored(question: string, headers: Record<string, string> = {}) {
  const asked = await unique(question)
  const answer = await ask(asked, headers)
  const key = answer.headers.get('x-cache-key')!
  await eventually(async () => {
    const { entries } = await edgeJson<{ entries: unknown[] }>(['entries', '--key', key])
    return entries.length === 1
  })
  return { asked, key, id: idOf(answer.text) }
}

/** Waits for what happens after an answer. Throws if it does not happen. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    if (await isSo()) return
    await new Promise((resume) => setTimeout(resume, 150))
  }
  throw new Error('It has not happened.')
}

const idOf = (text: string) => (JSON.parse(text) as { id: string }).id

/** The points of LiteLLM's collection that hold the answer with this id. */
async function inLiteLlms(id: string): Promise<number> {
  const response = await fetch(`${qdrant}/collections/litellm_semantic_cache/points/scroll`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ limit: 10_000, with_payload: true }),
  })
  const { result } = (await response.json()) as {
    result: { points: { payload: { response: string } }[] }
  }
  return result.points.filter(({ payload }) => payload.response.includes(id)).length
}

/** LiteLLM stores an answer after it has answered. */
const untilInLiteLlms = (id: string) => eventually(async () => (await inLiteLlms(id)) > 0)

describe('the command, against the real stack', () => {
  it('finds, purges and so refreshes the answer to a request, also in LiteLLM', async () => {
    const { asked, key, id } = await stored('Name a colour of the rainbow.')
    await untilInLiteLlms(id)
    const body = JSON.stringify(questionBody(asked))
    const lookup = () =>
      edgeJson<LookupAnswer>(['lookup', '-', '--tenant', TENANT], { input: body })
    expect((await lookup()).inputs).toMatchObject([{ key, state: 'fresh' }])
    const purged = await edgeJson<Purge>(['purge', '--key', key, '--yes'])
    expect(purged).toMatchObject({ matched: 1, semantic: { incomplete: null } })
    expect(purged.semantic.purged).toBeGreaterThan(0)
    expect(await inLiteLlms(id)).toBe(0)
    expect((await lookup()).inputs).toMatchObject([{ key, state: 'absent' }])
    const again = await ask(asked)
    expect(again.headers.get('x-cache')).toBe('miss')
    expect(idOf(again.text)).not.toBe(id)
  })

  it('deletes the answers of a label only, and shows before what it would delete', async () => {
    const label = { 'x-cache-tags': `release-${crypto.randomUUID()}` }
    const tag = label['x-cache-tags']
    const [one, other] = [
      await stored('Name a planet.', label),
      await stored('Name a metal.', label),
    ]
    const spared = await stored('Name a tree.')
    const planned = await edge(['purge', '--tag', tag, '--dry-run'])
    expect(planned.stdout).toContain('2 entries would be deleted.')
    for (const { key } of [one, other]) expect(planned.stdout).toContain(key)
    const refused = await edge(['purge', '--tag', tag])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Add --yes')])
    expect((await edgeJson<Purge>(['purge', '--tag', tag, '--yes'])).matched).toBe(2)
    expect((await ask(spared.asked)).headers.get('x-cache')).toBe('exact-hit')
  })

  it('lists and counts entries without content', async () => {
    const { key, asked } = await stored('Name a river.')
    const listed = await edge(['entries', '--key', key])
    expect(listed.stdout).toMatch(new RegExp(`^KEY .*\\n${key} .*local-chat-model`))
    expect(listed.stdout).not.toContain(asked)
    expect((await edge(['entries', '--key', key, '--content'])).stdout).toContain(asked)
    const counted = await edge(['count', '--by', 'model', '--tenant', TENANT])
    expect(counted.stdout).toMatch(/^MODEL +ENTRIES\n(?:.*\n)*?local-chat-model +\d+\n/)
  })

  it('erases a tenant in both collections, and says what it cannot reach', async () => {
    const { key, id } = await stored('Name a bird.')
    await untilInLiteLlms(id)
    const erased = await edgeJson<Erasure>(['erase', '--tenant', TENANT, '--yes'])
    expect(erased.done).toBe(true)
    for (const { erased: count } of erased.reached.slice(0, 2)) expect(count).toBeGreaterThan(0)
    expect(await inLiteLlms(id)).toBe(0)
    const { stdout } = await edge(['entries', '--key', key])
    expect(stdout).toContain('No entries.')
    expect(erased.not_reached.map(({ what }) => what)).toContain('traces in MLflow')
  })

  it.each<[string, string[], Record<string, string>, string]>([
    ['without a key', ['entries'], { ADMIN_KEY: '' }, 'Set ADMIN_KEY in the environment'],
    ['with a wrong key', ['entries'], { ADMIN_KEY: 'wrong' }, "Set ADMIN_KEY to the gateway's"],
    ['without a gateway', ['entries', '--url', 'http://127.0.0.1:9'], {}, 'name it with --url'],
    ['with no filter', ['purge', '--yes'], {}, '--key, --tag'],
    ['with a duration that is none', ['purge', '--older-than', 'soon'], {}, '90s, 15m'],
    ['with an unknown option', ['purge', '--tga', 'x'], {}, '--help'],
  ])('says how to cure a call %s', async (_, args, env, cure) => {
    const { code, stderr, stdout } = await edge(args, { env })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(cure)
    expect(stderr).not.toMatch(/at .*\.ts|node:internal/)
  })
})
