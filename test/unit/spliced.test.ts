import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'
import { spliced, splicedLength } from '../../src/stream/spliced.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Text in parts, and edits that don't overlap. */
const cases = fc
  .tuple(
    fc.array(fc.stringMatching(/^[a-z]{0,6}$/), { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.stringMatching(/^[A-Z]{0,3}$/)), { maxLength: 4 }),
  )
  .map(([parts, wanted]) => {
    const { length } = parts.join('')
    const places = wanted
      .flatMap(([a, b]) => [a % (length + 1), b % (length + 1)])
      .sort((a, b) => a - b)
    const edits = wanted.map(([, , put], at) => ({
      start: places[2 * at]!,
      end: places[2 * at + 1]!,
      bytes: bytes(put),
    }))
    // Two at the same place would have no order.
    const distinct = edits.filter(({ start }, at) => at === 0 || start > edits[at - 1]!.end)
    return { parts, edits: distinct }
  })

describe('splicing edits into a body', () => {
  it('gives the edited text, however the body is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ parts, edits }) => {
        const whole = parts.join('')
        fc.pre(whole !== '')
        const expected = edits
          .toReversed()
          .reduce(
            (text, { start, end, bytes: put }) =>
              text.slice(0, start) + new TextDecoder().decode(put) + text.slice(end),
            whole,
          )
        const cut = parts.filter((part) => part !== '').map(bytes)
        expect(splicedLength(cut, edits)).toBe(expected.length)
        expect(await new Response(spliced(cut, edits.toReversed())).text()).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('releases memory as it is read, or when the reader leaves', async () => {
    const memory = new MemoryBudget(4)
    for (const end of ['read', 'left']) {
      memory.take(6)
      const parts = [bytes('ab'), bytes('cd'), bytes('ef')]
      const reader = spliced(parts, [], memory).getReader()
      await reader.read()
      expect(memory.isShort).toBe(false)
      if (end === 'read') while (!(await reader.read()).done);
      else await reader.cancel()
      expect(parts).toHaveLength(0)
      memory.take(4)
      expect(memory.isShort).toBe(false)
      memory.release(4)
    }
  })
})
