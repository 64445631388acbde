/** Counts what is held in memory. */
export interface Memory {
  /** Whether no more should be held. */
  readonly isShort: boolean
  take(bytes: number): void
  release(bytes: number): void
}

/** What all that share it may hold together. */
export class MemoryBudget implements Memory {
  private heldBytes = 0
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
}

class Account implements Memory {
  private heldBytes = 0
  private isClosed = false
  private readonly budget: MemoryBudget

  constructor(budget: MemoryBudget) {
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
    this.budget.release(this.heldBytes)
    this.isClosed = true
  }
}
