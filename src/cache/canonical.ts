import { canonicalJson, isPlain } from './canonical-json.ts'
import { isObject } from './json.ts'
import type { Json, JsonObject } from './json.ts'

/** The first element of the hashed text; it changes when the same request gets another text. */
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

/** What makes two requests with the same body the same question. */
export interface Identity {
  readonly tenant: string
  /** The API's canonical path, with `?api-version=…` where the caller named one. */
  readonly path: string
  readonly namespace: string
  /** Forwarded headers that can change the answer, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** All that counts of a request. */
export interface CountedRequest extends Identity {
  readonly body: JsonObject
}

/** The text that is hashed: RFC 8785 canonical JSON of `[format, tenant, path, namespace, body']`. */
export function canonicalRequest(request: CountedRequest): string {
  const { tenant, path, namespace } = request
  return canonicalJson([KEY_FORMAT, tenant, path, namespace, countedMembers(request)])
}

/**
 * `body'`: the body without what never changes the answer. The order of members is written out wherever
 * a model can see it: everywhere but at the top level, in a message and in a content part.
 */
export function countedMembers({ body, headers = {} }: Pick<CountedRequest, 'body' | 'headers'>) {
  const counted: JsonObject = {}
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(NOT_COUNTED, name)) {
      define(counted, name, name === 'messages' ? inMessages(value) : inOrder(value))
    }
  }
  const routing = routingMetadata(body['metadata'])
  if (routing !== undefined) define(counted, 'metadata', routing)
  // Forwarded headers are an object; a body member of that name is wrapped, so that neither can
  // be mistaken for the other.
  if (Object.hasOwn(body, 'headers')) {
    define(counted, 'headers', [inOrder(body['headers'] ?? null), { ...headers }])
  } else if (Object.keys(headers).length > 0) {
    define(counted, 'headers', { ...headers })
  }
  return counted
}

/** What counts of `metadata`. LiteLLM reads an object out of text, too: what is no object counts whole. */
function routingMetadata(metadata: Json | undefined): Json | undefined {
  if (metadata === undefined || metadata === null) return undefined
  if (typeof metadata !== 'object' || Array.isArray(metadata)) return inOrder(metadata)
  const kept = ROUTING_METADATA.filter((name) => Object.hasOwn(metadata, name))
  return kept.length === 0
    ? undefined
    : Object.fromEntries(kept.map((name) => [name, inOrder(metadata[name] ?? null)]))
}

/** Messages, and their content parts, with their members in any order; what is inside them in its own. */
function inMessages(messages: Json): Json {
  return eachObject(messages, (message) =>
    mapMembers(message, (name, value) =>
      name === 'content'
        ? eachObject(value, (part) => mapMembers(part, (_, member) => inOrder(member)))
        : inOrder(value),
    ),
  )
}

/** The same request with its members in alphabetical order; what is inside them keeps its own. */
export function sortedRequest(body: JsonObject): JsonObject {
  const sorted: JsonObject = {}
  for (const name of Object.keys(body).toSorted()) define(sorted, name, body[name] ?? null)
  return sorted
}

/** Changes the objects of a list; anything else is written out in order. */
function eachObject(list: Json, change: (object: JsonObject) => Json): Json {
  if (!Array.isArray(list)) return inOrder(list)
  return list.map((item) => (isObject(item) ? change(item) : inOrder(item)))
}

function mapMembers(object: JsonObject, change: (name: string, value: Json) => Json): JsonObject {
  const mapped: JsonObject = {}
  for (const [name, value] of Object.entries(object)) define(mapped, name, change(name, value))
  return mapped
}

/** `{a: x, b: y}` as `{"o": [["a", x'], ["b", y']]}`: an order that RFC 8785's sorting leaves alone. */
function inOrder(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.every(isPlain) ? value : value.map(inOrder)
  return { o: Object.entries(value).map(([name, member]) => [name, inOrder(member)]) }
}

/** Sets an own member whatever its name; an assignment to `__proto__` would change the prototype. */
function define(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}
