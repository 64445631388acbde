import { piecesOf } from './wire.ts'
import type { Said, Wire, WireEvent } from './wire.ts'

const USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 18,
}

const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] })

function itemsOf(said: Said) {
  if (said.calls === undefined) {
    const content = [part(said.text)]
    return [{ id: 'msg_s', type: 'message', role: 'assistant', status: 'completed', content }]
  }
  return said.calls.map(({ id, name, arguments: text }) => ({
    id: `fc_${id}`,
    type: 'function_call',
    call_id: id,
    name,
    arguments: text,
    status: 'completed',
  }))
}

const response = ({ id }: Said, status: string, output: unknown[]) => ({
  id: `resp_${id}`,
  object: 'response',
  created_at: 1_790_000_000,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: 'scripted',
  output,
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  usage: status === 'completed' ? USAGE : null,
  user: null,
  metadata: {},
})

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export const responses: Wire = {
  json: (said) => response(said, 'completed', itemsOf(said)),
  events(said) {
    let sequence_number = 0
    const event = (type: string, more: object): WireEvent => ({
      name: type,
      data: { type, sequence_number: sequence_number++, ...more },
    })
    return [
      event('response.created', { response: response(said, 'in_progress', []) }),
      event('response.in_progress', { response: response(said, 'in_progress', []) }),
      ...itemsOf(said).flatMap((item, output_index) => [
        event('response.output_item.added', {
          output_index,
          item: {
            ...item,
            status: 'in_progress',
            ...('arguments' in item ? { arguments: '' } : { content: [] }),
          },
        }),
        ...('arguments' in item
          ? argumentEvents(event, { item_id: item.id, output_index }, item)
          : textEvents(event, { item_id: item.id, output_index, content_index: 0 }, said)),
        event('response.output_item.done', { output_index, item }),
      ]),
      event('response.completed', { response: response(said, 'completed', itemsOf(said)) }),
    ]
  },
  error: (message) => ({
    error: { message, type: 'invalid_request_error', param: null, code: null },
  }),
}

type MakeEvent = (type: string, more: object) => WireEvent

function textEvents(event: MakeEvent, at: object, said: Said): WireEvent[] {
  const text = 'text' in said ? said.text : ''
  return [
    event('response.content_part.added', { ...at, part: part('') }),
    ...piecesOf(text).map((delta) =>
      event('response.output_text.delta', { ...at, delta, logprobs: [] }),
    ),
    event('response.output_text.done', { ...at, text, logprobs: [] }),
    event('response.content_part.done', { ...at, part: part(text) }),
  ]
}

function argumentEvents(
  event: MakeEvent,
  at: object,
  { name, arguments: text }: { name: string; arguments: string },
): WireEvent[] {
  const type = 'response.function_call_arguments'
  return [
    ...piecesOf(text).map((delta) => event(`${type}.delta`, { ...at, delta })),
    event(`${type}.done`, { ...at, name, arguments: text }),
  ]
}
