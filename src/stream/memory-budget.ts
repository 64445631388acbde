/** Counts the bytes held in memory. */
export interface Memory {
  /** Whether the limit is exceeded. */
  readonly isShort: boolean
  take(bytes: number): void
  release(bytes: number): void
}

/** The memory that one request holds. */
export interface Holding extends Memory {
  /** Counts what was too little to count. */
  count(): void
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
   * Closed when the request's signal fires, because after a caller has left, waiting work does not
   * continue. Up to `freeBytes` are not counted until `count` is called: watching the signal costs
   * more than a small request that is answered at once.
   */
  holdingOf(caller: string, request: Pick<Request, 'signal'>, freeBytes = 0): Holding {
    const { byCaller, limitBytes } = this
    const isShort = () => this.isShort || (byCaller.get(caller) ?? 0) > limitBytes / 2
    const count = (bytes: number) => {
      this.take(bytes)
      const held = (byCaller.get(caller) ?? 0) + bytes
      if (held > 0) byCaller.set(caller, held)
      else byCaller.delete(caller)
    }
    const budget: Memory = {
      get isShort() {
        return isShort()
      },
      take: count,
      release: (bytes) => count(-bytes),
    }
    return new Account(budget, freeBytes, this.closesWith(request))
  }

  /** Separate from `holdingOf`, whose scope lives as long as the account and would keep the request. */
  private closesWith(request: Pick<Request, 'signal'>): (account: Account) => void {
    return (account) => {
      const { signal } = request
      // The signal of a caller who has left does not fire again.
      if (signal.aborted) return account.close()
      signal.addEventListener('abort', () => account.close(), { once: true })
      this.gone.register(signal, account)
    }
  }
}

class Account implements Holding {
  private heldBytes = 0
  private isCounted = false
  private isClosed = false
  private readonly budget: Memory
  private readonly freeBytes: number
  private onCounted: ((account: Account) => void) | undefined

  /** `onCounted` is called once, when the first bytes count. It may close the account. */
  constructor(budget: Memory, freeBytes = 0, onCounted?: (account: Account) => void) {
    this.budget = budget
    this.freeBytes = freeBytes
    this.onCounted = onCounted
  }

  get isShort(): boolean {
    return this.budget.isShort
  }

  take(bytes: number): void {
    if (this.isClosed) return
    this.heldBytes += bytes
    if (this.isCounted) this.budget.take(bytes)
    else if (this.heldBytes > this.freeBytes) this.count()
  }

  release(bytes: number): void {
    if (this.isClosed) return
    this.heldBytes -= bytes
    if (this.isCounted) this.budget.release(bytes)
  }

  count(): void {
    if (this.isCounted || this.isClosed) return
    this.isCounted = true
    this.budget.take(this.heldBytes)
    this.onCounted?.(this)
    this.onCounted = undefined // it refers to the request
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    if (this.isCounted) this.budget.release(this.heldBytes)
  }
}
