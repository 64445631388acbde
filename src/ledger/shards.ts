import { storedName } from './batch.ts'
import type { Batch } from './batch.ts'

/** The shard that has what belongs to no tenant. */
const FIRST_SHARD = 0

/** The shard that counts a tenant. All of its rows are in one object, which knows its spend. */
export function shardOf(tenant: string, shards: number): number {
  return fnv1a(storedName(tenant)) % shards
}

/** A batch for each shard that it concerns. Events and gauges go to the first one. */
export function splitByShard(batch: Batch, shards: number): Map<number, Batch> {
  const parts = new Map<number, Batch>()
  const part = (shard: number): Batch => {
    const known = parts.get(shard) ?? emptyBatch()
    parts.set(shard, known)
    return known
  }
  const partOf = ({ tenant }: { readonly tenant: string }) => part(shardOf(tenant, shards))
  for (const cell of batch.requests) partOf(cell).requests.push(cell)
  for (const cell of batch.decisions) partOf(cell).decisions.push(cell)
  for (const failure of batch.failures) partOf(failure).failures.push(failure)
  for (const event of batch.events) part(FIRST_SHARD).events.push(event)
  for (const gauge of batch.gauges) part(FIRST_SHARD).gauges.push(gauge)
  return parts
}

const emptyBatch = (): Batch => ({
  version: 1,
  requests: [],
  decisions: [],
  failures: [],
  events: [],
  gauges: [],
})

/** The 32-bit hash of http://www.isthe.com/chongo/tech/comp/fnv/; the platform's are asynchronous. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  return hash
}
