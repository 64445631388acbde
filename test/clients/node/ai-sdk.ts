import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai'
import type { LanguageModel } from 'ai'
import * as z from 'zod'
import type { Address, Client } from '../client.ts'
import { abandon, collect, HEADERS, MODELS, refusalOf, WEATHER, weatherIn } from '../client.ts'

const openai = ({ url, key }: Address) =>
  createOpenAI({ baseURL: `${url}/v1`, apiKey: key, headers: HEADERS })

/** The same calls for every model, as the SDK intends. */
function languageModel(connect: (at: Address) => LanguageModel, at: Address) {
  const model = connect(at)
  const pieces = async function* (prompt: string, abortSignal?: AbortSignal) {
    let failure: unknown
    const onError = ({ error }: { error: unknown }) => void (failure = error)
    const { stream } = streamText({ model, prompt, onError, ...(abortSignal && { abortSignal }) })
    for await (const part of stream) {
      if (part.type === 'text-delta') yield part.text
      // An abort is a part of the stream here, not an error.
      if (part.type === 'abort') throw new DOMException(part.reason, 'AbortError')
    }
    if (failure !== undefined) throw failure
  }
  return {
    async chat(prompt: string) {
      const { text, content, finishReason, usage } = await generateText({ model, prompt })
      return { text, whole: { content, finishReason, usage } }
    },
    stream: (prompt: string) => collect(pieces(prompt)),
    async tools(prompt: string) {
      const cities: string[] = []
      const weather = tool({
        description: WEATHER.description,
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => {
          cities.push(city)
          return weatherIn(city)
        },
      })
      const tools = { [WEATHER.name]: weather }
      const { text } = await generateText({ model, prompt, tools, stopWhen: isStepCount(3) })
      return { text, cities }
    },
    async structured(prompt: string) {
      const schema = z.object({ city: z.string(), celsius: z.number() })
      const { output } = await generateText({ model, prompt, output: Output.object({ schema }) })
      return output
    },
    wrongKey: (asked: string) =>
      refusalOf(generateText({ model: connect({ ...at, key: asked }), prompt: asked })),
    badRequest: (prompt: string) => refusalOf(generateText({ model, prompt })),
    async headers(prompt: string) {
      const { response } = await generateText({ model, prompt })
      return response.headers ?? {}
    },
    abort(asked: string) {
      const controller = new AbortController()
      return abandon(pieces(asked, controller.signal), () => controller.abort())
    },
  }
}

const embeddings = (at: Address) => async (asked: string) => {
  const model = openai(at).embedding(MODELS.openai)
  return (await embedMany({ model, values: [asked, 'And this.'] })).embeddings
}

/** `openai(…)`, the default: the Responses API, without state. */
export const aiSdkResponses = (at: Address): Omit<Client, 'models'> => ({
  ...languageModel((to) => openai(to)(MODELS.responses), at),
  embeddings: embeddings(at),
})

/** `openai.chat(…)`. */
export const aiSdkChat = (at: Address): Omit<Client, 'models'> => ({
  ...languageModel((to) => openai(to).chat(MODELS.openai), at),
  embeddings: embeddings(at),
})

/** `anthropic(…)`. */
export const aiSdkAnthropic = (at: Address): Omit<Client, 'models' | 'embeddings'> =>
  languageModel(
    ({ url, key }) =>
      createAnthropic({ baseURL: `${url}/v1`, apiKey: key, headers: HEADERS })(MODELS.anthropic),
    at,
  )
