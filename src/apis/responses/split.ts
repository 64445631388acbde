import { rawItems, rawMembers, withRawMembers } from '../../cache/raw-json.ts'
import { formatEvent } from '../../stream/sse.ts'
import { itemEvents } from './items.ts'
import type { RawEvent } from './items.ts'
import { COMPLETED } from './events.ts'

/** The members of a response that are still open when its stream begins. */
const BEGUN = {
  status: '"in_progress"',
  output: '[]',
  usage: 'null',
  completed_at: 'null',
  output_text: '""',
}

/**
 * Converts a response's JSON text to a stream with the events that OpenAI documents, in their order
 * (https://platform.openai.com/docs/api-reference/responses-streaming). A text comes as one delta. The
 * inverse of `completedResponse`.
 */
export function* splitResponse(json: string): Generator<string> {
  // A line break would end the data. In JSON it can only be white space.
  const response = json.replaceAll(/[\r\n]+/g, ' ').trim()
  const begun = { response: withRawMembers(response, BEGUN) }
  const items = rawItems(rawMembers(response).get('output') ?? '[]')
  let number = 0
  const frame = ({ type, members }: RawEvent) => {
    const all = { type: `"${type}"`, sequence_number: String(number), ...members }
    number += 1
    const texts = Object.entries(all).map(([name, text]) => `"${name}":${text}`)
    return formatEvent({ event: type, data: `{${texts.join(',')}}` })
  }
  yield frame({ type: 'response.created', members: begun })
  yield frame({ type: 'response.in_progress', members: begun })
  for (const [index, item] of items.entries()) {
    for (const event of itemEvents(item, index)) yield frame(event)
  }
  yield frame({ type: COMPLETED, members: { response } })
}
