/** Counts what is held in memory. */
export interface Memory {
  /** Whether no more should be held. */
  readonly isShort: boolean
  take(bytes: number): void
  release(bytes: number): void
}

/** What one request holds. */
export interface Holding extends Memory {
  /** Releases all of it; what is taken later does not count. */
  close(): void
}

/** What all that share it may hold together. */
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
   * What one owner holds. A Durable Object that is reset ends in the middle of its work and releases
   * nothing: its account is closed when the owner is collected.
   */
  accountOf(owner: object): Memory {
    const account = new Account(this)
    this.gone.register(owner, account)
    return account
  }

  /**
   * What one request of a caller holds. All requests of one caller hold at most half of the budget. It is
   * closed when the signal fires: after a caller has left, nothing that was waiting goes on.
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
