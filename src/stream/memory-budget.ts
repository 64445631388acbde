/** Counts the bytes held in memory. */
export interface Memory {
  /** Whether the limit is exceeded. */
  readonly isShort: boolean
  take(bytes: number): void
  release(bytes: number): void
}

/** The memory that one request holds. */
export interface Holding extends Memory {
  /** Releases all of it. Later calls count nothing. */
  close(): void
}

/** The memory budget of an isolate. */
export class MemoryBudget implements Memory {
  private heldBytes = 0
  private readonly byCaller = new Map<string, number>()
  private readonly limitBytes: number
  private readonly gone = new FinalizationRegistry<Account>((account) => account.close())

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get isShort(): boolean {
    return this.heldBytes > this.limitBytes
  }

  take(bytes: number): void {
    this.heldBytes += bytes
  }

  release(bytes: number): void {
    this.heldBytes -= bytes
  }

  /**
   * The memory that one owner holds. A Durable Object that is reset releases nothing by itself, so
   * its account is closed when the owner is garbage-collected.
   */
  accountOf(owner: object): Memory {
    const account = new Account(this)
    this.gone.register(owner, account)
    return account
  }

  /**
   * The memory that one request holds. All requests of one caller may hold half of the budget.
   * Closed when the signal fires, because after a caller has left, waiting work does not continue.
   */
  holdingOf(caller: string, signal: AbortSignal): Holding {
    const { byCaller, limitBytes } = this
    const isShort = () => this.isShort || (byCaller.get(caller) ?? 0) > limitBytes / 2
    const count = (bytes: number) => {
      this.take(bytes)
      const held = (byCaller.get(caller) ?? 0) + bytes
      if (held > 0) byCaller.set(caller, held)
      else byCaller.delete(caller)
    }
    const account = new Account({
      get isShort() {
        return isShort()
      },
      take: count,
      release: (bytes) => count(-bytes),
    })
    signal.addEventListener('abort', () => account.close(), { once: true })
    this.gone.register(signal, account)
    return account
  }
}

class Account implements Holding {
  private heldBytes = 0
  private isClosed = false
  private readonly budget: Memory

  constructor(budget: Memory) {
    this.budget = budget
  }

  get isShort(): boolean {
    return this.budget.isShort
  }

  take(bytes: number): void {
    if (this.isClosed) return
    this.heldBytes += bytes
    this.budget.take(bytes)
  }

  release(bytes: number): void {
    if (this.isClosed) return
    this.heldBytes -= bytes
    this.budget.release(bytes)
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.budget.release(this.heldBytes)
  }
}
