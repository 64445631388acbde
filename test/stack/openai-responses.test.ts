import { zstdCompressSync } from 'node:zlib'
import OpenAI from 'openai'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { addresses, send } from './client.ts'
import { scriptedProvider, TEXT, TOOL_CALLS } from './scripted-provider.ts'
import {
  answerToResponse,
  RESPONSE_USAGE,
  RESPONSES_MODEL,
  STRUCTURED,
  streamOf,
} from './scripted-responses.ts'
import { stored, watchedFetch } from './watched-fetch.ts'

const provider = scriptedProvider()
const { sent, fetch } = watchedFetch()
beforeEach(() => {
  sent.splice(0)
  provider.reply = answerToResponse
})

/** OpenAI's client with its default settings, except for the address. */
const client = new OpenAI({
  baseURL: `${addresses.keyed}/v1`,
  apiKey: addresses.masterKey,
  fetch,
})

type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>
/** A request that was never sent before. */
const question = (): Params => ({
  model: RESPONSES_MODEL,
  input: `Say something. ${crypto.randomUUID()}`,
  store: false,
  include: ['reasoning.encrypted_content'],
})
const outcomes = () => sent.map(({ answer }) => answer.headers.get('x-cache'))
/** A response without what the client has parsed or LiteLLM's two modes tell differently. */
const plain = (response: object) =>
  JSON.parse(
    JSON.stringify(response, (name, value: unknown) =>
      name.startsWith('parsed') || value === null ? undefined : value,
    ),
  ) as OpenAI.Responses.Response

