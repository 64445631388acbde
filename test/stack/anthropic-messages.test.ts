import { once as listening } from 'node:events'
import { createServer } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { begun, blockEvents, CLAUDE, SAID, scriptedAnthropic } from './scripted-anthropic.ts'
import { scriptedProvider } from './scripted-provider.ts'
import { stored, watchedFetch } from './watched-fetch.ts'

const anthropic = scriptedAnthropic()
scriptedProvider({
  '/v1/messages': anthropic.handle,
  // LiteLLM translates for its `openai/*` models.
  '/v1/responses': (_request, _body, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of responseEvents()) {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    }
    response.end()
  },
})
const { sent, fetch } = watchedFetch()
beforeEach(() => void sent.splice(0))

/** Anthropic's client with its default settings, except for the address. */
const client = new Anthropic({ baseURL: addresses.keyed, apiKey: addresses.masterKey, fetch })
/** The same without retries. LiteLLM's own are switched off by `num_retries`. */
const once = new Anthropic({
  baseURL: addresses.keyed,
  apiKey: addresses.masterKey,
  fetch,
  maxRetries: 0,
})

type Params = Anthropic.MessageCreateParamsNonStreaming
/** A request that was never sent before. */
const question = (over: Partial<Params> = {}): Params => ({
  model: CLAUDE,
  max_tokens: 2_048,
  messages: [{ role: 'user', content: `Say something. ${crypto.randomUUID()}` }],
  ...over,
})
const outcomes = () => sent.map(({ answer }) => answer.headers.get('x-cache'))
/** A message as the API sends it, without what the SDK adds. */
const plain = (message: Anthropic.Message) =>
  JSON.parse(
    JSON.stringify(message, (name, value) => (name === 'parsed_output' ? undefined : value)),
  ) as Anthropic.Message

const tools: Anthropic.Tool[] = [
  {
    name: 'weather',
    description: 'The weather in a city.',
    input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  },
]

