/** Reads the real event loop, before timers are replaced. */
const realImmediate = setImmediate

interface Timer {
  readonly at: number
  /** Timers of the same instant run in the order in which they were set. */
  readonly order: number
  run: (() => void) | undefined
}

const isBefore = (one: Timer, other: Timer) =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/**
 * A clock that jumps from timer to timer. While it is installed, `setTimeout` and `clearTimeout` are
 * its own, so the time limits of the code under simulation follow it and nothing sleeps.
 */
export class VirtualTime {
  /** Epoch ms. */
  now: number
  private set = 0
  /** A binary heap, the earliest timer first. */
  private readonly heap: Timer[] = []

  constructor(start: number) {
    this.now = start
  }

  /** Replaces the global timers; returns what puts them back. */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0) => this.at(this.now + ms, run),
      clearTimeout: (timer: Timer | undefined) => {
        if (timer !== undefined) timer.run = undefined
      },
    })
    return () => void Object.assign(globalThis, { setTimeout, clearTimeout })
  }

  /** Runs `run` at an instant, epoch ms, cut to a whole one as `Date.now()` is. */
  at(instant: number, run: () => void): Timer {
    const timer = { at: Math.floor(instant), order: (this.set += 1), run }
    this.push(timer)
    return timer
  }

  after(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve))
  }

  /** Runs all timers in order. After each, everything that it set off runs as far as it can. */
  async run(): Promise<void> {
    for (let timer = this.pop(); timer !== undefined; timer = this.pop()) {
      if (timer.run === undefined) continue
      this.now = timer.at
      timer.run()
      await new Promise((resume) => realImmediate(resume))
    }
  }

  private push(timer: Timer): void {
    const { heap } = this
    let place = heap.length
    heap.push(timer)
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(timer, heap[parent]!)) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = timer
  }

  private pop(): Timer | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      const left = 2 * place + 1
      const right = left + 1
      if (left >= heap.length) break
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left
      if (!isBefore(heap[child]!, last)) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = last
    return first
  }
}
