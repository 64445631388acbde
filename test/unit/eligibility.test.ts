import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/cache/json.ts'
import { eligibility } from '../../src/semantic/eligibility.ts'

const limits = { minQuestionShare: 0.5, maxChars: 1_000, maxMessages: 4 }
const user = (content: unknown) => ({ role: 'user', content }) as JsonObject
const system = (content: string) => ({ role: 'system', content })
const judge = (messages: unknown[], over: Record<string, unknown> = {}) =>
  eligibility({ model: 'm', messages, ...over } as JsonObject, limits)
const QUESTION = 'Why is the sky blue?'

describe('a request that a semantic hit may answer', () => {
  it.each<[string, unknown[], Record<string, unknown>]>([
    ['is one question', [user(QUESTION)], {}],
    ['may have a short system prompt', [system('Be brief.'), user(QUESTION)], {}],
    ['may be one part of text', [user([{ type: 'text', text: QUESTION }])], {}],
    [
      'may follow a short exchange',
      [user('Hi'), { role: 'assistant', content: 'Hello', refusal: null }, user(QUESTION)],
      {},
    ],
    [
      'may have anything that is null or false, and one answer in plain text',
      [user(QUESTION)],
      { n: 1, logprobs: false, seed: null, future: null, response_format: { type: 'text' } },
    ],
    [
      'may have settings that the namespace keeps apart',
      [user(QUESTION)],
      {
        temperature: 0.5,
        top_p: 1,
        max_tokens: 5,
        max_completion_tokens: 5,
        stop: ['a', 'b'],
        presence_penalty: 1,
        frequency_penalty: 1,
        reasoning_effort: 'low',
        verbosity: 'low',
        service_tier: 'auto',
      },
    ],
    [
      'may have what is outside the key',
      [user(QUESTION)],
      {
        cache: {},
        stream: true,
        stream_options: { include_usage: true },
        user: 'ann',
        prompt_cache_key: 'k',
        safety_identifier: 's',
        metadata: { session_id: 's' },
      },
    ],
    ['may be half of all text', [system('1234567890'), user('1234567890')], {}],
    ['may be as long as the limit', [user('x'.repeat(1_000))], {}],
  ])('%s', (_, messages, over) => {
    expect(judge(messages, over)).toHaveProperty('text')
  })

  it.each<[string, string, unknown[], Record<string, unknown>]>([
    ['tools', 'tools', [user(QUESTION)], { tools: [] }],
    ['functions', 'functions', [user(QUESTION)], { functions: [{}] }],
    ['tool_choice', 'tool_choice', [user(QUESTION)], { tool_choice: 'auto' }],
    ['a tool result', 'tools', [{ role: 'tool', content: 'x' }, user(QUESTION)], {}],
    [
      'a tool call',
      'tool_calls',
      [{ role: 'assistant', content: null, tool_calls: [{}] }, user(QUESTION)],
      {},
    ],
    ['a schema', 'response_format', [user(QUESTION)], { response_format: { type: 'json_object' } }],
    ['a seed, also 0', 'seed', [user(QUESTION)], { seed: 0 }],
    ['several answers', 'n', [user(QUESTION)], { n: 2 }],
    ['a stop that is no text', 'stop', [user(QUESTION)], { stop: [7] }],
    [
      'a member that the gateway does not know',
      'guided_json',
      [user(QUESTION)],
      { guided_json: {} },
    ],
    ['a member whose name fits no header', 'unknown member', [user(QUESTION)], { 'a\r\nb': 1 }],
    ['a picture', 'image_url', [user([{ type: 'image_url', image_url: {} }])], {}],
    ['sound', 'input_audio', [user([{ type: 'input_audio' }])], {}],
    ['a part of null', 'content', [user([null])], {}],
    [
      'a part with more than its text',
      'cache_control',
      [user([{ type: 'text', text: QUESTION, cache_control: {} }])],
      {},
    ],
    [
      'several parts of text',
      'content',
      [
        user([
          { type: 'text', text: QUESTION },
          { type: 'text', text: 'b' },
        ]),
      ],
      {},
    ],
    ['a member of a message', 'prefix', [{ ...user(QUESTION), prefix: true }], {}],
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
  ])('does not have %s: %s', (_, reason, messages, over) => {
    expect(judge(messages, over)).toEqual({ reason })
  })
})
