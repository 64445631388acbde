import { afterEach, describe, expect, it, vi } from 'vitest'
import { Broadcast } from '../../src/coalescing/broadcast.ts'
import type { BroadcastOptions, Follower } from '../../src/coalescing/broadcast.ts'
import { MemoryBudget } from '../../src/stream/memory-budget.ts'

afterEach(() => vi.useRealTimers())

const KILOBYTE = 1_024
const tick = () => new Promise<void>((resume) => setImmediate(resume))

/** A source of 1 KiB chunks that counts how many were read. */
function source(count: number) {
  const state = { given: 0, failing: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.failing) throw new Error('broken')
        if (state.given === count) return controller.close()
        state.given += 1
        controller.enqueue(new Uint8Array(KILOBYTE).fill(state.given))
      },
    },
    { highWaterMark: 0 },
  )
  return { state, stream }
}

function broadcast(count: number, over: Partial<BroadcastOptions> = {}) {
  const { state, stream } = source(count)
  const memory = new MemoryBudget(1_000 * KILOBYTE)
  const options = {
    limitBytes: 100 * KILOBYTE,
    memory,
    idleMs: 30_000,
    now: () => Date.now(),
    ...over,
  }
  return { state, memory: options.memory, made: new Broadcast(stream, options) }
}

/** The first byte of each chunk that the follower still gets. */
async function rest(follower: Follower): Promise<number[]> {
  const seen: number[] = []
  for (;;) {
    const chunk = await follower.next()
    if (chunk === undefined) return seen
    seen.push(chunk[0]!)
  }
}

describe('a broadcast', () => {
  it('sends every follower all chunks, whenever it joins and however it reads', async () => {
    const { made } = broadcast(5)
    const early = made.join()!
    expect((await early.next())?.[0]).toBe(1)
    const late = made.join()!
    expect(await rest(late)).toEqual([1, 2, 3, 4, 5])
    expect(await rest(early)).toEqual([2, 3, 4, 5])
    expect(await rest(made.join()!)).toEqual([1, 2, 3, 4, 5])
  })

  it('errors its followers if its source fails', async () => {
    const { made, state } = broadcast(3, { limitBytes: 0 })
    const follower = made.join()!
    await follower.next()
    state.failing = true
    await expect(rest(follower)).rejects.toThrow('broken')
  })

  it('over its limit refuses followers, drops chunks that all have read and pauses the source', async () => {
    const { made, state, memory } = broadcast(50, { limitBytes: 3 * KILOBYTE })
    const follower = made.join()!
    await tick()
    // The chunk past the limit is the one that shows it.
    expect(state.given).toBe(4)
    expect(made.join()).toBeUndefined()
    await follower.next()
    await tick()
    expect(state.given).toBe(5)
    expect((await rest(follower)).length).toBe(49)
    made.retire()
    expect(memory.isShort).toBe(false)
  })

  it('over its limit drops a follower that is far behind', async () => {
    const { made } = broadcast(20, { limitBytes: 3 * KILOBYTE })
    const [slow, fast] = [made.join()!, made.join()!]
    expect(await rest(fast)).toHaveLength(20)
    await expect(slow.next()).rejects.toThrow('Too far behind')
  })

  it('over its limit keeps followers that are about level, however fast the source is', async () => {
    const { made } = broadcast(50, { limitBytes: 4 * KILOBYTE })
    const [one, other] = [made.join()!, made.join()!]
    const seen = [0, 0]
    for (let n = 0; n < 50; n += 1) {
      for (const [at, follower] of [one, other].entries()) {
        await tick()
        if (await follower.next()) seen[at] = (seen[at] ?? 0) + 1
      }
    }
    expect(seen).toEqual([50, 50])
  })

  it('under its limit waits for the slowest follower', async () => {
    const { made } = broadcast(20)
    const [slow, fast] = [made.join()!, made.join()!]
    await rest(fast)
    expect(await rest(slow)).toHaveLength(20)
  })

  it('without followers ends and holds no more than its limit', async () => {
    const memory = new MemoryBudget(4 * KILOBYTE)
    const { made, state } = broadcast(50, { limitBytes: 3 * KILOBYTE, memory })
    await made.ended
    expect(state.given).toBe(50)
    expect(memory.isShort).toBe(false)
  })

  it('pauses its source past 256 KiB if the shared memory budget is used up', async () => {
    const memory = new MemoryBudget(5 * KILOBYTE)
    memory.take(5 * KILOBYTE)
    const { made, state } = broadcast(400, { memory, limitBytes: 1_000 * KILOBYTE })
    const follower = made.join()!
    await tick()
    // Each broadcast may always hold 256 KiB, so an answer of normal size never waits.
    expect(state.given).toBe(257)
    expect(made.join()).toBeUndefined()
    expect(await rest(follower)).toHaveLength(400)
  })

  it('refuses a follower that would have no room to catch up', async () => {
    let controller!: ReadableStreamDefaultController<Uint8Array>
    const source = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) })
    const made = new Broadcast(source, {
      limitBytes: 10 * KILOBYTE,
      memory: new MemoryBudget(1_000 * KILOBYTE),
      idleMs: 30_000,
      now: () => Date.now(),
    })
    made.join()
    const send = () => controller.enqueue(new Uint8Array(KILOBYTE))
    for (let n = 0; n < 5; n += 1) send()
    await tick()
    expect(made.join()).toBeDefined()
    send()
    await tick()
    expect(made.join()).toBeUndefined()
  })

  it('rejects the reads of a follower that has left', async () => {
    const { made } = broadcast(5)
    const follower = made.join()!
    await follower.next()
    follower.leave()
    await expect(follower.next()).rejects.toThrow()
  })

  it('releases its memory once it is retired and its last follower has finished', async () => {
    const memory = new MemoryBudget(KILOBYTE)
    const { made } = broadcast(1, { memory })
    const follower = made.join()!
    await made.ended
    made.retire()
    memory.take(1)
    expect(memory.isShort).toBe(true)
    await rest(follower)
    expect(memory.isShort).toBe(false)
  })

  it('drops a follower that reads nothing for 30 s, unless there is nothing to read', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const { made } = broadcast(5)
    const [asleep, reading] = [made.join()!, made.join()!]
    await asleep.next()
    vi.advanceTimersByTime(29_999)
    await reading.next()
    vi.advanceTimersByTime(1)
    await expect(asleep.next()).rejects.toThrow('Nothing was read for 30000 ms')
    expect(await rest(reading)).toEqual([2, 3, 4, 5])

    const never = broadcast(5)
    const absent = never.made.join()!
    await never.made.ended
    vi.advanceTimersByTime(30_000)
    await expect(absent.next()).rejects.toThrow('Nothing was read')

    const silent = new Broadcast(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([1])) }),
      {
        limitBytes: KILOBYTE,
        memory: new MemoryBudget(KILOBYTE),
        idleMs: 30_000,
        now: () => Date.now(),
      },
    )
    const patient = silent.join()!
    await patient.next()
    vi.advanceTimersByTime(90_000)
    const waiting = patient.next()
    const outcome = await Promise.race([
      waiting.then(
        () => 'read',
        () => 'lost',
      ),
      tick().then(() => 'waits'),
    ])
    expect(outcome).toBe('waits')
  })
})
