import { ENTRY_VERSION, readEntry } from '../cache/entry.ts'
import type { Entry } from '../cache/entry.ts'
import { untilAborted, withTimeout } from '../stream/timeout.ts'
import { connect, statusOf, unlessStatus } from './qdrant-client.ts'
import { warn } from '../telemetry/log.ts'
import { sweep } from './sweep.ts'
import { qdrantPoints } from './qdrant-points.ts'
import type { QdrantAddress } from './qdrant-points.ts'
import type { Store, StoredEntry } from './store.ts'

export interface QdrantOptions extends QdrantAddress {
  readonly collection: string
  /** How long a lookup may take. */
  readonly lookupTimeoutMs: number
  /** How long a write may take. It happens after the answer, so no caller waits for it. */
  readonly writeTimeoutMs?: number
  readonly now: () => number
}

/** Entries are read by id and swept by age, so they have no vectors. */
const COLLECTION = {
  vectors: {},
  shard_number: 1, // a read by id queries every shard
  on_disk_payload: true,
  optimizers_config: { default_segment_number: 1 },
} as const

/** What entries are found, counted and purged by. Qdrant Cloud refuses filters on other fields. */
export const INDEXES = {
  expires_at: { type: 'integer', lookup: false, range: true },
  stored_at: { type: 'integer', lookup: false, range: true },
  tenant: 'keyword',
  model: 'keyword',
  path: 'keyword',
  namespace: 'keyword',
  source: 'keyword',
  tags: 'keyword',
  answer_id: 'keyword',
} as const

/** If more entries share an answer id, the provider's ids are not unique. */
const MOST_WITH_ONE_ID = 8

/** A read of more entries may take longer in proportion: they are megabytes. */
const IDS_PER_TIMEOUT = 250
/** The bodies of one write, in characters. Qdrant accepts requests of 32 MiB. */
const LARGEST_WRITE = 8 * 1024 * 1024

function slicesOf(entries: ReadonlyMap<string, Entry>): Map<string, Entry>[] {
  const slices: Map<string, Entry>[] = []
  let room = 0
  for (const [id, entry] of entries) {
    room -= entry.body.length
    if (room < 0 || slices.length === 0) {
      slices.push(new Map())
      room = LARGEST_WRITE - entry.body.length
    }
    slices.at(-1)?.set(id, entry)
  }
  return slices
}

/** Stores entries as points without vectors in a Qdrant collection, and creates it if it is missing. */
export function qdrantStore(options: QdrantOptions): Store {
  const { collection, lookupTimeoutMs, writeTimeoutMs = 5_000, now } = options
  const qdrant = connect(options).api()
  const hot = qdrantPoints(options, collection)
  const place = { collection_name: collection }
  let prepared = false

  async function prepare(signal: AbortSignal): Promise<void> {
    if (prepared) return
    const indexed = await qdrant
      .getCollection(place, { signal })
      .then(({ data }) => data.result?.payload_schema ?? {}, unlessStatus(404, undefined))
    if (indexed === undefined) {
      // Another isolate may have created it first, which is fine.
      await qdrant
        .createCollection({ ...place, ...COLLECTION }, { signal })
        .catch(unlessStatus(409, undefined))
    }
    const missing = Object.entries(INDEXES).filter(([name]) => !(name in (indexed ?? {})))
    const made = await Promise.allSettled(
      missing.map(([field_name, field_schema]) =>
        qdrant.createFieldIndex({ ...place, wait: true, field_name, field_schema }, { signal }),
      ),
    )
    // Entries can be written and read without them, also with a key that may not make any.
    const failed = missing.filter((_, at) => made[at]?.status === 'rejected')
    if (failed.length > 0) warn('indexes not made', failed.map(([name]) => name).join(', '))
    prepared = true
  }

  async function upsert(
    entries: ReadonlyMap<string, Entry>,
    condition: object,
    signal: AbortSignal,
  ): Promise<void> {
    const points = Array.from(entries, ([id, entry]) => ({
      id,
      vector: {},
      payload: { ...entry } satisfies Entry,
    }))
    const write = () => hot.upsert({ points, ...condition }, signal)
    await prepare(signal)
    try {
      await write()
    } catch (error) {
      // The collection was dropped after this isolate had prepared it.
      if (statusOf(error) !== 404) throw error
      prepared = false
      await prepare(signal)
      await write()
    }
  }

  async function read(id: string, signal: AbortSignal): Promise<StoredEntry | undefined> {
    const entry = readEntry(await hot.read(id, signal))
    return entry && { entry, tier: 'qdrant' }
  }

  async function readMany(ids: readonly string[], signal: AbortSignal) {
    const entries = new Map<string, Entry>()
    for (const [id, payload] of await hot.readMany(ids, signal)) {
      const entry = readEntry(payload)
      if (entry !== undefined) entries.set(id, entry)
    }
    return entries
  }

  return {
    // The client hides the signal's reason behind its own errors.
    get: (id) => withTimeout(lookupTimeoutMs, (signal) => untilAborted(read(id, signal), signal)),

    async findOriginal({ answerId, tenant, model, scope }, signal) {
      // Qdrant Cloud refuses filters on fields without an index, and `scope` has none.
      const wanted = { answer_id: answerId, tenant, model }
      const must = Object.entries(wanted).map(([key, value]) => ({ key, match: { value } }))
      const { data } = await qdrant
        .scrollPoints(
          {
            ...place,
            filter: { must },
            limit: MOST_WITH_ONE_ID + 1,
            with_payload: true,
            with_vector: false,
          },
          { signal },
        )
        .catch(unlessStatus(404, { data: { result: { points: [] } } }))
      const found = data.result?.points ?? []
      if (found.length > MOST_WITH_ONE_ID) return undefined
      const [only, ...others] = found.filter(({ payload }) => payload?.['scope'] === scope)
      return others.length === 0 ? readEntry(only?.payload) : undefined
    },

    getMany: (ids) =>
      withTimeout(lookupTimeoutMs * Math.max(1, ids.length / IDS_PER_TIMEOUT), (signal) =>
        untilAborted(readMany(ids, signal), signal),
      ),

    set(id, entry) {
      const condition =
        entry.source === 'semantic' ? { update_filter: replaceable(entry, now()) } : {}
      const points = new Map([[id, entry]])
      return withTimeout(writeTimeoutMs, (signal) => upsert(points, condition, signal))
    },

    async setMany(entries) {
      for (const slice of slicesOf(entries)) {
        await withTimeout(writeTimeoutMs, (signal) => upsert(slice, {}, signal))
      }
    },

    sweep: (expiredBefore, bounds) =>
      sweep(qdrant, { ...bounds, collection, expiredBefore }).catch(
        unlessStatus(404, { swept: 0, left: 0 }),
      ),
  }
}

/**
 * A semantic hit may replace only an entry that is no fresher, expired or unreadable. Other writes
 * have no condition: in Qdrant, other writes wait behind a conditional one.
 */
function replaceable({ stored_at }: Entry, now: number) {
  return {
    should: [
      { key: 'stored_at', range: { lte: stored_at } },
      { key: 'expires_at', range: { lte: now } },
      { must_not: [{ key: 'v', match: { value: ENTRY_VERSION } }] },
    ],
  }
}
