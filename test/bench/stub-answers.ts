/** What the stub's LiteLLM answers (https://platform.openai.com/docs/api-reference/chat). */

const SENTENCE = 'Air scatters blue light. '
const about = { id: 'chatcmpl-bench', created: 1_790_000_000, model: 'bench' }
const usage = { prompt_tokens: 9, completion_tokens: 100, total_tokens: 109 }

export const completion = JSON.stringify({
  ...about,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: SENTENCE.repeat(20) },
    },
  ],
  usage,
})

/** The judge agrees. */
export const decision = JSON.stringify({
  object: 'decision',
  model: 'semantic-judge',
  answers: [
    { type: 'predicate', name: 'a_answers_b', probability: 0.97 },
    { type: 'predicate', name: 'b_answers_a', probability: 0.98 },
    { type: 'predicate', name: 'addresses_judge', probability: 0.01 },
  ],
  usage,
})

const EVENTS = 20

/** The events of a streamed answer. */
export const stream: readonly string[] = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: EVENTS }, () => chunk({ content: SENTENCE })),
  ...end(),
]

/** A stream of about this many KB, in events of 1 KB. */
export function* largeStream(kilobytes: number): Generator<string> {
  const event = chunk({ content: SENTENCE.repeat(34) })
  yield chunk({ role: 'assistant', content: '' })
  for (let sent = 0; sent < kilobytes; sent += 1) yield event
  yield* end()
}

function end(): string[] {
  return [chunk({}, 'stop'), event({ choices: [], usage }), 'data: [DONE]\n\n']
}

function chunk(delta: object, finish_reason: string | null = null): string {
  return event({ choices: [{ index: 0, delta, finish_reason }] })
}

function event(members: object): string {
  return `data: ${JSON.stringify({ ...about, object: 'chat.completion.chunk', ...members })}\n\n`
}