describe("OpenAI's Node client with the Responses API", () => {
  it.each(['stream', 'JSON'])(
    'gets the same response on a miss as %s and on hits in both modes',
    async (first) => {
      const asked = question()
      const ask = {
        stream: () => client.responses.stream(asked).finalResponse(),
        JSON: () => client.responses.create(asked),
      }
      const answers: OpenAI.Responses.Response[] = []
      for (const mode of [first, 'stream', 'JSON'] as ('stream' | 'JSON')[]) {
        answers.push(plain(await ask[mode]()))
        await stored(sent)
      }
      const [made, ...hits] = answers
      expect(hits).toEqual([made, made])
      expect(made!.output_text).toBe(TEXT)
      expect(made!.output[0]).toMatchObject({ encrypted_content: 'gAAAAABscripted-_==' })
      expect(made!.usage).toMatchObject(RESPONSE_USAGE)
      expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
      expect(provider.asked).toHaveLength(1)
    },
  )

  it.each(['stream', 'JSON'])(
    'gets its own labels on hits in both modes, as LiteLLM gives them on a miss: %s',
    async (first) => {
      const asked = question()
      const ask = {
        stream: (labels: object) =>
          client.responses.stream({ ...asked, ...labels }).finalResponse(),
        JSON: (labels: object) => client.responses.create({ ...asked, ...labels }),
      }
      const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, `v${at}`]))
      const users = [
        {
          metadata: { team: 'one', '7': '«"»', n: 1, hidden_params: 'x' },
          user: 'ada',
          safety_identifier: 'ada-safe',
          prompt_cache_key: 'session-a',
        },
        { metadata: many, user: 'bob', safety_identifier: '', prompt_cache_key: 'session-b' },
      ]
      const labelsOf = async (mode: string, labels: object, fresh = false) => {
        // Another question is a miss, which shows what LiteLLM makes of the labels.
        const over = fresh ? { ...labels, input: `Say it. ${crypto.randomUUID()}` } : labels
        const said = await ask[mode as 'stream' | 'JSON'](over)
        await stored(sent)
        const { metadata, user, safety_identifier, prompt_cache_key } = plain(said)
        return { metadata, user, safety_identifier, prompt_cache_key }
      }
      const made = await labelsOf(first, users[0]!)
      expect(made).toMatchObject({ metadata: { team: 'one', '7': '«"»' }, user: 'ada' })
      for (const mode of ['stream', 'JSON']) {
        for (const labels of [...users, {}, { metadata: { n: 1 } }]) {
          const live = await labelsOf(mode, labels, true)
          expect(await labelsOf(mode, labels)).toEqual(live)
        }
      }
      const turns = Array.from({ length: 8 }, () => ['miss', 'exact-hit'])
      expect(outcomes()).toEqual(['miss', ...turns.flat()])
    },
  )

  it('gets a stream of valid events from a stored JSON answer', async () => {
    const asked = question()
    await client.responses.create(asked)
    await stored(sent)
    const events = await Array.fromAsync(await client.responses.create({ ...asked, stream: true }))
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()])
    const deltas = events.flatMap((one) => ('delta' in one ? String(one.delta) : []))
    expect(deltas).toEqual(['Greetings in many languages', TEXT])
    expect(outcomes()).toEqual(['miss', 'exact-hit'])
  })

  it('calls functions and continues with their results, and the second run consists of hits', async () => {
    const asked = question()
    const tools: OpenAI.Responses.FunctionTool[] = [
      {
        type: 'function',
        name: 'weather',
        strict: false,
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
      },
    ]
    const run = async () => {
      const turn = { ...asked, tools }
      const { output } = await client.responses.stream(turn).finalResponse()
      const calls = output.filter((item) => item.type === 'function_call')
      expect(calls.map(({ call_id, name, arguments: text }) => [call_id, name, text])).toEqual(
        TOOL_CALLS.map(({ id, name, arguments: text }) => [id, name, text]),
      )
      const results = calls.map(({ call_id }) => ({
        type: 'function_call_output' as const,
        call_id,
        output: 'sunny',
      }))
      const said = output.map((item) => plain(item)) as unknown as OpenAI.Responses.ResponseInput
      const input = [{ role: 'user' as const, content: String(asked.input) }, ...said, ...results]
      const last = await client.responses.create({ ...turn, input })
      await stored(sent)
      return last.output_text
    }
    expect([await run(), await run()]).toEqual([TEXT, TEXT])
    expect(outcomes()).toEqual(['miss', 'miss', 'exact-hit', 'exact-hit'])
    expect(provider.asked).toHaveLength(2)
  })

  it('parses a structured answer on a miss and on hits in both modes', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } }
    const format = { type: 'json_schema' as const, name: 'weather', schema, strict: false }
    const asked = { ...question(), text: { format } }
    const parsed = async (ask: () => Promise<{ output_text: string }>) => {
      const { output_text } = await ask()
      await stored(sent)
      return JSON.parse(output_text) as unknown
    }
    expect([
      await parsed(() => client.responses.parse(asked)),
      await parsed(() => client.responses.parse(asked)),
      await parsed(() => client.responses.stream(asked).finalResponse()),
    ]).toEqual([STRUCTURED, STRUCTURED, STRUCTURED])
    expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
  })

  it('gets a new response for each request that the provider stores', async () => {
    const asked = { ...question(), store: true }
    for (const _ of [1, 2]) await client.responses.create(asked)
    expect(outcomes()).toEqual(['bypass', 'bypass'])
    expect(provider.asked).toHaveLength(2)
  })

  it('raises a 400 of the gateway or the provider as BadRequestError', async () => {
    const refused = client.responses.create({ ...question(), input: 7 as never })
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', param: 'input' })
    const error = { message: 'too long', type: 'invalid_request_error', param: 'input' }
    provider.reply = () => ({ status: 400, json: { error } })
    const upstream = client.responses.create(question())
    await expect(upstream).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(upstream).rejects.toThrow('too long')
    expect(sent).toHaveLength(2)
  })

  it.each(['response.failed', 'response.incomplete', 'nothing'])(
    'gets a stream that ends with %s again from the provider',
    async (end) => {
      // Otherwise LiteLLM would ask another time by itself.
      const asked = { ...question(), num_retries: 0, stream: true } as const
      provider.reply = (prompt) => {
        const { json } = answerToResponse({ ...prompt, stream: false }) as { json: never }
        const whole = streamOf(json, end)
        return { stream: end === 'nothing' ? whole.slice(0, whole.lastIndexOf('event: ')) : whole }
      }
      const expected = end === 'nothing' ? 'response.failed' : end
      // Until its end is known, a finished call also answers those who come a moment later.
      await vi.waitFor(async () => {
        const events = await Array.fromAsync(await client.responses.create(asked))
        expect(events.at(-1)!.type).toBe(expected)
        expect(outcomes().length).toBeGreaterThan(1)
        expect(provider.asked.length).toBeGreaterThan(1)
      }, 10_000)
      expect(new Set(outcomes())).toEqual(new Set(['miss']))
    },
  )

  it('stops the provider if it aborts a stream, which is not stored', async () => {
    const asked = { ...question(), stream: true } as const
    provider.reply = (prompt) => {
      const { stream } = answerToResponse(prompt) as { stream: string }
      const events = stream.split(/(?<=\n\n)/)
      const delta = events.findIndex((event) => event.includes('response.output_text.delta'))
      return { stream: events.slice(0, delta).join(''), repeated: events[delta]! }
    }
    const stream = await client.responses.create(asked)
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') break
    }
    stream.controller.abort()
    await vi.waitFor(() => expect(provider.left).toBe(1), 10_000)
    provider.reply = answerToResponse
    const again = await client.responses.create(asked)
    for await (const _ of again);
    expect(outcomes()).toEqual(['miss', 'miss'])
  })
})

