import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryTier } from '../../src/store/memory.ts'
import { entry } from '../contract/store-contract.ts'

const copy = (characters: number) => ({
  entry: entry({ body: 'x'.repeat(characters) }),
  validUntil: 1,
})
/** The bytes that a copy with a body of `characters` counts as. */
const size = (characters: number) => characters * 2 + 2_048

describe('the memory tier', () => {
  it('evicts the least recently used copies at its limit in bytes', async () => {
    const tier = memoryTier(3 * size(1_000))
    for (const id of ['a', 'b', 'c']) await tier.set(id, copy(1_000))
    await tier.get('a')
    await tier.set('d', copy(1_000))
    const left = async (id: string) => (await tier.get(id)) !== undefined
    expect([await left('a'), await left('b'), await left('c'), await left('d')]).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  it('evicts as many copies as a large one needs, and refuses one over the limit', async () => {
    const tier = memoryTier(3 * size(1_000))
    for (const id of ['a', 'b', 'c']) await tier.set(id, copy(1_000))
    await tier.set('large', copy(3_000))
    expect(await tier.get('large')).toBeDefined()
    expect(await tier.get('b')).toBeUndefined()
    await tier.set('too large', copy(10_000))
    expect(await tier.get('too large')).toBeUndefined()
    expect(await tier.get('large')).toBeDefined()
  })

  it('forgets the old copy if the new one is too large', async () => {
    const tier = memoryTier(size(10))
    await tier.set('a', copy(10))
    await tier.set('a', copy(11))
    expect(await tier.get('a')).toBeUndefined()
  })

  it('never holds more than its limit', async () => {
    const limit = size(2_000)
    const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(3_000)))
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        const tier = memoryTier(limit)
        for (const [id, characters] of all) await tier.set(id, copy(characters))
        const held = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => tier.get(id)))
        const bytes = held.reduce(
          (sum, one) => sum + (one === undefined ? 0 : size(one.entry.body.length)),
          0,
        )
        expect(bytes).toBeLessThanOrEqual(limit)
        // The last write is there, unless it alone exceeds the limit.
        const [last, characters] = all.at(-1) ?? ['', Infinity]
        if (size(characters) <= limit) expect(await tier.get(last)).toBeDefined()
      }),
    )
  })
})
