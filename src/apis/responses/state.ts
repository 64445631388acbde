import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'

/** Members that make an answer depend on what the provider stores, or store the answer there. */
const STATEFUL = ['previous_response_id', 'conversation', 'background', 'store', 'prompt'] as const

/**
 * Tools that the client runs itself, so that the answer is only a call. All others run on a server,
 * where the same request can have another result
 * (https://platform.openai.com/docs/guides/tools).
 */
const CLIENT_TOOLS = new Set([
  'function',
  'custom',
  'local_shell',
  'apply_patch',
  'computer',
  'computer_use_preview',
])

/**
 * Why the answer to a request of the Responses API depends on more than the request, or changes
 * something; undefined if it does not
 * (https://platform.openai.com/docs/guides/conversation-state).
 */
export function reasonToBypass(body: JsonObject): string | undefined {
  const { extra_body = null } = body
  // LiteLLM merges it into the request.
  return reasonIn(body) ?? (isObject(extra_body) ? reasonIn(extra_body) : undefined)
}

function reasonIn(body: JsonObject): string | undefined {
  const stateful = STATEFUL.find((name) => (body[name] ?? false) !== false)
  if (stateful !== undefined) return stateful
  if (!areClientTools(body['tools'])) return 'server-side tool'
  const { input = null } = body
  for (const item of Array.isArray(input) ? input : []) {
    if (!isObject(item)) continue
    if (isReference(item)) return 'item_reference'
    // Items can add tools in the middle of a conversation.
    if (!areClientTools(item['tools'])) return 'server-side tool'
  }
  return undefined
}

/** An item without a type is a message if it has a role, otherwise a reference by its id. */
function isReference({ type = null, role = null }: JsonObject): boolean {
  return type === 'item_reference' || (type === null && role === null)
}

function areClientTools(tools: Json | undefined): boolean {
  if (tools === undefined || tools === null) return true
  return Array.isArray(tools) && tools.every(isClientTool)
}

function isClientTool(tool: Json): boolean {
  if (!isObject(tool)) return false
  const { type = null, tools, environment = null, execution } = tool
  if (typeof type !== 'string') return false
  if (CLIENT_TOOLS.has(type)) return true
  switch (type) {
    case 'namespace':
      return Array.isArray(tools) && areClientTools(tools)
    case 'tool_search':
      return execution === 'client'
    case 'shell':
      return isObject(environment) && environment['type'] === 'local'
    default:
      return false
  }
}
