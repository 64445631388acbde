import { ChatAnthropic } from '@langchain/anthropic'
import { HumanMessage } from '@langchain/core/messages'
import type { AIMessage, BaseMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import * as z from 'zod'
import type { Address, Client, Weather } from '../client.ts'
import { abandon, collect, HEADERS, MODELS, refusalOf, WEATHER, weatherIn } from '../client.ts'

type Chat = ChatOpenAI | ChatAnthropic
type Fetch = typeof globalThis.fetch
type Connect = (at: Address, fetch?: Fetch) => Chat

const openai: Connect = ({ url, key }, fetch) =>
  new ChatOpenAI({
    model: MODELS.openai,
    apiKey: key,
    configuration: { baseURL: `${url}/v1`, defaultHeaders: HEADERS, ...(fetch && { fetch }) },
  })

const anthropic: Connect = ({ url, key }, fetch) =>
  new ChatAnthropic({
    model: MODELS.anthropic,
    apiKey: key,
    anthropicApiUrl: url,
    clientOptions: { defaultHeaders: HEADERS, ...(fetch && { fetch }) },
  })

const weather = (cities: string[]) =>
  tool(
    ({ city }: { city: string }) => {
      cities.push(city)
      return weatherIn(city)
    },
    {
      name: WEATHER.name,
      description: WEATHER.description,
      schema: z.object({ city: z.string() }),
    },
  )

function chatModel(connect: Connect, at: Address) {
  const chat = connect(at)
  const pieces = async function* (asked: string, signal?: AbortSignal) {
    for await (const { text } of await chat.stream(asked, signal && { signal })) yield text
  }
  return {
    async chat(asked: string) {
      const whole = await chat.invoke(asked)
      return { text: whole.text, whole: whole.toDict() }
    },
    stream: (asked: string) => collect(pieces(asked)),
    async tools(asked: string) {
      const cities: string[] = []
      const tools = [weather(cities)]
      const bound = chat.bindTools!(tools)
      const messages: BaseMessage[] = [new HumanMessage(asked)]
      const first = (await bound.invoke(messages)) as AIMessage
      messages.push(first)
      for (const call of first.tool_calls ?? []) {
        const result = (await tools[0]!.invoke(call)) as unknown as ToolMessage
        messages.push(result)
      }
      return { text: (await bound.invoke(messages)).text, cities }
    },
    structured: (asked: string): Promise<Weather> =>
      chat
        .withStructuredOutput<Weather>(z.object({ city: z.string(), celsius: z.number() }))
        .invoke(asked),
    wrongKey: (asked: string) => refusalOf(connect({ ...at, key: asked }).invoke(asked)),
    badRequest: (asked: string) => refusalOf(chat.invoke(asked)),
    /** LangChain shows no headers; the SDK below it takes a `fetch`. */
    async headers(asked: string) {
      let headers: Record<string, string> = {}
      const watched: Fetch = async (input, init) => {
        const response = await fetch(input, init)
        headers = Object.fromEntries(response.headers)
        return response
      }
      await connect(at, watched).invoke(asked)
      return headers
    },
    abort(asked: string) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}

/** `ChatOpenAI` and `OpenAIEmbeddings`. */
export function langchainOpenai(at: Address): Omit<Client, 'models'> {
  const vectors = new OpenAIEmbeddings({
    model: MODELS.openai,
    apiKey: at.key,
    configuration: { baseURL: `${at.url}/v1`, defaultHeaders: HEADERS },
  })
  return {
    ...chatModel(openai, at),
    embeddings: (asked) => vectors.embedDocuments([asked, 'And this.']),
  }
}

/** `ChatAnthropic`. */
export const langchainAnthropic = (at: Address): Omit<Client, 'models' | 'embeddings'> =>
  chatModel(anthropic, at)
