import { canonicalJson, isPlain } from './canonical-json.ts'
import { isObject } from './json.ts'
import type { Json, JsonObject } from './json.ts'

/** The first element of the hashed text. Change it whenever the canonical text changes. */
export const KEY_FORMAT = '2'

/** Members that never change the answer, each with the reason. Everything else counts. */
export const NOT_COUNTED = {
  cache: 'steers the caches, not the model',
  stream: 'one entry answers both modes',
  stream_options: 'decides about a usage chunk, not about the answer',
  user: 'an end-user id for abuse monitoring',
  prompt_cache_key: "routes to the provider's own prompt cache",
  safety_identifier: 'an end-user id for abuse monitoring',
  metadata: 'labels; only the members that LiteLLM acts on count',
} as const satisfies Record<string, string>

/** The members of `metadata` that LiteLLM acts on (tag routing; guardrails and their settings). */
const ROUTING_METADATA = ['tags', 'guardrails', 'guardrail_config'] as const

/** What else identifies a request, besides its body. */
export interface Identity {
  readonly tenant: string
  /** The API's canonical path, with `?api-version=…` if the caller sent one. */
  readonly path: string
  readonly namespace: string
  /** Forwarded headers that can change the answer, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Everything that counts in the cache key. */
export interface CountedRequest extends Identity {
  readonly body: JsonObject
  /** Members that count although they are in `NOT_COUNTED`. */
  readonly counted?: readonly string[]
}

/** The text that is hashed: RFC 8785 canonical JSON of `[format, tenant, path, namespace, body']`. */
export function canonicalRequest(request: CountedRequest): string {
  const { tenant, path, namespace } = request
  return canonicalJson([KEY_FORMAT, tenant, path, namespace, countedMembers(request)])
}

/**
 * `body'`: the body without members that never change the answer. Member order counts wherever a
 * model can see it: everywhere but at the top level, in a message and in a content part.
 */
export function countedMembers({
  body,
  headers = {},
  counted: alsoCounted = [],
}: Pick<CountedRequest, 'body' | 'headers' | 'counted'>) {
  const counted: JsonObject = {}
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(NOT_COUNTED, name) || alsoCounted.includes(name)) {
      define(counted, name, name === 'messages' ? inMessages(value) : inOrder(value))
    }
  }
  const routing = routingMetadata(body['metadata'])
  if (routing !== undefined) define(counted, 'metadata', routing)
  // Forwarded headers are an object. A body member called `headers` is wrapped in a list, so that
  // the two cannot be confused.
  if (Object.hasOwn(body, 'headers')) {
    define(counted, 'headers', [inOrder(body['headers'] ?? null), { ...headers }])
  } else if (Object.keys(headers).length > 0) {
    define(counted, 'headers', { ...headers })
  }
  return counted
}

/** The part of `metadata` that counts. Anything but an object counts whole: LiteLLM also parses text. */
function routingMetadata(metadata: Json | undefined): Json | undefined {
  if (metadata === undefined || metadata === null) return undefined
  if (typeof metadata !== 'object' || Array.isArray(metadata)) return inOrder(metadata)
  const kept = ROUTING_METADATA.filter((name) => Object.hasOwn(metadata, name))
  return kept.length === 0
    ? undefined
    : Object.fromEntries(kept.map((name) => [name, inOrder(metadata[name] ?? null)]))
}

/** Ignores member order in messages and content parts, but not inside their members. */
function inMessages(messages: Json): Json {
  return eachObject(messages, (message) =>
    mapMembers(message, (name, value) =>
      name === 'content'
        ? eachObject(value, (part) => mapMembers(part, (_, member) => inOrder(member)))
        : inOrder(value),
    ),
  )
}

/** The same body with its top-level members sorted by name. */
export function sortedRequest(body: JsonObject): JsonObject {
  const sorted: JsonObject = {}
  for (const name of Object.keys(body).toSorted()) define(sorted, name, body[name] ?? null)
  return sorted
}

/** Applies `change` to the objects of a list. Everything else keeps its member order. */
function eachObject(list: Json, change: (object: JsonObject) => Json): Json {
  if (!Array.isArray(list)) return inOrder(list)
  return list.map((item) => (isObject(item) ? change(item) : inOrder(item)))
}

function mapMembers(object: JsonObject, change: (name: string, value: Json) => Json): JsonObject {
  const mapped: JsonObject = {}
  for (const [name, value] of Object.entries(object)) define(mapped, name, change(name, value))
  return mapped
}

/** Writes `{a: x, b: y}` as `{"o": [["a", x'], ["b", y']]}`, so that RFC 8785 does not sort it. */
function inOrder(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.every(isPlain) ? value : value.map(inOrder)
  return { o: Object.entries(value).map(([name, member]) => [name, inOrder(member)]) }
}

/** Defines an own member. An assignment to `__proto__` would change the prototype. */
function define(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}
