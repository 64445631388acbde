import OpenAI from 'openai'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { answerTo, MODEL, scriptedProvider, TEXT, TOOL_CALLS, USAGE } from './scripted-provider.ts'
import { stored, watchedFetch } from './watched-fetch.ts'

const provider = scriptedProvider()
const { sent, fetch } = watchedFetch()
beforeEach(() => void sent.splice(0))

const baseURL = `${addresses.keyed}/v1`
/** OpenAI's client with its default settings, except for the address and semantic hits. */
const client = new OpenAI({
  baseURL,
  apiKey: addresses.masterKey,
  fetch,
  // These questions differ only in an id, so a semantic hit would match them.
  defaultHeaders: { 'x-cache-semantic': 'off' },
})

type Params = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>
/** A request that was never sent before. */
const question = (): Params => ({
  model: MODEL,
  messages: [{ role: 'user', content: `Say something. ${crypto.randomUUID()}` }],
})
const outcomes = () => sent.map(({ answer }) => answer.headers.get('x-cache'))

describe("OpenAI's Node client with chat completions", () => {
  it('retrieves a listed model and raises NotFoundError for another', async () => {
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toContain('local-chat-model')
    expect(await client.models.retrieve('local-chat-model')).toMatchObject({
      id: 'local-chat-model',
      object: 'model',
    })
    const missing = client.models.retrieve('vendor/no:such')
    await expect(missing).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(missing).rejects.toMatchObject({ code: 'model_not_found', param: 'model' })
  })

  it('gets the same chat completion on a miss and on a hit', async () => {
    const asked = question()
    const made = await client.chat.completions.create(asked)
    expect(made.choices[0]!.message.content).toBe(TEXT)
    expect(made.usage).toMatchObject(USAGE)
    await stored(sent)
    const again = await client.chat.completions.create(asked)
    expect(again).toEqual(made)
    expect(outcomes()).toEqual(['miss', 'exact-hit'])
    expect(provider.asked).toHaveLength(1)
  })

  it('gets the requested usage of a stream in a chunk without choices, on a miss and on a hit', async () => {
    const asked = { ...question(), stream: true, stream_options: { include_usage: true } } as const
    const ends: unknown[] = []
    for (const _ of ['miss', 'hit']) {
      const chunks = await Array.fromAsync(await client.chat.completions.create(asked))
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(TEXT)
      for (const chunk of chunks.slice(0, -1)) expect(chunk.usage ?? null).toBeNull()
      ends.push(chunks.at(-1))
      await stored(sent)
    }
    const end = expect.objectContaining({ choices: [], usage: expect.objectContaining(USAGE) })
    expect(ends).toEqual([end, end])
    expect(outcomes()).toEqual(['miss', 'exact-hit'])
  })

  it('gets no usage in a stream without asking for it, on a miss and on a hit', async () => {
    const asked = { ...question(), stream: true } as const
    for (const _ of ['miss', 'hit']) {
      const chunks = await Array.fromAsync(await client.chat.completions.create(asked))
      expect(chunks.map((chunk) => chunk.choices[0]!.delta.content ?? '').join('')).toBe(TEXT)
      for (const chunk of chunks) expect(chunk.usage ?? null).toBeNull()
      await stored(sent)
    }
    expect(outcomes()).toEqual(['miss', 'exact-hit'])
  })
})

const tool = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
} as const

/** The tool calls in a message, without members that depend on who accumulated them. */
const callsOf = ({ tool_calls = [] }: OpenAI.ChatCompletionMessage) =>
  tool_calls.map((call) => {
    if (call.type !== 'function') throw new Error(`a ${call.type} call`)
    const { name, arguments: text } = call.function
    return { id: call.id, name, arguments: text }
  })

