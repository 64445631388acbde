import { describe, expect, it } from 'vitest'
import { endUserTenant } from '../../src/cache/tenant.ts'
import { endedBefore, semanticNamespace, tenantDigits } from '../../src/semantic/namespace.ts'

const identity = (tenant = 'acme') => ({
  tenant,
  path: '/v1/chat/completions',
  namespace: '',
  body: { model: 'm', messages: [{ role: 'user', content: 'Why is the sky blue?' }] },
})
const HOUR = 1_790_000_000_000

/** The instant at which a namespace ends, in epoch seconds. */
const endOf = (namespace: string) => Number(namespace.split('-')[1])

describe('the semantic namespace', () => {
  it('lasts one TTL and ends at the second in its name', async () => {
    const first = await semanticNamespace(identity(), 60, HOUR)
    const end = endOf(first) * 1000
    expect(end).toBeGreaterThan(HOUR)
    expect(end).toBeLessThanOrEqual(HOUR + 60_000)
    expect(await semanticNamespace(identity(), 60, end - 60_000)).toBe(first)
    expect(await semanticNamespace(identity(), 60, end - 1)).toBe(first)
    expect(endOf(await semanticNamespace(identity(), 60, end))).toBe(endOf(first) + 60)
  })

  it('ends at a phase given by its digest, so that not all end at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        semanticNamespace({ ...identity(), namespace: `${at}` }, 1_800, HOUR),
      ),
    )
    const phases = all.map((one) => endOf(one) % 1_800)
    expect(new Set(phases).size).toBeGreaterThan(40)
    // The last 32 bits of the digest, modulo the TTL.
    for (const one of all) {
      expect(endOf(one) % 1_800).toBe(Number.parseInt(one.slice(56, 64), 16) % 1_800)
    }
  })

  it("differs for everything that can change an answer, except the last message's text", async () => {
    const base = identity()
    const [{ content: _, ...last }] = base.body.messages as [{ role: string; content: string }]
    const others = [
      { ...base, tenant: 'globex' },
      { ...base, path: `${base.path}?api-version=1` },
      { ...base, namespace: 'n' },
      { ...base, headers: { 'openai-beta': 'x' } },
      { ...base, body: { ...base.body, temperature: 0 } },
      { ...base, body: { ...base.body, messages: [{ ...last, content: 'x', name: 'ann' }] } },
      { ...base, body: { ...base.body, messages: [last, ...base.body.messages] } },
    ]
    const all = [base, ...others].map((one) => semanticNamespace(one, 60, HOUR))
    expect(new Set(await Promise.all(all)).size).toBe(others.length + 1)
  })

  it('is the same for another wording and for members that do not count in the key', async () => {
    const base = identity()
    const messages = [{ role: 'user', content: 'What makes the sky blue?' }]
    const body = { ...base.body, messages, stream: true, user: 'ann', metadata: { trace: 't' } }
    expect(await semanticNamespace({ ...base, body }, 60, HOUR)).toBe(
      await semanticNamespace(base, 60, HOUR),
    )
  })

  it("begins with its tenant's digits, and an end user's with those of both", async () => {
    const ofUser = endUserTenant('acme', 'ann')
    const [acme, ann] = await Promise.all(['acme', ofUser].map(tenantDigits))
    expect(ann!.startsWith(acme!)).toBe(true)
    expect(ann).not.toBe(acme)
    expect(await semanticNamespace(identity(), 60, HOUR)).toMatch(new RegExp(`^${acme}`))
    expect(await semanticNamespace(identity(ofUser), 60, HOUR)).toMatch(new RegExp(`^${ann}`))
    const others = ['acme2', '["acme"]', endUserTenant('acme', 'bob'), endUserTenant('x', 'ann')]
    for (const other of await Promise.all(others.map(tenantDigits))) {
      expect(other.startsWith(ann!)).toBe(false)
    }
  })

  it('differs for another TTL', async () => {
    const digests = [1_799, 1_800].map(async (ttl) =>
      (await semanticNamespace(identity(), ttl, HOUR)).slice(0, 64),
    )
    const [one, other] = await Promise.all(digests)
    expect(one).not.toBe(other)
  })

  it('is over after its second, while a cache key in another form never is', async () => {
    const namespace = await semanticNamespace(identity(), 60, 90_000)
    const end = endOf(namespace)
    expect(namespace).toMatch(/^[0-9a-f]{64}-\d+$/)
    expect(endedBefore(`${namespace}:abc`, end)).toBe(false)
    expect(endedBefore(`${namespace}:abc`, end + 1)).toBe(true)
    for (const name of ['abc', 'ns:abc', 'f'.repeat(64), `x${namespace}:abc`, namespace]) {
      expect(endedBefore(name, 1e12)).toBe(false)
    }
  })
})
