import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { recordsIn } from './batch.ts'
import type { Batch } from './batch.ts'
import type { LedgerStub } from './ledger.ts'
import { mergeReports, mergeTotals } from './merge.ts'
import { monthOf } from './month.ts'
import type { LedgerReader } from './report.ts'
import { shardOf, splitByShard } from './shards.ts'

/** The Durable Object namespace of the ledger. */
export interface LedgerNamespace {
  getByName(name: string): LedgerStub
  jurisdiction(name: string): LedgerNamespace
}

export interface LedgerClientOptions {
  readonly namespace: LedgerNamespace
  /** The number of Durable Objects that the tenants are spread over. */
  readonly shards: number
  /** How long one call to one shard may take. */
  readonly timeoutMs: number
}

/** Sends to the ledger, and knows what the judge has cost. */
export interface LedgerWriter {
  /** Adds a batch. Rejects with `BatchLost` if a shard fails; a batch is never sent twice. */
  send(batch: Batch): Promise<void>
  /** What the judge cost a tenant in the calendar month (UTC) of an instant, in USD. */
  judgeSpend(tenant: string, nowMs: number): Promise<number>
}

/** Parts of a batch did not arrive, or came too late to know. */
export class BatchLost extends Error {
  override readonly name = 'BatchLost'
  /** The parts, one for each shard. */
  readonly batches: number
  /** The requests and decisions in them. */
  readonly records: number
  /** Their counters, to be sent with another batch. */
  readonly events: Batch['events']
  readonly gauges: Batch['gauges']
  constructor(lost: readonly Batch[], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.batches = lost.length
    this.records = lost.reduce((sum, batch) => sum + recordsIn(batch), 0)
    this.events = lost.flatMap(({ events }) => events)
    this.gauges = lost.flatMap(({ gauges }) => gauges)
  }
}

/** Sends each tenant's rows to its own shard. */
export function ledgerWriter(options: LedgerClientOptions): LedgerWriter {
  return {
    async send(batch) {
      const parts = [...splitByShard(batch, options.shards)]
      const sent = await Promise.allSettled(
        parts.map(([shard, part]) => ask(options, shard, (stub) => stub.add(part))),
      )
      const failed = sent.findIndex(({ status }) => status === 'rejected')
      if (failed < 0) return
      const lost = parts.filter((_, at) => sent[at]?.status === 'rejected').map(([, part]) => part)
      throw new BatchLost(lost, (sent[failed] as PromiseRejectedResult).reason)
    },
    judgeSpend: (tenant, nowMs) =>
      ask(options, shardOf(tenant, options.shards), (stub) =>
        stub.judgeSpend(tenant, monthOf(nowMs)),
      ),
  }
}

/**
 * Reads all shards, also for one tenant: its older rows may be in another shard if the number of
 * shards was raised. Rejects if one is late.
 */
export function ledgerReader(options: LedgerClientOptions): LedgerReader {
  const askAll = <Answer>(call: (stub: LedgerStub) => PromiseLike<Answer>) =>
    Promise.all(
      Array.from({ length: options.shards }, (_, shard) => ask(options, shard, call)),
    ) as Promise<[Answer, ...Answer[]]>
  return {
    report: async (query) => mergeReports(await askAll((stub) => stub.report(query))),
    totals: async () => mergeTotals(await askAll((stub) => stub.totals())),
  }
}

function ask<Answer>(
  { namespace, timeoutMs }: LedgerClientOptions,
  shard: number,
  call: (stub: LedgerStub) => PromiseLike<Answer>,
): Promise<Answer> {
  return withTimeout(timeoutMs, (late) =>
    untilAborted(call(namespace.getByName(`ledger:${shard}`)), late),
  )
}
