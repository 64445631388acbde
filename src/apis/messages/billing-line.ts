import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'

/** How the line begins that coding agents put first in `system`. */
const PREFIX = 'x-anthropic-billing-header:'
/**
 * What the line says of the agent: its version, where it runs, and a hash that differs in every
 * request. Only Anthropic and some providers remove the line. So each may be there once, and is too
 * short to hold words in any code: whatever a model could follow would otherwise answer those who did
 * not send it.
 */
const ABOUT_AGENT = [
  /^ ?cc_version=\d{1,3}(?:\.\d{1,4}){1,2}(?:\.[\da-f]{1,5})?$/,
  /^ ?cch=[\da-f]{1,8}$/,
  /^ ?cc_entrypoint=(?:cli|mcp|remote|local-agent|sdk-(?:cli|ts|py)|claude-(?:vscode|desktop|code-github-action))$/,
]
/** In characters. A longer line is not looked into. */
const LONGEST_LINE = 1_024

/**
 * The body without what the billing line says of the agent: a first text block of `system` that is
 * one line, or the first line of a text. Anything else in the line stays.
 */
export function withoutBillingLine(body: JsonObject): JsonObject {
  const { system } = body
  const counted = system === undefined ? undefined : countedOf(system)
  return counted === undefined ? body : { ...body, system: counted }
}

/** What counts of a system prompt with a billing line; undefined if there is none. */
function countedOf(system: Json): Json | undefined {
  if (typeof system === 'string') {
    const end = system.indexOf('\n')
    const line = end < 0 ? system : system.slice(0, end)
    const kept = keptOf(line)
    if (kept === undefined) return undefined
    const rest = system.slice(line.length)
    // For providers that reject the line, LiteLLM drops the whole text. So it is another request than
    // the rest alone.
    return kept === '' && rest !== '' ? PREFIX + rest : kept + rest
  }
  const [first, ...others] = Array.isArray(system) ? system : []
  if (first === undefined || !isObject(first)) return undefined
  const { type, text, ...more } = first
  const isAlone = type === 'text' && typeof text === 'string' && Object.keys(more).length === 0
  const kept = isAlone ? keptOf(text) : undefined
  if (kept === undefined) return undefined
  return kept === '' ? others : [{ type: 'text', text: kept }, ...others]
}

/** What is left of a line; undefined if it is no billing line. */
function keptOf(line: string): string | undefined {
  const isLine = line.startsWith(PREFIX) && line.length <= LONGEST_LINE && !/[\r\n]/.test(line)
  if (!isLine) return undefined
  const said = line.slice(PREFIX.length).replace(/;$/, '')
  const parts = said === '' ? [] : said.split(';')
  const left = new Set(ABOUT_AGENT)
  const kept = parts.filter((part) => {
    const known = [...left].find((pattern) => pattern.test(part))
    return known === undefined || !left.delete(known)
  })
  return kept.length === 0 ? '' : PREFIX + kept.join(';')
}
