import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/cache/json.ts'
import { eligibility } from '../../src/semantic/eligibility.ts'

const limits = { minQuestionShare: 0.5, maxChars: 1_000, maxMessages: 4 }
const user = (content: unknown) => ({ role: 'user', content }) as JsonObject
const system = (content: string) => ({ role: 'system', content })
const judge = (messages: unknown[], over: Record<string, unknown> = {}) =>
  eligibility({ model: 'm', messages, ...over } as JsonObject, limits)
const QUESTION = 'Why is the sky blue?'

describe('eligibility for a semantic hit', () => {
  it.each<[string, unknown[], Record<string, unknown>]>([
    ['a single user message', [user(QUESTION)], {}],
    ['a short system prompt', [system('Be brief.'), user(QUESTION)], {}],
    ['one text part', [user([{ type: 'text', text: QUESTION }])], {}],
    [
      'a short earlier exchange',
      [user('Hi'), { role: 'assistant', content: 'Hello', refusal: null }, user(QUESTION)],
      {},
    ],
    [
      'members that are null, false, or ask for one plain-text answer',
      [user(QUESTION)],
      { n: 1, logprobs: false, seed: null, future: null, response_format: { type: 'text' } },
    ],
    [
      'settings that are part of the namespace',
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
      'members that do not count in the cache key',
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
    ['a last message with half of all text', [system('1234567890'), user('1234567890')], {}],
    ['a last message of exactly SEMANTIC_MAX_CHARS', [user('x'.repeat(1_000))], {}],
  ])('is given to %s', (_, messages, over) => {
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
    ['a stop that is not text', 'stop', [user(QUESTION)], { stop: [7] }],
    [
      'a member that the gateway does not know',
      'guided_json',
      [user(QUESTION)],
      { guided_json: {} },
    ],
    [
      'a member whose name cannot stand in a header',
      'unknown member',
      [user(QUESTION)],
      { 'a\r\nb': 1 },
    ],
    ['an image', 'image_url', [user([{ type: 'image_url', image_url: {} }])], {}],
    ['audio', 'input_audio', [user([{ type: 'input_audio' }])], {}],
    ['a content part that is null', 'content', [user([null])], {}],
    [
      'a text part with another member',
      'cache_control',
      [user([{ type: 'text', text: QUESTION, cache_control: {} }])],
      {},
    ],
    [
      'several text parts',
      'content',
      [
        user([
          { type: 'text', text: QUESTION },
          { type: 'text', text: 'b' },
        ]),
      ],
      {},
    ],
    ['an unknown member in a message', 'prefix', [{ ...user(QUESTION), prefix: true }], {}],
    ['five messages', 'conversation', Array.from({ length: 5 }, () => user(QUESTION)), {}],
    [
      'an assistant turn at the end',
      'last message',
      [user('Q'), { role: 'assistant', content: 'A' }],
      {},
    ],
    [
      'more system prompt than question',
      'share 0.49',
      [system('x'.repeat(51)), user('x'.repeat(49))],
      {},
    ],
    ['more text than SEMANTIC_MAX_CHARS', '1001 characters', [user('x'.repeat(1_001))], {}],
    ['an empty question', 'no text', [user(' ')], {}],
    ['null', 'message', [null], {}],
  ])('is refused to %s, with the reason "%s"', (_, reason, messages, over) => {
    expect(judge(messages, over)).toEqual({ reason })
  })
})
