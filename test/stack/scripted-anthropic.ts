import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach } from 'vitest'

/** A request to the provider, as LiteLLM sends it. */
export interface AnthropicPrompt {
  readonly stream?: boolean
  readonly tools?: readonly unknown[]
  readonly thinking?: unknown
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
}

/** The provider's answer: a status with JSON, or 200 with these events. */
export type AnthropicReply =
  | { readonly status?: number; readonly json: unknown }
  | { readonly events: readonly AnthropicEvent[]; readonly end?: 'closed' | 'lost' | 'open' }

interface AnthropicEvent {
  readonly type: string
  readonly [member: string]: unknown
}

/** An Anthropic-shaped provider behind LiteLLM's `anthropic/*` models. */
export interface ScriptedAnthropic {
  /** The requests of the current test, with their headers. */
  readonly asked: { readonly body: AnthropicPrompt; readonly headers: IncomingMessage['headers'] }[]
  /** The script; `answerTo` again at the start of each test. */
  reply: (prompt: AnthropicPrompt) => AnthropicReply
  handle(request: IncomingMessage, body: string, response: ServerResponse): void
}

/** The model's name for callers. */
export const CLAUDE = 'anthropic/scripted'

/** The script of `/v1/messages` for `scriptedProvider`. */
export function scriptedAnthropic(): ScriptedAnthropic {
  const provider: ScriptedAnthropic = {
    asked: [],
    reply: answerTo,
    handle({ headers }, text, response) {
      const body = JSON.parse(text) as AnthropicPrompt
      provider.asked.push({ body, headers })
      const reply = provider.reply(body)
      if ('events' in reply) return void stream(reply, response)
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(reply.json))
    },
  }
  beforeEach(() => {
    provider.asked.length = 0
    provider.reply = answerTo
  })
  return provider
}

async function stream(
  { events, end = 'closed' }: Extract<AnthropicReply, { events: unknown }>,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    await wait(0) // each event in a packet of its own
  }
  if (end === 'closed') response.end()
  if (end === 'lost') response.destroy()
}

const USAGE = { input_tokens: 11, cache_creation_input_tokens: 0, cache_read_input_tokens: 5 }
const MESSAGE = { id: 'msg_scripted', type: 'message', role: 'assistant', model: 'scripted' }

export const SAID = 'Grüezi, 世界 😀!\n"x"'
const THOUGHT = { type: 'thinking', thinking: 'Which city? Zürich.', signature: 'EqQBCgYIAxgC+/==' }
/** Its members are in an order that parsing in JavaScript keeps. */
const CALL = {
  type: 'tool_use',
  id: 'toolu_scripted',
  name: 'weather',
  input: { unit: '°C', city: 'Zürich "HB"', days: [1, 2.5] },
}

/** Thinks if it may, and calls a tool if it has one and no result yet. */
function answerTo({ stream: streams, tools, thinking, messages }: AnthropicPrompt): AnthropicReply {
  const hasResult = JSON.stringify(messages.at(-1)).includes('tool_result')
  const calls = tools !== undefined && !hasResult
  const content = [
    ...(thinking === undefined ? [] : [THOUGHT]),
    { type: 'text', text: SAID },
    ...(calls ? [CALL] : []),
  ]
  const stop_reason = calls ? 'tool_use' : 'end_turn'
  const usage = { ...USAGE, output_tokens: 7 }
  if (streams !== true)
    return { json: { ...MESSAGE, content, stop_reason, stop_sequence: null, usage } }
  return {
    events: [
      ...begun(),
      ...content.flatMap((block, index) => blockEvents(block, index)),
      {
        type: 'message_delta',
        delta: { stop_reason, stop_sequence: null },
        usage: { output_tokens: 7 },
      },
      { type: 'message_stop' },
    ],
  }
}

/** The events before the first block. */
export function begun(): AnthropicEvent[] {
  const usage = { ...USAGE, output_tokens: 1 }
  const message = { ...MESSAGE, content: [], stop_reason: null, stop_sequence: null, usage }
  return [{ type: 'message_start', message }, { type: 'ping' }]
}

/** The events of a block, its text in pieces. */
export function blockEvents(block: object, index: number): AnthropicEvent[] {
  const { type, ...members } = block as Record<string, unknown>
  const delta = (kind: string, name: string, piece: unknown): AnthropicEvent => ({
    type: 'content_block_delta',
    index,
    delta: { type: kind, [name]: piece },
  })
  const pieces = (text: unknown) => String(text).match(/.{1,4}/gsu) ?? []
  const parts = {
    text: () => [
      { text: '' },
      ...pieces(members['text']).map((one) => delta('text_delta', 'text', one)),
    ],
    thinking: () => [
      { thinking: '', signature: '' },
      ...pieces(members['thinking']).map((one) => delta('thinking_delta', 'thinking', one)),
      delta('signature_delta', 'signature', members['signature']),
    ],
    tool_use: () => [
      { ...members, input: {} },
      ...['', ...pieces(JSON.stringify(members['input']))].map((one) =>
        delta('input_json_delta', 'partial_json', one),
      ),
    ],
  }
  const [empty, ...deltas] = parts[type as keyof typeof parts]() as [object, ...AnthropicEvent[]]
  return [
    { type: 'content_block_start', index, content_block: { type, ...empty } },
    ...deltas,
    { type: 'content_block_stop', index },
  ]
}