describe("Anthropic's Node client with messages", () => {
  it.each(['create', 'stream'] as const)(
    'gets the same message on a miss by %s and on hits in both modes',
    async (first) => {
      const asked = question({ tools, thinking: { type: 'enabled', budget_tokens: 1_024 } })
      const ask = {
        create: () => client.messages.create(asked),
        stream: () => client.messages.stream(asked).finalMessage(),
      }
      const seen: Anthropic.Message[] = []
      for (const mode of [first, 'stream', 'create'] as const) {
        seen.push(plain(await ask[mode]()))
        await stored(sent)
      }
      expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
      expect(anthropic.asked).toHaveLength(1)
      const [live, ...hits] = seen as [Anthropic.Message, ...Anthropic.Message[]]
      expect(live.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use'])
      expect(live.stop_reason).toBe('tool_use')
      for (const hit of hits) {
        expect(hit).toMatchObject(JSON.parse(JSON.stringify(live)) as object)
        // The next request repeats it, so every byte counts.
        expect(JSON.stringify(hit.content)).toBe(JSON.stringify(live.content))
      }
    },
  )

  it('gets hits for a whole conversation with a tool', async () => {
    const start = question({ tools })
    const converse = async () => {
      const messages = [...start.messages]
      for (let turn = 0; turn < 2; turn += 1) {
        const answer = await client.messages.stream({ ...start, messages }).finalMessage()
        messages.push({ role: 'assistant', content: plain(answer).content })
        const call = answer.content.find((block) => block.type === 'tool_use')
        if (call === undefined) break
        const result = { type: 'tool_result' as const, tool_use_id: call.id, content: 'sunny' }
        messages.push({ role: 'user', content: [result] })
      }
      await stored(sent)
      return messages
    }
    const live = await converse()
    expect(live).toHaveLength(4)
    expect(await converse()).toEqual(live)
    expect(outcomes()).toEqual(['miss', 'miss', 'exact-hit', 'exact-hit'])
    expect(anthropic.asked).toHaveLength(2)
  })

  it('sends the provider its parameters and betas, and nothing of the cache', async () => {
    const asked = question({
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1; cch=00000;' },
        { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
      ],
      metadata: { user_id: 'ada' },
      stop_sequences: ['END'],
    })
    const betas = ['interleaved-thinking-2025-05-14']
    await client.beta.messages.create({ ...asked, betas } as never)
    const [{ body, headers }] = anthropic.asked as [(typeof anthropic.asked)[0]]
    expect(body).not.toHaveProperty('cache')
    expect(body).toMatchObject({
      system: asked.system,
      metadata: { user_id: 'ada' },
      stop_sequences: ['END'],
    })
    expect(headers['anthropic-beta']).toContain(betas[0])
  })

  it("neither reads nor writes LiteLLM's semantic cache", async () => {
    const asked = question()
    /** Asks LiteLLM itself, which then uses its cache. */
    const direct = async () => {
      const before = anthropic.asked.length
      const answer = await globalThis.fetch(`${addresses.litellm}/v1/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${addresses.masterKey}`,
        },
        body: JSON.stringify(asked),
      })
      expect(answer.status).toBe(200)
      await answer.text()
      return anthropic.asked.length === before ? 'hit' : 'miss'
    }
    await client.messages.create(asked)
    await stored(sent)
    expect(await direct()).toBe('miss') // the gateway's call was not written
    const again: string[] = []
    while (again.at(-1) !== 'hit' && again.length < 50) again.push(await direct())
    expect(again.at(-1)).toBe('hit') // LiteLLM has an entry now
    const before = anthropic.asked.length
    await client.messages.create(asked, { headers: { 'cache-control': 'no-cache' } })
    expect(outcomes().at(-1)).toBe('refresh')
    expect(anthropic.asked).toHaveLength(before + 1) // the gateway's call did not read it
  })

  it('raises an abort in the middle of a stream, of which nothing is stored', async () => {
    anthropic.reply = () => ({
      events: [...begun(), ...blockEvents({ type: 'text', text: 'Half of it' }, 0)],
      end: 'open',
    })
    const asked = question()
    const stream = client.messages.stream(asked)
    stream.on('text', () => stream.abort())
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError)
    const only = client.messages.create(asked, { headers: { 'cache-control': 'only-if-cached' } })
    await expect(only).rejects.toMatchObject({ status: 504, type: 'api_error' })
  })

  it('gets an estimate of the tokens anew each time, because a count may come next time', async () => {
    const { model, messages } = question()
    for (const _ of [1, 2]) {
      const { input_tokens } = await client.messages.countTokens({ model, messages })
      expect(input_tokens).toBeGreaterThan(4)
    }
    expect(outcomes()).toEqual(['miss', 'miss'])
  })

  it("gets the same answers of a model that is not Anthropic's", async () => {
    const asked = question({ model: 'openai/gpt-4o', tools })
    const live = plain(await client.messages.stream(asked).finalMessage())
    await stored(sent)
    const hits = [
      plain(await client.messages.stream(asked).finalMessage()),
      plain(await client.messages.create(asked)),
    ]
    expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
    expect(live).toMatchObject({
      content: [
        { type: 'text', text: SAID },
        { type: 'tool_use', name: 'weather', input: { city: 'Zürich' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 3, output_tokens: 2 },
    })
    expect(hits).toEqual([live, live])
  })
})

