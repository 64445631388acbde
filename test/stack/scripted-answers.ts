import type { Reply } from './scripted-provider.ts'

type Body = Readonly<Record<string, unknown>>

export const COMPLETION_TEXT = 'Ebbe, 潮 und 🌊.'
export const COMPLETION_USAGE = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 }

/** What the scripted provider answers, by the path that LiteLLM calls. */
export const SCRIPTS: Readonly<Record<string, (body: Body) => Reply>> = {
  '/completions': completion,
  '/moderations': moderation,
  '/rerank': ranking,
}

/** As many choices as requested for each prompt; streams mix them, one character per chunk. */
function completion({ stream, prompt, n = 1, logprobs = null }: Body): Reply {
  const isMany = Array.isArray(prompt) && typeof prompt[0] !== 'number'
  const count = (isMany ? prompt.length : 1) * (n as number)
  const facts = { id: 'cmpl-scripted', object: 'text_completion', created: 1_790_000_000 }
  const choice = (index: number, text: string, finish_reason: string | null) => {
    const lists = { tokens: [text], token_logprobs: [-0.5], top_logprobs: [null], text_offset: [0] }
    return { index, text, finish_reason, logprobs: logprobs === null ? null : lists }
  }
  const chunk = (choices: unknown[], usage: unknown = null) => ({
    ...facts,
    model: 'scripted',
    choices,
    usage,
  })
  const indexes = Array.from({ length: count }, (_, index) => index)
  if (stream !== true) {
    const choices = indexes.map((index) => choice(index, COMPLETION_TEXT, 'stop'))
    return { json: chunk(choices, COMPLETION_USAGE) }
  }
  const pieces = [...COMPLETION_TEXT].flatMap((text) =>
    indexes.map((index) => chunk([choice(index, text, null)])),
  )
  const ends = indexes.map((index) => chunk([choice(index, '', 'stop')]))
  return { events: [...pieces, ...ends, chunk([], COMPLETION_USAGE)] }
}

/** A result for each text. A text is flagged if it mentions a shark. */
function moderation({ input, model }: Body): Reply {
  const texts = Array.isArray(input) ? input : [input]
  const results = texts.map((text) => {
    const violence = String(text).includes('shark')
    return { flagged: violence, categories: { violence }, category_scores: { violence: 0.25 } }
  })
  return { json: { id: 'modr-scripted', model: model ?? 'default', results } }
}

/** The last documents first. */
function ranking({ documents, top_n }: Body): Reply {
  const { length } = documents as unknown[]
  const indexes = Array.from({ length }, (_, index) => index).toReversed()
  const results = indexes.map((index, at) => ({ index, relevance_score: 1 / (at + 2) }))
  const usage = { total_tokens: 21 }
  return { json: { id: 'rank-scripted', results: results.slice(0, top_n as number), usage } }
}
