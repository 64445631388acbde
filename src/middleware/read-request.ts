import type { Api } from '../apis/api.ts'
import { SEEN_MEMBERS, seenBody } from '../apis/seen-members.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { Identity } from '../cache/canonical.ts'
import { JsonScanner } from '../cache/json-scanner.ts'
import type { Scanned } from '../cache/json-scanner.ts'
import type { JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Key } from '../cache/key.ts'
import type { RequestBody } from '../env.ts'
import { GatewayError } from '../errors.ts'
import type { Holding } from '../stream/memory-budget.ts'
import { JsonBody } from './json-body.ts'
import { readBody } from './read-body.ts'
import { requestFacts } from './request-facts.ts'
import type { FactsOptions, RequestFacts } from './request-facts.ts'
import type { KnownRequest, RequestMemo, RequestOrigin } from './request-memo.ts'

export interface ReadRequestOptions extends FactsOptions {
  readonly maxRequestBytes: number
  /** Larger requests are checked and passed through, not cached. */
  readonly cacheMaxRequestBytes: number
  readonly memo: RequestMemo
  readonly now: () => number
}

/** A request whose body was read and checked. */
export interface ReadRequest {
  readonly facts: RequestFacts
  readonly body: RequestBody
  readonly bytes: number
  /** Why its bytes are passed through and never parsed. */
  readonly passedOn: string | undefined
  /** Its name in the memo; undefined if it is not remembered. */
  readonly name: string | undefined
  /** What the memo knows of it. */
  readonly known: KnownRequest | undefined
}

/** Larger requests are not remembered: the digest that finds them would cost too much. */
const LONGEST_REMEMBERED_BYTES = 1_048_576
/** Larger requests are not parsed: a value of millions of small parts takes many times its text. */
const MOST_NODES = 200_000

/**
 * Reads and checks a request, or recognises one that was checked before. Throws a `GatewayError` that
 * names the field.
 */
export async function readRequest(
  request: Request,
  api: Api,
  origin: RequestOrigin,
  held: Holding,
  options: ReadRequestOptions,
): Promise<ReadRequest> {
  const { maxRequestBytes, memo, now } = options
  const arrived = await readBody(request, {
    maxBytes: maxRequestBytes,
    memory: held,
    scanner: () => new JsonScanner(SEEN_MEMBERS),
    now,
  })
  const { bytes } = arrived
  const isRemembered = api.cached && bytes <= LONGEST_REMEMBERED_BYTES
  const name = isRemembered ? await memo.nameOf(arrived.join(), origin) : undefined
  const known = name === undefined ? undefined : memo.get(name)
  const replaced: JsonObject = origin.model === undefined ? {} : { model: origin.model }
  if (known !== undefined) {
    const { facts } = known
    const body = new JsonBody(arrived, facts.nodes, replaced, held)
    return { facts, body, bytes, passedOn: undefined, name, known }
  }
  const scanned = arrived.scan()
  if (scanned.root !== 'object') {
    throw new GatewayError('invalid_json', 'The body must be a JSON object.')
  }
  const passedOn = reasonToPassOn(bytes, scanned, options.cacheMaxRequestBytes)
  if (passedOn === undefined) {
    const body = new JsonBody(arrived, scanned.nodes, replaced, held)
    const facts = requestFacts(body.value, true, scanned.nodes, origin.controls, api, options)
    return { facts, body, bytes, passedOn, name, known }
  }
  const seen = { ...seenBody(arrived.parts, scanned.members), ...replaced }
  const facts = requestFacts(seen, false, scanned.nodes, origin.controls, api, options)
  const summary = { model: facts.model, body: `${bytes} bytes` }
  const body = { held, bytes: { parts: arrived.parts, scanned, replaced }, summary }
  return { facts, body, bytes, passedOn, name: undefined, known }
}

/** The cache key of a request, remembered for its next time. Undefined if it is never parsed. */
export async function keyOfRequest(
  { facts, body, name, known }: ReadRequest,
  { counted = [], keyBody }: Api,
  identity: Identity,
  memo: RequestMemo,
): Promise<Key | undefined> {
  if (!('value' in body)) return undefined
  const { tenant } = identity
  if (known?.tenant === tenant) return known.key
  const keyed = keyBody === undefined ? body.value : keyBody(body.value)
  const key = await keyOf(canonicalRequest({ ...identity, body: keyed, counted }))
  if (name !== undefined) memo.set(name, { facts, tenant, key })
  return key
}

/** Why a body is passed through as bytes and never parsed. */
function reasonToPassOn(
  bytes: number,
  { nodes, faithful }: Scanned,
  cacheMaxBytes: number,
): string | undefined {
  if (bytes > cacheMaxBytes) return 'request too large'
  if (nodes > MOST_NODES) return 'request too complex'
  return faithful ? undefined : 'number or text without a canonical form'
}
