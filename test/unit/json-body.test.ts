import { describe, expect, it } from 'vitest'
import { JsonScanner } from '../../src/cache/json-scanner.ts'
import { IncomingBody } from '../../src/middleware/incoming-body.ts'
import { JsonBody } from '../../src/middleware/json-body.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'

const NODES = 1_000
const BUDGET = 400_000

/** A body over 64 KiB that has arrived and counts. */
function arrived() {
  const memory = new MemoryBudget(BUDGET)
  const held = memory.holdingOf('a key', new AbortController())
  const body = new IncomingBody({
    maxBytes: 1_000_000,
    memory: held,
    scanner: () => new JsonScanner(),
  })
  body.push(new TextEncoder().encode(`{"x":"${'y'.repeat(100_000)}","model":"a"}`))
  return { memory, held, body: new JsonBody(body.end(), NODES, { model: 'b' }, held) }
}

describe('a JSON body', () => {
  it('is parsed once, with the members that replace its own', () => {
    const { body } = arrived()
    expect(body.value).toMatchObject({ model: 'b' })
    expect(body.value).toBe(body.value)
  })

  it('is a 503 while memory is short, and holds nothing more for it', () => {
    const { memory, body } = arrived()
    memory.take(BUDGET)
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(() => body.value).toThrow(expect.objectContaining({ code: 'overloaded' }))
    }
    memory.release(BUDGET)
    memory.take(BUDGET - 100_030)
    expect(memory.isShort).toBe(false)
    memory.release(BUDGET - 100_030)
    expect(body.value).toMatchObject({ model: 'b' })
  })
})
