import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { explaining } from '../support/explaining.ts'
import { verdict } from '../support/fake-litellm.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { chat } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const FIRST = 'How far is it from Lyon to Paris?'
const SECOND = 'What is the distance between Lyon and Paris?'

fixedClock(1_790_000_000_000, { warnings: false })

/** A gateway that records requests in real Durable Objects, whose callers know their requests' ids. */
function reporting(options: GatewayOptions = {}) {
  const made = explaining({ answer: credulous(), ...options })
  made.litellm.judge = () => verdict(0.98)
  const ask = async (content: string, headers: Record<string, string> = {}) => {
    const messages = [{ role: 'user', content }]
    const { answer, outcome } = await made.ask(chat({ messages }), headers)
    return { outcome, id: answer.headers.get('x-request-id')! }
  }
  const report = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await made.post('/v1/cache/report', body, headers)
    return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
  }
  return { ...made, ask, report }
}

describe('a report by request id', () => {
  it('deletes the answer that the request got, and no other', async () => {
    const { ask, report } = reporting()
    const apart = { 'x-cache-semantic': 'off' }
    const { id } = await ask(FIRST, apart)
    await ask(SECOND, apart)
    expect(await report({ request_id: id })).toMatchObject({ status: 200, purged: 1 })
    expect((await ask(SECOND, apart)).outcome).toBe('exact-hit')
    expect((await ask(FIRST, apart)).outcome).toBe('miss')
  })

  it.each([{}, { CACHE_SEMANTIC_HITS: 'false' }])(
    'on a semantic hit refuses its pair from now on, stored or not (%o)',
    async (env) => {
      const { ask, report } = reporting({ env })
      await ask(FIRST)
      const { outcome, id } = await ask(SECOND)
      expect(outcome).toBe('semantic-hit')
      const reported = await report({ request_id: id })
      expect(reported).toMatchObject({ status: 200, layer: 'semantic', pair_refused: true })
      expect((await ask(SECOND)).outcome).toBe('miss')
    },
  )

  it("does not find another tenant's request, nor one of more than an hour ago", async () => {
    const { ask, report } = reporting()
    const { id } = await ask(FIRST)
    const unknown = { status: 400, error: { param: 'request_id' } }
    const other = { authorization: 'Bearer sk-other' }
    expect(await report({ request_id: id }, other)).toMatchObject(unknown)
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(await report({ request_id: id })).toMatchObject(unknown)
  })

  it('by an operator needs the tenant, and finds the same', async () => {
    const { ask, post, key } = reporting({ env: { ADMIN_KEY: 'admin' } })
    const { id } = await ask(FIRST)
    const admin = { authorization: 'Bearer admin' }
    const body = { request_id: id, tenant: await sha256(key) }
    const answer = await post('/admin/report', body, admin)
    expect([answer.status, await answer.json()]).toMatchObject([200, { purged: 1 }])
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('miss')
  })
})