describe('a request compressed with zstd', () => {
  it('shares the entry of the same request sent uncompressed', async () => {
    // Long enough to need several blocks of every kind.
    const instructions = Array.from({ length: 20_000 }, (_, at) => `Rule ${at * at}.`).join(' ')
    const body = JSON.stringify({ ...question(), instructions, stream: true })
    const headers = {
      authorization: `Bearer ${addresses.masterKey}`,
      'content-type': 'application/json',
    }
    const ask = async (over: RequestInit) => {
      const url = `${addresses.keyed}/v1/responses`
      const answer = await fetch(url, { method: 'POST', headers, body, ...over })
      expect(answer.status).toBe(200)
      return answer.clone().text()
    }
    const compressed = {
      body: new Uint8Array(zstdCompressSync(body)),
      headers: { ...headers, 'content-encoding': 'zstd' },
    }
    const made = await ask(compressed)
    await vi.waitFor(async () => {
      // A hit has no keep-alive events and no padding.
      expect((await ask(compressed)).length).toBeLessThan(made.length)
    }, 5_000)
    await ask({})
    expect(outcomes().at(-1)).toBe('exact-hit')
    expect(provider.asked).toMatchObject([{ instructions }])
  })
})

describe("LiteLLM's semantic cache and the Responses API", () => {
  const points = async () => {
    const url = `${addresses.qdrant}/collections/litellm_semantic_cache/points/count`
    const headers = { 'content-type': 'application/json' }
    const counted = await globalThis.fetch(url, { method: 'POST', headers, body: '{"exact":true}' })
    return ((await counted.json()) as { result?: { count: number } }).result?.count ?? 0
  }

  it('takes no part: a reworded question is a miss, and nothing is stored there', async () => {
    const before = await points()
    const id = crypto.randomUUID()
    for (const words of [`What is the sky? ${id}`, `What is  the sky ${id}`]) {
      for (const stream of [false, true]) {
        const asked = { ...question(), input: `${words} ${stream}`, stream }
        const headers = { authorization: `Bearer ${addresses.masterKey}` }
        const { headers: got } = await send('/v1/responses', asked, {
          url: addresses.keyed,
          headers,
        })
        expect(got.get('x-cache')).toBe('miss')
        expect(got.get('cache-status')).not.toContain('litellm')
        expect(got.has('x-litellm-cache-key')).toBe(false)
      }
    }
    expect(provider.asked).toHaveLength(4)
    // The gateway's order to LiteLLM's cache goes no further.
    for (const prompt of provider.asked) expect(prompt).not.toHaveProperty('cache')
    expect(await points()).toBe(before)
  })

  it('takes no part in answers of a real model, which are hits in both modes', async () => {
    const asked = { model: 'local-chat-model', input: 'Say hello.', temperature: 0 }
    const ask = (stream: boolean) =>
      send('/v1/responses', { ...asked, user: 'u', stream }, { url: addresses.gateway })
    const made = await ask(true)
    expect(made.headers.get('x-cache')).toBe('miss')
    await vi.waitFor(async () => {
      const hit = await ask(true)
      expect(hit.headers.get('x-cache')).toBe('exact-hit')
      expect(hit.text).toBe(made.text)
    }, 5_000)
    const json = await ask(false)
    expect(json.headers.get('x-cache')).toBe('exact-hit')
    expect(JSON.parse(json.text)).toMatchObject({ object: 'response', status: 'completed' })
  })
})
