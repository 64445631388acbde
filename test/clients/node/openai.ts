import OpenAI from 'openai'
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import * as z from 'zod'
import type { Address, Client } from '../client.ts'
import { abandon, collect, HEADERS, MODELS, refusalOf, WEATHER, weatherIn } from '../client.ts'

const model = MODELS.openai
const report = z.object({ city: z.string(), celsius: z.number() })
type Message = OpenAI.ChatCompletionMessageParam
const messagesOf = (content: string): Message[] => [{ role: 'user', content }]

const connect = ({ url, key }: Address) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: key, defaultHeaders: HEADERS })

/** What all of OpenAI's APIs share. */
const common = (at: Address) => {
  const client = connect(at)
  return {
    async models() {
      const ids = (await Array.fromAsync(client.models.list())).map(({ id }) => id)
      return { ids, one: (await client.models.retrieve(ids[0]!)).id }
    },
    async embeddings(asked: string) {
      const { data } = await client.embeddings.create({ model, input: [asked, 'And this.'] })
      return data.map(({ embedding }) => embedding)
    },
  }
}

/** `client.chat.completions` and `client.embeddings`. */
export function chatCompletions(at: Address): Client {
  const client = connect(at)
  const ask = (content: string, by = client) =>
    by.chat.completions.create({ model, messages: messagesOf(content) })
  const pieces = async function* (content: string, signal?: AbortSignal) {
    const asked = { model, messages: messagesOf(content), stream: true } as const
    for await (const { choices } of await client.chat.completions.create(asked, { signal })) {
      yield choices[0]?.delta.content ?? ''
    }
  }
  return {
    ...common(at),
    async chat(asked) {
      const whole = await ask(asked)
      return { text: whole.choices[0]!.message.content ?? '', whole }
    },
    stream: (asked) => collect(pieces(asked)),
    async tools(asked) {
      const cities: string[] = []
      const { name, description, schema } = WEATHER
      const run = ({ city }: { city: string }) => {
        cities.push(city)
        return weatherIn(city)
      }
      const parse = JSON.parse as (text: string) => { city: string }
      const tool = { name, description, parameters: schema, parse, function: run }
      const runner = client.chat.completions.runTools({
        model,
        messages: messagesOf(asked),
        tools: [{ type: 'function', function: tool }],
      })
      return { text: (await runner.finalContent()) ?? '', cities }
    },
    async structured(asked) {
      const { choices } = await client.chat.completions.parse({
        model,
        messages: messagesOf(asked),
        response_format: zodResponseFormat(report, 'report'),
      })
      return choices[0]!.message.parsed!
    },
    wrongKey: (asked) => refusalOf(ask(asked, client.withOptions({ apiKey: asked }))),
    badRequest: (asked) => refusalOf(ask(asked)),
    async headers(asked) {
      const { response } = await ask(asked).withResponse()
      return Object.fromEntries(response.headers)
    },
    abort(asked) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}

/** `client.responses`. */
export function responses(at: Address): Client {
  const model = MODELS.responses
  const client = connect(at)
  const ask = (input: string, by = client) => by.responses.create({ model, input, store: false })
  const pieces = async function* (input: string, signal?: AbortSignal) {
    const asked = { model, input, store: false, stream: true } as const
    for await (const event of await client.responses.create(asked, { signal })) {
      if (event.type === 'response.output_text.delta') yield event.delta
    }
  }
  return {
    ...common(at),
    async chat(asked) {
      const whole = await ask(asked)
      return { text: whole.output_text, whole }
    },
    stream: (asked) => collect(pieces(asked)),
    async tools(asked) {
      const { name, description, schema } = WEATHER
      const parameters = schema
      const tools = [{ type: 'function' as const, name, description, parameters, strict: true }]
      const first = await client.responses.create({ model, input: asked, tools, store: false })
      const cities: string[] = []
      const results: OpenAI.Responses.ResponseInputItem[] = []
      for (const item of first.output) {
        if (item.type !== 'function_call') continue
        const { city } = JSON.parse(item.arguments) as { city: string }
        cities.push(city)
        const { call_id } = item
        results.push({ type: 'function_call_output', call_id, output: weatherIn(city) })
      }
      const input = [
        { role: 'user' as const, content: asked },
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        ...results,
      ]
      const last = await client.responses.create({ model, input, tools, store: false })
      return { text: last.output_text, cities }
    },
    async structured(asked) {
      const { output_parsed } = await client.responses.parse({
        model,
        input: asked,
        store: false,
        text: { format: zodTextFormat(report, 'report') },
      })
      return output_parsed!
    },
    wrongKey: (asked) => refusalOf(ask(asked, client.withOptions({ apiKey: asked }))),
    badRequest: (asked) => refusalOf(ask(asked)),
    async headers(asked) {
      const { response } = await ask(asked).withResponse()
      return Object.fromEntries(response.headers)
    },
    abort(asked) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}

/** `client.completions`, the legacy API. It knows neither tools nor schemas. */
export function completions(at: Address): Omit<Client, 'tools' | 'structured'> {
  const client = connect(at)
  const ask = (prompt: string, by = client) => by.completions.create({ model, prompt })
  const pieces = async function* (prompt: string, signal?: AbortSignal) {
    const asked = { model, prompt, stream: true } as const
    for await (const { choices } of await client.completions.create(asked, { signal })) {
      yield choices[0]?.text ?? ''
    }
  }
  return {
    ...common(at),
    async chat(asked) {
      const whole = await ask(asked)
      return { text: whole.choices[0]!.text, whole }
    },
    stream: (asked) => collect(pieces(asked)),
    wrongKey: (asked) => refusalOf(ask(asked, client.withOptions({ apiKey: asked }))),
    badRequest: (asked) => refusalOf(ask(asked)),
    async headers(asked) {
      const { response } = await ask(asked).withResponse()
      return Object.fromEntries(response.headers)
    },
    abort(asked) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}
