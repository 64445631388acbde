import { USAGE } from '../stack/scripted-provider.ts'
import { piecesOf } from './wire.ts'
import type { Body, Said, Wire } from './wire.ts'

const FACTS = { created: 1_790_000_000, model: 'scripted' }
const error = (message: string) => ({
  error: { message, type: 'invalid_request_error', param: null, code: null },
})

const functionCalls = (calls: NonNullable<Said['calls']>) =>
  calls.map(({ id, ...called }) => ({ id, type: 'function', function: called }))

function message({ calls, ...said }: Said) {
  return calls === undefined
    ? { role: 'assistant', content: (said as { text: string }).text }
    : { role: 'assistant', content: null, tool_calls: functionCalls(calls) }
}

const finish = ({ calls }: Said) => (calls === undefined ? 'stop' : 'tool_calls')

function deltas(said: Said): object[] {
  if (said.calls === undefined) return piecesOf(said.text).map((content) => ({ content }))
  return said.calls.flatMap(({ id, name, arguments: text }, index) => [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    ...piecesOf(text).map((piece) => ({
      tool_calls: [{ index, function: { arguments: piece } }],
    })),
  ])
}

/** https://platform.openai.com/docs/api-reference/chat */
export const chat: Wire = {
  json: (said) => ({
    ...FACTS,
    id: `chatcmpl-${said.id}`,
    object: 'chat.completion',
    choices: [{ index: 0, message: message(said), finish_reason: finish(said) }],
    usage: USAGE,
  }),
  events(said) {
    const chunk = (choices: unknown[], more = {}) => ({
      data: {
        ...FACTS,
        id: `chatcmpl-${said.id}`,
        object: 'chat.completion.chunk',
        choices,
        ...more,
      },
    })
    return [{ role: 'assistant', content: said.calls === undefined ? '' : null }, ...deltas(said)]
      .map((delta) => chunk([{ index: 0, delta, finish_reason: null }]))
      .concat(chunk([{ index: 0, delta: {}, finish_reason: finish(said) }]))
      .concat(chunk([], { usage: USAGE }))
  },
  end: '[DONE]',
  error,
}

/** https://platform.openai.com/docs/api-reference/completions */
export const completions: Wire = {
  json: (said) => completion(said, 'text' in said ? said.text : '', 'stop', USAGE),
  events: (said) => [
    ...piecesOf('text' in said ? said.text : '').map((text) => ({
      data: completion(said, text, null),
    })),
    { data: completion(said, '', 'stop') },
    { data: { ...completion(said, '', null, USAGE), choices: [] } },
  ],
  end: '[DONE]',
  error,
}

function completion({ id }: Said, text: string, finish_reason: string | null, usage?: object) {
  const choices = [{ index: 0, text, logprobs: null, finish_reason }]
  const more = usage === undefined ? {} : { usage }
  return { ...FACTS, id: `cmpl-${id}`, object: 'text_completion', choices, ...more }
}

/** https://platform.openai.com/docs/api-reference/embeddings */
export function embeddings(body: Body): unknown {
  const inputs = Array.isArray(body.input) ? body.input : [body.input]
  const data = inputs.map((input, index) => {
    // Halves and quarters are exact in single precision, the form that base64 carries.
    const vector = [String(input).length / 4, index / 2, 0.25]
    const bytes = Buffer.from(new Float32Array(vector).buffer)
    const embedding = body.encoding_format === 'base64' ? bytes.toString('base64') : vector
    return { object: 'embedding', index, embedding }
  })
  const usage = { prompt_tokens: 5, total_tokens: 5 }
  return { object: 'list', data, model: 'scripted', usage }
}
