import { itemOf, readEmbeddings } from '../apis/embeddings/answer.ts'
import type { EmbeddingItem } from '../apis/embeddings/answer.ts'
import { keyBodyOf } from '../apis/embeddings/key.ts'
import { textInputs } from '../apis/text-inputs.ts'
import type { ParsedRequest } from '../apis/request.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { Entry } from '../cache/entry.ts'
import { satisfiesOnError, satisfiesStale } from '../cache/freshness.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Key } from '../cache/key.ts'
import type { Trace } from '../telemetry/trace.ts'
import { failureDetail, refusalOf } from './lookup.ts'
import type { LookupOptions } from './lookup.ts'

/** One of the distinct inputs of a batch. */
export interface BatchInput {
  readonly key: Key
  /** What its entry has to say; undefined if there is no entry. */
  readonly known: KnownVector | undefined
}

/** The vector in an entry. */
export interface KnownVector extends EmbeddingItem {
  readonly entry: Entry
  readonly dimensions: number
  readonly model: Json
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
 * Looks every input of a batch up, in one call to Qdrant. Any failure is a miss. `part` is the body with
 * the missing inputs only; undefined if no input is known, or there twice.
 */
export async function lookUpBatch(
  request: ParsedRequest,
  body: JsonObject,
  trace: Trace,
  options: LookupOptions,
): Promise<{ readonly batch: Batch; readonly part: JsonObject | undefined }> {
  const { now } = options
  const lookedUpAt = now()
  const span = trace.child('cache lookup', 'client')
  const distinct = await distinctInputs(request, body)
  const keys = Array.from(distinct.values(), ({ key }) => key)
  const { entries, failure } = request.controls.read ? await readMany(keys, options) : {}
  const known = keys.map((key) => knownVector(entries?.get(key.id), key, request, options))
  const trusted = hasOneLength(known) ? known : []
  const looked = new Map(
    Array.from(distinct.keys(), (text, at) => [text, { key: keys[at]!, known: trusted[at] }]),
  )
  const inputs = (textInputs(body['input']) ?? []).map((input) => looked.get(nameOf(input))!)
  const missing = [...looked].filter(([, { known }]) => known?.serves !== 'now')
  const asked = missing.map(([text]) => distinct.get(text)!.input)
  span.attributes['cache.inputs'] = inputs.length
  span.attributes['cache.missing'] = missing.length
  trace.end(span, failure)
  const batch = {
    inputs,
    missing: missing.map(([, one]) => one),
    failure,
    lookedUpAt,
    lookupMs: now() - lookedUpAt,
  }
  const part = asked.length === inputs.length ? undefined : { ...body, input: asked }
  return { batch, part }
}

const nameOf = (input: Json) => JSON.stringify(input)

/** The distinct inputs and their keys, in the order of their first appearance. */
async function distinctInputs(
  { identity }: ParsedRequest,
  body: JsonObject,
): Promise<Map<string, { readonly input: Json; readonly key: Key }>> {
  const byText = new Map((textInputs(body['input']) ?? []).map((input) => [nameOf(input), input]))
  const keyed = Array.from(byText, async ([text, input]) => {
    const one = keyBodyOf({ ...body, input: [input] })
    const key = await keyOf(canonicalRequest({ ...identity, body: one }))
    return [text, { input, key }] as const
  })
  return new Map(await Promise.all(keyed))
}

async function readMany(
  keys: readonly Key[],
  { store }: LookupOptions,
): Promise<{ entries?: ReadonlyMap<string, Entry>; failure?: string }> {
  try {
    return { entries: await store.getMany(keys.map(({ id }) => id)) }
  } catch (error) {
    return { failure: failureDetail(error) }
  }
}

/** What an entry has to say to this request; undefined if it may never answer it. */
function knownVector(
  entry: Entry | undefined,
  key: Key,
  request: ParsedRequest,
  { servesSemantic, windows, now }: LookupOptions,
): KnownVector | undefined {
  if (entry === undefined) return undefined
  const { controls, expected } = request
  const refused = refusalOf(entry, { ...request, key }, servesSemantic, now())
  if (refused !== undefined && !['expired', 'too-old', 'expiring'].includes(refused)) {
    return undefined
  }
  // Nothing is refreshed behind the answer here, so the caller alone decides about stale entries.
  const callers = { ...windows, whileRevalidateSeconds: 0 }
  const isFine =
    refused === undefined ||
    (refused === 'expired' && satisfiesStale(entry, controls, callers, now()))
  if (!isFine && !satisfiesOnError(entry, controls, windows, now())) return undefined
  const read = readEmbeddings(JSON.parse(entry.body) as Json, { ...expected, count: 1 })
  const [item] = typeof read === 'string' ? [] : read.items
  if (typeof read === 'string' || item === undefined) return undefined
  if (expected.base64 && itemOf(item, 0, true) === undefined) return undefined
  const { dimensions, envelope } = read
  const model = envelope['model'] ?? null
  return { ...item, entry, dimensions, model, serves: isFine ? 'now' : 'on-error' }
}

/** Vectors of different lengths are of different models: none of them is trusted. */
function hasOneLength(known: readonly (KnownVector | undefined)[]): boolean {
  return new Set(known.flatMap((one) => one?.dimensions ?? [])).size <= 1
}
