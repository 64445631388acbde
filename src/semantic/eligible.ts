import type { Json, JsonObject } from '../cache/json.ts'

/**
 * Whether LiteLLM may match this chat completion by meaning. It embeds text alone, so a question
 * whose meaning is also elsewhere (pictures, sound, tools) would be taken for another one.
 */
export function isEligible({ messages, tools, functions }: JsonObject): boolean {
  if (tools !== undefined || functions !== undefined || !Array.isArray(messages)) return false
  const last = messages.at(-1)
  return isMessage(last) && last['role'] === 'user' && messages.every(isText)
}

function isText(message: Json): boolean {
  return isMessage(message) && typeof message['content'] === 'string'
}

function isMessage(message: Json | undefined): message is JsonObject {
  return message !== null && typeof message === 'object' && !Array.isArray(message)
}
