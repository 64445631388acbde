import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'

/**
 * The line that coding agents put first in `system`, different in every version and session. Only
 * such `name=value;` pairs: other text may reach a model.
 */
const LINE =
  /^x-anthropic-billing-header:(?: *[a-z][a-z\d_]{0,31}=[^;=\s]{0,128};)*(?: *[a-z][a-z\d_]{0,31}=[^;=\s]{0,128})? *$/

/**
 * The body without the billing line: the first text block of `system` if that is all it says, or the
 * first line of a text. Anthropic removes it before the model reads the prompt, LiteLLM for other
 * providers (`should_strip_billing_metadata`).
 */
export function withoutBillingLine(body: JsonObject): JsonObject {
  const { system } = body
  const rest = system === undefined ? undefined : restOf(system)
  return rest === undefined ? body : { ...body, system: rest }
}

/** What follows the billing line; undefined if there is none. */
function restOf(system: Json): Json | undefined {
  if (typeof system === 'string') {
    const end = system.indexOf('\n')
    const line = end < 0 ? system : system.slice(0, end)
    return LINE.test(line) ? system.slice(line.length + 1) : undefined
  }
  const [first, ...others] = Array.isArray(system) ? system : []
  if (first === undefined || !isObject(first)) return undefined
  const { type, text, ...more } = first
  const isAlone = type === 'text' && typeof text === 'string' && Object.keys(more).length === 0
  return isAlone && LINE.test(text) ? others : undefined
}
