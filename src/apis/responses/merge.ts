import { isObject } from '../../cache/json.ts'
import type { JsonObject } from '../../cache/json.ts'
import { rawMembers, withRawMembers } from '../../cache/raw-json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
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
    items.add(type, members, event.data)
    if (type !== COMPLETED) continue
    if (!isObject(response)) return 'an event that cannot be read'
    isOver = true
    text = items.completing(response, rawMembers(event.data).get('response')!)
    if (text === undefined) return 'an item without its end'
  }
  return text === undefined ? 'stream without its end' : { text }
}

/** The output items of a stream, by index. */
class OutputItems {
  private readonly begun = new Set<number>()
  private readonly done = new Map<number, string>()

  add(type: string, { output_index = null }: JsonObject, data: string): void {
    if (typeof output_index !== 'number') return
    if (type === 'response.output_item.added') this.begun.add(output_index)
    if (type !== 'response.output_item.done') return
    const item = rawMembers(data).get('item')
    if (item !== undefined) this.done.set(output_index, item)
  }

  /** Adds the items to a response without output; undefined if one of them has no end. */
  completing(response: JsonObject, text: string): string | undefined {
    const { output = null } = response
    const isGiven = output !== null && !(Array.isArray(output) && output.length === 0)
    if (isGiven || this.begun.size + this.done.size === 0) return text
    if (![...this.begun].every((index) => this.done.has(index))) return undefined
    const items = [...this.done.entries()].sort(([a], [b]) => a - b).map(([, item]) => item)
    const list = `[${items.join(',')}]`
    if (Object.hasOwn(response, 'output')) return withRawMembers(text, { output: list })
    const open = text.slice(0, text.lastIndexOf('}'))
    return `${open}${Object.keys(response).length === 0 ? '' : ','}"output":${list}}`
  }
}
