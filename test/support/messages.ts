/** The canonical path of Anthropic's Messages API. */
export const MESSAGES = '/v1/messages'

/** A messages request, with anything in it replaced. */
export function asked(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'small',
    max_tokens: 64,
    messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    ...over,
  }
}

/** An event of a message stream. */
export const event = (type: string, members: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'small',
  content: [{ type: 'text', text: 'Air scatters.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 3 },
}

/** A message, with anything in it replaced. */
export function messageBody(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...MESSAGE, ...over }
}

/** The events of a message with these blocks, as Anthropic streams them. */
export function messageEvents(
  blocks: readonly (readonly [block: object, ...deltas: object[]])[] = [
    [
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'Air ' },
      { type: 'text_delta', text: 'scatters.' },
    ],
  ],
  stop_reason = 'end_turn',
): string[] {
  const usage = { input_tokens: 9, output_tokens: 1 }
  return [
    event('message_start', { message: { ...MESSAGE, content: [], stop_reason: null, usage } }),
    ...blocks.flatMap(([content_block, ...deltas], index) => [
      event('content_block_start', { index, content_block }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: 3 },
    }),
    event('message_stop'),
  ]
}
