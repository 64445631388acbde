import { parseEvents } from '../../src/stream/sse.ts'

export const RESPONSES = '/v1/responses'

/** A request of the Responses API, with anything in it replaced. */
export function request(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'small', input: 'Why is the sky blue?', ...over }
}

/** A message as an output item. */
const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
})

/** A complete response, with anything in it replaced. */
export function responseBody(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'small',
    output: [message('Air scatters.')],
    usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 },
    ...over,
  }
}

/** The stream of a response as LiteLLM sends it: without event lines, and with an end marker. */
export function responseEvents(response = responseBody()): string[] {
  const begun = { ...response, status: 'in_progress', output: [], usage: null }
  const items = response['output'] as { id?: string; content?: { text: string }[] }[]
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...items.flatMap((item, output_index) => [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, status: 'in_progress' },
      },
      ...(item.content ?? []).map(({ text }) => ({
        type: 'response.output_text.delta',
        item_id: item.id,
        output_index,
        content_index: 0,
        delta: text,
        logprobs: [],
        obfuscation: 'Kq3',
      })),
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: 'response.completed', response },
  ]
  const numbered = events.map((event, sequence_number) => ({ ...event, sequence_number }))
  return [...numbered.map((event) => JSON.stringify(event)), '[DONE]'].map(
    (data) => `data: ${data}\n\n`,
  )
}

/** The last response in a stream. */
export function lastResponse(stream: string): unknown {
  const events = parseEvents(stream).filter(({ data }) => data.includes('"response.completed"'))
  return (JSON.parse(events.at(-1)?.data ?? '{}') as { response?: unknown }).response
}
