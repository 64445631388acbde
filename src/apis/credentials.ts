import { isObject, itemsOf } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'

/** Lists of what a model may call: tools (OpenAI), and MCP servers (Anthropic). */
const CALLED = ['tools', 'mcp_servers'] as const

/** Members by which the caller's provider signs in at an MCP server. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'authorization_token',
  'headers',
])
const ANY_NAME = /"(?:authorization|authorization_token|headers)"/

const REDACTED = '(redacted)'

/** Decodes bytes as characters of the same number, which is fast, and enough to find names. */
const latin1 = new TextDecoder('latin1')

/** Whether a JSON text may have credentials in it. */
export function mayHaveCredentials(json: Uint8Array): boolean {
  return ANY_NAME.test(latin1.decode(json))
}

/** A request body without the credentials of MCP servers. The same object if it has none. */
export function withoutCredentials(body: JsonObject): JsonObject {
  const redacted = CALLED.filter((name) => itemsOf(body[name]).some(hasCredentials)).map(
    (name) => [name, itemsOf(body[name]).map(redact)] as const,
  )
  return redacted.length === 0 ? body : { ...body, ...Object.fromEntries(redacted) }
}

const hasCredentials = (called: Json) =>
  isObject(called) && Object.keys(called).some((name) => CREDENTIALS.has(name))

function redact(called: Json): Json {
  if (!isObject(called)) return called
  return Object.fromEntries(
    Object.entries(called).map(([name, value]) => [name, CREDENTIALS.has(name) ? REDACTED : value]),
  )
}
