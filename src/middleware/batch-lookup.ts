import { itemOf, readEmbeddings } from '../apis/embeddings/answer.ts'
import type { EmbeddingItem } from '../apis/embeddings/answer.ts'
import { keyBodyOfOne } from '../apis/embeddings/key.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { textInputs } from '../apis/text-inputs.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { Entry } from '../cache/entry.ts'
import { ageSeconds, satisfiesOnError, satisfiesStale, ttlSeconds } from '../cache/freshness.ts'
import type { Refusal } from '../cache/freshness.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Key } from '../cache/key.ts'
import { tryParse } from '../cache/parse-json.ts'
import { TooLarge } from '../store/qdrant-points.ts'
import type { Holding } from '../stream/memory-budget.ts'
import type { Trace } from '../telemetry/trace.ts'
import { failureDetail, refusalOf } from './lookup.ts'
import type { LookupOptions } from './lookup.ts'

/** One of the distinct inputs of a batch. */
export interface BatchInput {
  readonly key: Key
  /** The vector in its entry; undefined if it has none that may be used. */
  readonly known: KnownVector | undefined
}

/** The vector in an entry. */
export interface KnownVector extends EmbeddingItem {
  readonly dimensions: number
  /** The model that made it, as the answer named it. */
  readonly model: Json
  readonly ageSeconds: number
  readonly ttlSeconds: number
  /** Why it is no fresh answer. */
  readonly refused: Refusal | undefined
  /** Whether it may be served now, or only if LiteLLM fails. */
  readonly serves: 'now' | 'on-error'
}

/** A batch of inputs, each looked up by itself. */
export interface Batch {
  /** In the caller's order. Equal inputs are the same object. */
  readonly inputs: readonly BatchInput[]
  /** Those that LiteLLM must be asked for, each once. */
  readonly missing: readonly BatchInput[]
  /** Why nothing was found, if that is worth reporting. */
  readonly failure: string | undefined
  /** When the lookup began, epoch ms. */
  readonly lookedUpAt: number
  readonly lookupMs: number
}

/**
 * If no input is known, equal ones are sent once in batches up to this size: the answer to a larger one
 * may be too large to be taken apart.
 */
const MOST_REDUCED = 256
/** So many entries are read at once. The next ones wait, so that their text is not held twice. */
const IDS_PER_READ = 512
/** Vectors of one batch, in characters. The others count as missing. */
const MOST_KNOWN = 16 * 1024 * 1024

/**
 * Looks every input of a batch up. Any failure is a miss. `part` is the body with the missing inputs
 * only; undefined if no input is known, or there twice. What is found counts in `held`; if memory is
 * short, the rest counts as missing.
 */
export async function lookUpBatch(
  request: ParsedRequest,
  body: JsonObject,
  trace: Trace,
  held: Holding,
  options: LookupOptions,
): Promise<{ readonly batch: Batch; readonly part: JsonObject | undefined }> {
  const { now } = options
  const lookedUpAt = now()
  const span = trace.child('cache lookup', 'client')
  const inputs = textInputs(body['input']) ?? []
  const distinct = new Map(inputs.map((input) => [nameOf(input), input]))
  const keys = new Map<string, Key>()
  // One after another, so that only one text is held.
  for (const [name, input] of distinct) {
    const one = keyBodyOfOne(body, input)
    keys.set(name, await keyOf(canonicalRequest({ ...request.identity, body: one })))
  }
  const { known, failure } = request.controls.read
    ? await readKnown([...keys.values()], request, held, options)
    : { known: new Map<string, KnownVector>() }
  const trusted = areOfOneModel([...known.values()]) ? known : new Map<string, KnownVector>()
  const looked = new Map(
    Array.from(keys, ([name, key]) => [name, { key, known: trusted.get(key.id) }]),
  )
  const missing = [...looked].filter(([, one]) => one.known?.serves !== 'now')
  const asked = missing.map(([name]) => distinct.get(name)!)
  span.attributes['cache.inputs'] = inputs.length
  span.attributes['cache.missing'] = missing.length
  trace.end(span, failure)
  const batch = {
    inputs: inputs.map((input) => looked.get(nameOf(input))!),
    missing: missing.map(([, one]) => one),
    failure,
    lookedUpAt,
    lookupMs: now() - lookedUpAt,
  }
  const isNarrower =
    asked.length < (known.size === 0 ? Math.min(inputs.length, MOST_REDUCED) : inputs.length)
  const part = isNarrower ? { ...body, input: asked } : undefined
  return { batch, part }
}

const nameOf = (input: Json) => JSON.stringify(input)

/** Reads the entries of these keys, as far as memory allows. */
async function readKnown(
  keys: readonly Key[],
  request: ParsedRequest,
  held: Holding,
  options: LookupOptions,
): Promise<{ known: Map<string, KnownVector>; failure?: string }> {
  const known = new Map<string, KnownVector>()
  let length = 0
  try {
    for (let at = 0; at < keys.length && length < MOST_KNOWN && !held.isShort; at += IDS_PER_READ) {
      const wanted = keys.slice(at, at + IDS_PER_READ)
      const entries = await options.store.getMany(wanted.map(({ id }) => id))
      for (const key of wanted) {
        const entry = entries.get(key.id)
        const vector = entry && knownVector(entry, key, request, options)
        if (vector === undefined || entry === undefined) continue
        known.set(key.id, vector)
        length += entry.body.length
        held.take(entry.body.length)
      }
    }
    return { known }
  } catch (error) {
    if (error instanceof TooLarge) return { known, failure: 'entries too large' }
    return { known, failure: failureDetail(error) }
  }
}

/** The vector in an entry; undefined if the entry may never answer this request. */
function knownVector(
  entry: Entry,
  key: Key,
  request: ParsedRequest,
  { servesSemantic, now }: LookupOptions,
): KnownVector | undefined {
  const { controls, expected, policy } = request
  const refused = refusalOf(entry, { ...request, key }, servesSemantic, now())
  if (refused !== undefined && !['expired', 'too-old', 'expiring'].includes(refused)) {
    return undefined
  }
  // Nothing is refreshed behind the answer here, so the caller alone decides about stale entries.
  const callers = { ...policy.windows, whileRevalidateSeconds: 0 }
  const isFine =
    refused === undefined ||
    (refused === 'expired' && satisfiesStale(entry, controls, callers, now()))
  if (!isFine && !satisfiesOnError(entry, controls, policy.windows, now())) return undefined
  const read = readEmbeddings(tryParse(entry.body) ?? null, { ...expected, count: 1 })
  const [item] = typeof read === 'string' ? [] : read.items
  if (typeof read === 'string' || item === undefined) return undefined
  if (expected.base64 && itemOf(item, 0, true) === undefined) return undefined
  const { dimensions, envelope } = read
  return {
    ...item,
    dimensions,
    model: envelope['model'] ?? null,
    ageSeconds: ageSeconds(entry, now()),
    ttlSeconds: ttlSeconds(entry, now()),
    refused,
    serves: isFine ? 'now' : 'on-error',
  }
}

/** Vectors of different models cannot be compared, so none of them is trusted then. */
export function areOfOneModel(
  vectors: readonly { readonly dimensions: number; readonly model: Json }[],
): boolean {
  return new Set(vectors.map(({ dimensions, model }) => nameOf([dimensions, model]))).size <= 1
}
