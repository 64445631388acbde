import { batchSchema, storedName } from './batch.ts'
import type { Batch } from './batch.ts'
import { LedgerStorage } from './ledger-storage.ts'
import type { SqlStorageArea } from './ledger-storage.ts'
import type { Report, ReportQuery, Totals } from './report.ts'
import { PRUNE_INTERVAL_MS } from './retention.ts'

/** The storage of a Durable Object, with its one alarm. */
export interface LedgerState extends SqlStorageArea {
  getAlarm(): Promise<number | null>
  setAlarm(at: number): Promise<void>
}

/** One shard of the ledger. Checks what it is sent, and prunes itself by an alarm. */
export class Ledger {
  private readonly storage: LedgerStorage
  private readonly state: LedgerState
  private readonly now: () => number
  /** When the alarm goes off, epoch ms; undefined if that is not known yet. */
  private alarmAt: number | undefined

  constructor(state: LedgerState, now: () => number) {
    this.state = state
    this.now = now
    this.storage = new LedgerStorage(state, now)
  }

  /** Adds a batch. Rejects one that does not parse, of which nothing is added. */
  async add(batch: unknown): Promise<void> {
    const parsed = batchSchema.safeParse(batch)
    if (!parsed.success) {
      throw new Error(`ledger batch refused: ${parsed.error.issues[0]?.path.join('.')}`)
    }
    await this.arm()
    this.storage.add(parsed.data)
  }

  /** What this shard counted in a time range. */
  report(query: ReportQuery): Report {
    return this.storage.report(query)
  }

  /** What this shard counted since its beginning. */
  totals(): Totals {
    return this.storage.totals()
  }

  /** What the judge cost a tenant in a month (`2026-11`, UTC), in USD. */
  judgeSpend(tenant: string, month: string): number {
    return this.storage.judgeSpend(storedName(tenant), month)
  }

  /** Prunes; the next alarm is due when the next row is too old. */
  async alarm(): Promise<void> {
    this.storage.prune()
    const dueAt = this.storage.dueAt()
    this.alarmAt = dueAt === undefined ? 0 : Math.max(dueAt, this.now() + PRUNE_INTERVAL_MS)
    if (dueAt !== undefined) await this.state.setAlarm(this.alarmAt)
  }

  /** Makes sure that the alarm goes off soon, since new rows may be too many. */
  private async arm(): Promise<void> {
    const now = this.now()
    this.alarmAt ??= (await this.state.getAlarm()) ?? 0
    if (this.alarmAt > now && this.alarmAt <= now + PRUNE_INTERVAL_MS) return
    this.alarmAt = now + PRUNE_INTERVAL_MS
    await this.state.setAlarm(this.alarmAt)
  }
}

/** The same, called over RPC: a Durable Object stub. */
export interface LedgerStub {
  add(batch: Batch): PromiseLike<void>
  report(query: ReportQuery): PromiseLike<Report>
  totals(): PromiseLike<Totals>
  judgeSpend(tenant: string, month: string): PromiseLike<number>
}
