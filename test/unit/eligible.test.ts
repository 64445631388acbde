import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/cache/json.ts'
import { eligibility } from '../../src/semantic/eligible.ts'

const limits = { minQuestionShare: 0.5, maxChars: 1_000, maxMessages: 4 }
const user = (content: unknown) => ({ role: 'user', content }) as JsonObject
const system = (content: string) => ({ role: 'system', content })
const judge = (messages: unknown[], over: Record<string, unknown> = {}) =>
  eligibility({ model: 'm', messages, ...over } as JsonObject, limits)
const QUESTION = 'Why is the sky blue?'

describe('what may be matched by meaning', () => {
  it.each<[string, unknown[], Record<string, unknown>]>([
    ['one question', [user(QUESTION)], {}],
    ['with a short system prompt', [system('Be brief.'), user(QUESTION)], {}],
    ['in parts of text', [user([{ type: 'text', text: QUESTION }])], {}],
    [
      'after a short exchange',
      [user('Hi'), { role: 'assistant', content: 'Hello' }, user(QUESTION)],
      {},
    ],
    ['with what is as good as absent', [user(QUESTION)], { n: 1, logprobs: false, seed: null }],
    ['with settings that the namespace keeps apart', [user(QUESTION)], { temperature: 0.5 }],
    ['half of all text', [system('1234567890'), user('1234567890')], {}],
    ['as long as may be', [user('x'.repeat(1_000))], {}],
  ])('%s', (_, messages, over) => {
    expect(judge(messages, over)).toHaveProperty('wording')
  })

  it.each<[string, string, unknown[], Record<string, unknown>]>([
    ['tools', 'tools', [user(QUESTION)], { tools: [] }],
    ['functions', 'tools', [user(QUESTION)], { functions: [{}] }],
    ['tool_choice', 'tools', [user(QUESTION)], { tool_choice: 'auto' }],
    ['a tool result', 'tools', [{ role: 'tool', content: 'x' }, user(QUESTION)], {}],
    [
      'a tool call',
      'tools',
      [{ role: 'assistant', content: null, tool_calls: [{}] }, user(QUESTION)],
      {},
    ],
    ['web search', 'web search', [user(QUESTION)], { web_search_options: {} }],
    ['a schema', 'response_format', [user(QUESTION)], { response_format: { type: 'json_object' } }],
    ['log probabilities', 'logprobs', [user(QUESTION)], { logprobs: true }],
    ['a seed, also 0', 'seed', [user(QUESTION)], { seed: 0 }],
    ['several answers', 'n', [user(QUESTION)], { n: 2 }],
    ['sound to come', 'audio', [user(QUESTION)], { audio: { voice: 'alloy' } }],
    ['a picture', 'images', [user([{ type: 'image_url', image_url: {} }])], {}],
    ['sound', 'audio', [user([{ type: 'input_audio' }])], {}],
    ['a file', 'files', [user([{ type: 'file' }])], {}],
    ['a part of null', 'content', [user([null])], {}],
    ['five messages', 'conversation', Array.from({ length: 5 }, () => user(QUESTION)), {}],
    [
      'a beginning of the answer',
      'last message',
      [user('Q'), { role: 'assistant', content: 'A' }],
      {},
    ],
    [
      'more instructions than question',
      'share 0.49',
      [system('x'.repeat(51)), user('x'.repeat(49))],
      {},
    ],
    ['much text', '1001 characters', [user('x'.repeat(1_001))], {}],
    ['no text', 'no text', [user(' ')], {}],
    ['null', 'message', [null], {}],
  ])('not with %s: %s', (_, why, messages, over) => {
    expect(judge(messages, over)).toEqual({ why })
  })
})
