/** What all that share it may hold together. */
export class MemoryBudget {
  private heldBytes = 0
  private readonly limitBytes: number
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
}
