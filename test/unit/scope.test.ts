import { describe, expect, it } from 'vitest'
import { endedBefore, semanticScope } from '../../src/semantic/scope.ts'

describe('the name of a stretch of time', () => {
  it('tells when it is over; what is no such name is never over', async () => {
    const identity = { tenant: 'acme', path: '/v1/chat/completions', namespace: '', body: {} }
    const scope = await semanticScope(identity, 60, 90_000)
    expect(scope).toMatch(/^[0-9a-f]{64}-120$/)
    expect(endedBefore(`${scope}:abc`, 120)).toBe(false)
    expect(endedBefore(`${scope}:abc`, 121)).toBe(true)
    for (const name of ['abc', 'ns:abc', 'f'.repeat(64), `x${scope}:abc`, scope]) {
      expect(endedBefore(name, 1e12)).toBe(false)
    }
  })
})
