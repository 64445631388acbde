import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import * as z from 'zod'
import type { Address, Client } from '../client.ts'
import { abandon, collect, HEADERS, MODELS, refusalOf, WEATHER, weatherIn } from '../client.ts'

const model = MODELS.anthropic
const paramsOf = (content: string) => ({
  model,
  max_tokens: 200,
  messages: [{ role: 'user' as const, content }],
})

const connect = ({ url, key }: Address) =>
  new Anthropic({ baseURL: url, apiKey: key, defaultHeaders: HEADERS })

/** Runs the tools by `client.beta.messages.toolRunner`, by default on a thread of the server's. */
export async function runTools(at: Address, asked: string, thread: { thread?: false } = {}) {
  const cities: string[] = []
  const tool = betaZodTool({
    name: WEATHER.name,
    description: WEATHER.description,
    inputSchema: z.object({ city: z.string() }),
    run({ city }) {
      cities.push(city)
      return weatherIn(city)
    },
  })
  const params = { ...paramsOf(asked), tools: [tool], ...thread }
  const last = await connect(at).beta.messages.toolRunner(params)
  return { text: textOf(last.content), cities }
}

/** `client.messages`, and the tool runner with `thread: false`. */
export function anthropicMessages(at: Address): Omit<Client, 'embeddings'> {
  const client = connect(at)
  const pieces = async function* (asked: string, signal?: AbortSignal) {
    for await (const event of client.messages.stream(paramsOf(asked), { signal })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
        yield event.delta.text
      }
    }
  }
  return {
    async chat(asked) {
      const whole = await client.messages.create(paramsOf(asked))
      return { text: textOf(whole.content), whole }
    },
    stream: (asked) => collect(pieces(asked)),
    tools: (asked) => runTools(at, asked, { thread: false }),
    async structured(asked) {
      const format = zodOutputFormat(z.object({ city: z.string(), celsius: z.number() }))
      const { parsed_output } = await client.messages.parse({
        ...paramsOf(asked),
        output_config: { format },
      })
      return parsed_output!
    },
    async models() {
      const ids = (await Array.fromAsync(client.models.list())).map(({ id }) => id)
      return { ids, one: (await client.models.retrieve(ids[0]!)).id }
    },
    wrongKey: (asked) =>
      refusalOf(client.withOptions({ apiKey: asked }).messages.create(paramsOf(asked))),
    badRequest: (asked) => refusalOf(client.messages.create(paramsOf(asked))),
    async headers(asked) {
      const { response } = await client.messages.create(paramsOf(asked)).withResponse()
      return Object.fromEntries(response.headers)
    },
    abort(asked) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}

const textOf = (content: readonly { type: string; text?: string }[]) =>
  content.map(({ text = '' }) => text).join('')
