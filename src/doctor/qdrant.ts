import { INDEXES } from '../store/qdrant.ts'
import type { PayloadIndex, QdrantCollection, QdrantProbe } from '../store/qdrant-probe.ts'
import { blockedBy, failed, NotExamined, ok, once, semanticOff, skipped, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import { isOlder } from './version.ts'

export interface QdrantOptions {
  readonly probe: QdrantProbe
  /** The collection of the exact cache. */
  readonly collection: string
  /** LiteLLM's collection; undefined if the semantic layer is off. */
  readonly semanticCollection: string | undefined
  /** How long a lookup waits for Qdrant. The checks wait longer. */
  readonly lookupTimeoutMs: number
  readonly now: () => number
}

const REACH = 'qdrant: reach'

/** Older servers ignore `update_filter` without a word. */
const OLDEST = '1.15.4'

const SKEW_MS = 2_000

/** Expired for ever, and no entry: no request can hit it, and a sweep would delete it. */
const CANARY = { expires_at: 0, source: 'doctor' }

/** Examines the Qdrant of the exact cache. */
export function qdrantChecks(options: QdrantOptions): readonly Check[] {
  const { probe, collection: name, semanticCollection, lookupTimeoutMs, now } = options
  const described = once((signal) => probe.collection(name, signal))
  const server = once(async (signal) => {
    const before = now()
    const said = await probe.server(signal)
    return { ...said, betweenMs: (before + now()) / 2 }
  })

  /** The collection, if Qdrant answers. */
  const reached = (signal: AbortSignal) =>
    described(signal).catch(() => {
      throw blockedBy(REACH)
    })
  /** The same, if there is one. */
  const existing = async (signal: AbortSignal): Promise<QdrantCollection> => {
    const found = await reached(signal)
    if (found !== undefined) return found
    throw new NotExamined(
      `There is no collection ${name}.`,
      'The first answer that is stored creates it.',
    )
  }
  const serverIfReached = async (signal: AbortSignal) => {
    await reached(signal)
    return server(signal)
  }

  return [
    {
      what: REACH,
      cure: 'Check QDRANT_URL (with its port), QDRANT_API_KEY, and that Qdrant runs.',
      async examine(signal) {
        await described(signal)
        return ok('Qdrant answers and accepts the key.')
      },
    },
    {
      what: 'qdrant: version',
      cure: 'Check that QDRANT_URL is the address of a Qdrant, without a path.',
      examine: async (signal) => versionFinding((await serverIfReached(signal)).version),
    },
    {
      what: 'qdrant: collection',
      cure: 'Check QDRANT_COLLECTION, and that the key may read it.',
      async examine(signal) {
        const found = await reached(signal)
        if (found === undefined) {
          return warning(
            `There is no collection ${name}.`,
            'The first answer that is stored creates it. If it should exist, check QDRANT_COLLECTION.',
          )
        }
        return found.status === 'red'
          ? failed(`${name} is red.`, "See Qdrant's log: an optimisation of the collection failed.")
          : ok(`${name} is ${found.status} and has ${found.points} points.`)
      },
    },
    {
      what: 'qdrant: indexes',
      cure: 'Check that the key may read the collection.',
      examine: async (signal) => indexFinding((await existing(signal)).indexes),
    },
    {
      what: 'qdrant: write, read, delete',
      cure: "Check that the key may write, and Qdrant's disk and strict mode.",
      async examine(signal) {
        await existing(signal)
        const { ineffective, readMs } = await probe.roundTrip(name, CANARY, signal)
        if (ineffective !== undefined) {
          return failed(
            `Qdrant accepted the ${ineffective} of a point, which had no effect.`,
            'Look for a proxy between gateway and Qdrant, or a replica that lags behind.',
          )
        }
        return readMs > lookupTimeoutMs
          ? failed(
              `A read took ${readMs} ms. Lookups wait ${lookupTimeoutMs} ms, so each one is a miss.`,
              'Move Qdrant nearer to the callers, or raise QDRANT_TIMEOUT_MS.',
            )
          : ok(`A point was written, read (in ${readMs} ms) and deleted.`)
      },
    },
    {
      what: 'qdrant: clock',
      cure: 'Check that QDRANT_URL is the address of a Qdrant.',
      async examine(signal) {
        const { clock, betweenMs } = await serverIfReached(signal)
        return clock === undefined
          ? skipped('The server sends no date.', 'Compare its clock by hand.')
          : skewFinding(clock, betweenMs)
      },
    },
    {
      what: 'qdrant: search for LiteLLM',
      cure: 'Check that the key may read SEMANTIC_COLLECTION.',
      async examine(signal) {
        if (semanticCollection === undefined) return semanticOff
        await reached(signal)
        if ((await probe.collection(semanticCollection, signal)) === undefined) {
          return skipped(
            `There is no collection ${semanticCollection} in this Qdrant.`,
            'Set SEMANTIC_COLLECTION to its name. If LiteLLM uses another Qdrant, nothing is wrong.',
          )
        }
        return (await probe.hasSearchRoute(semanticCollection, signal))
          ? ok('Qdrant has the route that LiteLLM searches by.')
          : failed(
              'This version of Qdrant has no /points/search. LiteLLM treats that as a miss.',
              'Go back to a version of Qdrant that has it.',
            )
      },
    },
  ]
}

function versionFinding(version: string | undefined): Finding {
  if (version === undefined) {
    return warning(
      'The server does not say its version.',
      `Make sure that it is a Qdrant of at least ${OLDEST}.`,
    )
  }
  return isOlder(version, OLDEST)
    ? failed(
        `${version} ignores update_filter: a semantic hit can replace a fresher answer.`,
        `Upgrade Qdrant to ${OLDEST} or later.`,
      )
    : ok(`${version}.`)
}

function indexFinding(indexes: ReadonlyMap<string, PayloadIndex>): Finding {
  const names = Object.keys(INDEXES) as (keyof typeof INDEXES)[]
  const wrong = names.filter((name) => !fits(indexes.get(name), INDEXES[name]))
  if (wrong.length > 0) {
    return failed(
      `Of the wrong type: ${wrong.join(', ')}.`,
      'Delete these indexes in Qdrant. The next isolate that writes creates them again.',
    )
  }
  const missing = names.filter((name) => !indexes.has(name))
  return missing.length === 0
    ? ok(`All ${names.length} are there.`)
    : warning(
        `Missing: ${missing.join(', ')}.`,
        'The next isolate that writes creates them if its key may, or logs `indexes not made`. docs/deployment.md has the calls.',
      )
}

/** Whether an index, if there is one, can do what the gateway's filters need. */
function fits(
  index: PayloadIndex | undefined,
  wanted: string | { readonly type: string; readonly range?: boolean },
): boolean {
  if (index === undefined) return true
  if (typeof wanted === 'string') return index.type === wanted
  return index.type === wanted.type && !(wanted.range === true && index.range === false)
}

/** `date` has a resolution of a second (RFC 9110, 5.6.7), so its middle is compared. */
function skewFinding(clock: number, nowMs: number): Finding {
  const skewMs = clock + 500 - nowMs
  if (Math.abs(skewMs) <= SKEW_MS) return ok("Its clock is within 2 s of the gateway's.")
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  return warning(
    `Its clock is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}.`,
    "Synchronise it (NTP). Entries expire by the gateway's clock, but its logs mislead.",
  )
}