describe("Anthropic's Node client with errors of messages", () => {
  it.each([
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
  ] as const)("raises a provider's %i in both modes", async (status, raised, type) => {
    const message = `The provider said ${status}.`
    anthropic.reply = () => ({ status, json: { type: 'error', error: { type, message } } })
    const asked = { ...question(), num_retries: 0 }
    for (const ask of [
      () => once.messages.create(asked),
      () => once.messages.stream(asked).finalMessage(),
    ]) {
      const refused = ask()
      await expect(refused).rejects.toBeInstanceOf(raised)
      await expect(refused).rejects.toMatchObject({ status, type })
      await expect(refused).rejects.toThrow(message)
    }
  })

  it('raises an error in the middle of a stream, of which nothing is stored', async () => {
    const asked = question()
    const half = [...begun(), ...blockEvents({ type: 'text', text: SAID }, 0)]
    const error = { type: 'overloaded_error', message: 'Overloaded' }
    anthropic.reply = () => ({ events: [...half, { type: 'error', error }] })
    const failed = once.messages.stream(asked).finalMessage()
    await expect(failed).rejects.toBeInstanceOf(Anthropic.APIError)
    await expect(failed).rejects.toMatchObject({ type: 'overloaded_error' })
    anthropic.reply = () => ({ events: half, end: 'lost' })
    const lost = once.messages.stream(asked).finalMessage()
    await expect(lost).rejects.toMatchObject({ type: 'api_error' })
    anthropic.reply = () => ({ events: half })
    await expect(once.messages.stream(asked).finalMessage()).rejects.toThrow()
    expect(outcomes()).toEqual(['miss', 'miss', 'miss'])
    expect(anthropic.asked).toHaveLength(3)
  })

  it("raises the gateway's own errors", async () => {
    const refused = once.messages.create(question({ messages: [] }))
    await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError)
    await expect(refused).rejects.toThrow('messages must be a list of messages.')
    const stranger = new Anthropic({ baseURL: addresses.keyed, apiKey: 'sk-wrong', fetch })
    await expect(stranger.messages.create(question())).rejects.toMatchObject({
      status: 401,
      type: 'authentication_error',
    })
    expect(anthropic.asked).toHaveLength(0)
  })

  it("raises what LiteLLM answers in OpenAI's shape", async () => {
    // LiteLLM needs a database to know a budget, so a server of this test answers as LiteLLM.
    const error = { message: 'Over budget.', type: 'budget_exceeded', param: null, code: '429' }
    const upstream = createServer((_, response) =>
      response
        .writeHead(429, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error })),
    ).listen(addresses.scriptedPort, '127.0.0.1')
    await listening(upstream, 'listening')
    const here = new Anthropic({ baseURL: addresses.scripted, apiKey: 'any', fetch, maxRetries: 0 })
    for (const ask of [
      () => here.messages.create(question()),
      () => here.messages.stream(question()).finalMessage(),
    ]) {
      const refused = ask()
      await expect(refused).rejects.toBeInstanceOf(Anthropic.RateLimitError)
      await expect(refused).rejects.toMatchObject({
        type: 'rate_limit_error',
        apiMessage: 'Over budget.',
        errorCode: 'budget_exceeded',
      })
    }
    upstream.closeAllConnections()
    upstream.close()
  })
})

/** OpenAI's events for a text and a tool call (https://platform.openai.com/docs/api-reference/responses-streaming). */
function responseEvents(): { type: string }[] {
  const response = { id: 'resp_scripted', object: 'response', created_at: 1_790_000_000 }
  const begun = {
    ...response,
    model: 'gpt-4o',
    status: 'in_progress',
    output: [],
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
  }
  const content = [{ type: 'output_text', text: SAID, annotations: [] }]
  const said = { id: 'msg_a', type: 'message', role: 'assistant', status: 'completed', content }
  const args = '{"city":"Zürich"}'
  const call = { id: 'fc_a', type: 'function_call', call_id: 'call_a', name: 'weather' }
  const called = { ...call, status: 'completed', arguments: args }
  const inText = { item_id: 'msg_a', output_index: 0, content_index: 0 }
  const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
  const events = [
    { type: 'response.created', response: begun },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...said, status: 'in_progress', content: [] },
    },
    ...Array.from(SAID, (delta) => ({ type: 'response.output_text.delta', ...inText, delta })),
    { type: 'response.output_item.done', output_index: 0, item: said },
    { type: 'response.output_item.added', output_index: 1, item: { ...called, arguments: '' } },
    ...Array.from(args, (delta) => ({
      type: 'response.function_call_arguments.delta',
      item_id: 'fc_a',
      output_index: 1,
      delta,
    })),
    { type: 'response.output_item.done', output_index: 1, item: called },
    {
      type: 'response.completed',
      response: { ...begun, status: 'completed', output: [said, called], usage },
    },
  ]
  return events.map((event, sequence_number) => ({ ...event, sequence_number }))
}
