import { piecesOf } from './wire.ts'
import type { Said, Wire, WireEvent } from './wire.ts'

const USAGE = { input_tokens: 11, output_tokens: 7 }

const message = ({ id }: Said, content: unknown[], stop_reason: string | null, usage: object) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model: 'claude-scripted',
  content,
  stop_reason,
  stop_sequence: null,
  usage,
})

const stopReason = ({ calls }: Said) => (calls === undefined ? 'end_turn' : 'tool_use')

/** A content block when it starts, and its deltas. */
function blocksOf(said: Said): { start: object; deltas: object[]; whole: object }[] {
  if (said.calls === undefined) {
    const { text } = said
    const deltas = piecesOf(text).map((piece) => ({ type: 'text_delta', text: piece }))
    const block = { type: 'text' }
    return [{ start: { ...block, text: '' }, deltas, whole: { ...block, text } }]
  }
  return said.calls.map(({ id, name, arguments: json }) => {
    const block = { type: 'tool_use', id, name }
    const deltas = piecesOf(json).map((piece) => ({
      type: 'input_json_delta',
      partial_json: piece,
    }))
    const input = JSON.parse(json) as unknown
    return { start: { ...block, input: {} }, deltas, whole: { ...block, input } }
  })
}

/** https://docs.anthropic.com/en/api/messages-streaming */
export const messages: Wire = {
  json: (said) =>
    message(
      said,
      blocksOf(said).map(({ whole }) => whole),
      stopReason(said),
      USAGE,
    ),
  events(said) {
    const event = (type: string, more: object = {}): WireEvent => ({
      name: type,
      data: { type, ...more },
    })
    return [
      event('message_start', {
        message: message(said, [], null, { ...USAGE, output_tokens: 1 }),
      }),
      event('ping'),
      ...blocksOf(said).flatMap(({ start, deltas }, index) => [
        event('content_block_start', { index, content_block: start }),
        ...deltas.map((delta) => event('content_block_delta', { index, delta })),
        event('content_block_stop', { index }),
      ]),
      event('message_delta', {
        delta: { stop_reason: stopReason(said), stop_sequence: null },
        usage: { output_tokens: USAGE.output_tokens },
      }),
      event('message_stop'),
    ]
  },
  error: (text) => ({ type: 'error', error: { type: 'invalid_request_error', message: text } }),
}
