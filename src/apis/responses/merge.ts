import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import { rawMembers, withRawMembers } from '../../cache/raw-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { argumentsParse, BAD_ARGUMENTS } from './answer.ts'
import { COMPLETED, readResponseEvent } from './events.ts'

/** The JSON text of the response that a stream ends with. */
export interface CompletedResponse {
  readonly text: string
}

/**
 * Takes the complete response from a stream
 * (https://platform.openai.com/docs/api-reference/responses-streaming), byte for byte. Some servers
 * send it without its output, which is then taken from the items. If the stream is not complete,
 * returns the reason as text.
 */
export function completedResponse(events: readonly ServerSentEvent[]): CompletedResponse | string {
  const ids = new Set<string>()
  const items = new OutputItems()
  let text: string | undefined
  let isOver = false
  for (const event of events) {
    const read = readResponseEvent(event)
    if (read.kind === 'noise') continue
    if (read.kind === 'failed') return read.why
    if (read.kind === 'broken') return 'an event that cannot be read'
    if (read.kind === 'done') {
      isOver = true
      continue
    }
    if (isOver) return 'more after the end of the stream'
    const { type, members } = read
    const { response = null } = members
    if (isObject(response) && typeof response['id'] === 'string') ids.add(response['id'])
    // The SDKs refuse such a stream, in which another answer has taken over.
    if (ids.size > 1) return 'another response in the same stream'
    const problem = items.add(type, members, event.data)
    if (problem !== undefined) return problem
    if (type !== COMPLETED) continue
    if (!isObject(response)) return 'an event that cannot be read'
    isOver = true
    const completed = items.completing(response, rawMembers(event.data).get('response')!)
    if (typeof completed === 'string') return completed
    text = completed.text
  }
  return text === undefined ? 'stream without its end' : { text }
}

/** The output items of a stream, by index. */
class OutputItems {
  private readonly begun = new Set<number>()
  private readonly done = new Map<number, string>()
  /** Those that the complete response must list, by index or id. */
  private readonly required = new Set<Json>()

  /** Takes what an event says of an item. Returns why it is not complete, if it is not. */
  add(
    type: string,
    { output_index = null, item = null }: JsonObject,
    data: string,
  ): string | undefined {
    const index = typeof output_index === 'number' ? output_index : undefined
    if (type === 'response.output_item.added' && index !== undefined) this.begun.add(index)
    if (type !== 'response.output_item.done') return undefined
    // Clients run the calls in these events, whatever the complete response says.
    if (isObject(item) && !argumentsParse(item)) return BAD_ARGUMENTS
    const text = rawMembers(data).get('item')
    if (index !== undefined && text !== undefined) this.done.set(index, text)
    if (isObject(item) && !isEmptyMessage(item)) this.required.add(index ?? item['id'] ?? null)
    return undefined
  }

  /**
   * The text of a response, to which the items are added if it comes without output; or why it is not
   * complete.
   */
  completing(response: JsonObject, text: string): CompletedResponse | string {
    const { output = null } = response
    const isGiven = output !== null && !(Array.isArray(output) && output.length === 0)
    if (isGiven) {
      const count = Array.isArray(output) ? output.length : 0
      return count < this.required.size ? 'output incomplete' : { text }
    }
    if (this.begun.size + this.done.size === 0) return { text }
    if (![...this.begun].every((index) => this.done.has(index))) return 'an item without its end'
    const items = [...this.done.entries()].sort(([a], [b]) => a - b).map(([, item]) => item)
    const list = `[${items.join(',')}]`
    if (Object.hasOwn(response, 'output')) return { text: withRawMembers(text, { output: list }) }
    const open = text.slice(0, text.lastIndexOf('}'))
    return { text: `${open}${Object.keys(response).length === 0 ? '' : ','}"output":${list}}` }
  }
}

/** LiteLLM ends a message without text that it does not list in the response. */
function isEmptyMessage({ type, content }: JsonObject): boolean {
  const isEmpty = (part: Json) => isObject(part) && (part['text'] ?? part['refusal']) === ''
  return type === 'message' && Array.isArray(content) && content.every(isEmpty)
}