describe("OpenAI's Node client with tool calls", () => {
  it.each(['stream', 'JSON'])(
    'gets the same calls on a miss as %s and on hits in both modes',
    async (first) => {
      const asked = { ...question(), tools: [tool] }
      const ask = {
        stream: () => client.chat.completions.stream(asked).finalChatCompletion(),
        JSON: () => client.chat.completions.create(asked),
      }
      for (const mode of [first, 'stream', 'JSON'] as ('stream' | 'JSON')[]) {
        const { choices } = await ask[mode]()
        expect(choices).toHaveLength(1)
        expect(choices[0]!.finish_reason).toBe('tool_calls')
        expect(callsOf(choices[0]!.message)).toEqual(TOOL_CALLS)
        await stored(sent)
      }
      expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
      expect(provider.asked).toHaveLength(1)
    },
  )

  it('runs its functions with runTools, and the second run consists of hits', async () => {
    const asked = question()
    const cities: string[] = []
    const runnable = {
      ...tool.function,
      parse: JSON.parse as (text: string) => { city: string },
      function: ({ city }: { city: string }) => `${cities.push(city)}. sunny`,
    }
    const run = () => {
      cities.length = 0
      const tools = [{ type: tool.type, function: runnable }]
      return client.chat.completions.runTools({ ...asked, stream: true, tools }).finalContent()
    }
    expect(await run()).toBe(TEXT)
    await stored(sent)
    expect(await run()).toBe(TEXT)
    expect(cities).toEqual(['Zürich', 'São "Paulo"\n'])
    expect(outcomes()).toEqual(['miss', 'miss', 'exact-hit', 'exact-hit'])
    expect(provider.asked).toHaveLength(2)
  })
})

describe("OpenAI's Node client with errors", () => {
  it('raises a wrong key as AuthenticationError', async () => {
    const stranger = new OpenAI({ baseURL, apiKey: 'sk-wrong', fetch })
    const refused = stranger.chat.completions.create(question())
    await expect(refused).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_api_key', status: 401 })
    expect(sent).toHaveLength(1)
  })

  it('raises a 400 of the gateway or the provider as BadRequestError', async () => {
    const refused = client.chat.completions.create({ ...question(), model: '' })
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'model' })
    const error = { message: 'too hot', type: 'invalid_request_error', param: 'temperature' }
    provider.reply = () => ({ status: 400, json: { error } })
    const upstream = client.chat.completions.create(question())
    await expect(upstream).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(upstream).rejects.toThrow('too hot')
    expect(sent).toHaveLength(2)
  })

  it('raises an unserved route as NotFoundError', async () => {
    const refused = client.files.list()
    await expect(refused).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(refused).rejects.toMatchObject({
      code: 'not_found',
      type: 'invalid_request_error',
    })
  })

  it.each([
    [{ 'retry-after-ms': '700' }, 700],
    [{ 'retry-after': '1' }, 1_000],
  ])(
    "retries a provider's 429 with %j no sooner than that allows, and succeeds",
    async (headers, waitMs) => {
      // Otherwise LiteLLM would retry before the client sees the 429.
      const asked = { ...question(), num_retries: 0 }
      const json = { error: { message: 'slow down', type: 'rate_limit_error' } }
      provider.reply = (prompt) =>
        provider.asked.length === 1 ? { status: 429, headers, json } : answerTo(prompt)
      const { choices } = await client.chat.completions.create(asked)
      expect(choices[0]!.message.content).toBe(TEXT)
      expect(sent.map(({ answer }) => answer.status)).toEqual([429, 200])
      const [first, second] = sent
      expect(second!.sentAt - first!.answeredAt).toBeGreaterThanOrEqual(waitMs)
    },
  )

  it('does not retry a 5xx with x-should-retry: false', async () => {
    const headers = { 'cache-control': 'only-if-cached' }
    const absent = client.chat.completions.create(question(), { headers })
    await expect(absent).rejects.toBeInstanceOf(OpenAI.InternalServerError)
    await expect(absent).rejects.toMatchObject({ status: 504, code: 'not_in_cache' })
    expect(sent).toHaveLength(1)
    expect(provider.asked).toHaveLength(0)
  })
})
