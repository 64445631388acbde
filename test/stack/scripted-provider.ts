import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { addresses } from './client.ts'
import { SCRIPTS } from './scripted-answers.ts'

/** The members of a request to the provider that its script reads. */
export interface Prompt {
  /** Of `POST /v1/responses`, which has no messages. */
  readonly input?: string | readonly { readonly type?: string }[]
  readonly text?: { readonly format?: { readonly type: string } }
  /** What OpenAI repeats in a response. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly user?: string
  readonly safety_identifier?: string
  readonly prompt_cache_key?: string
  readonly stream?: boolean
  readonly tools?: readonly unknown[]
  readonly messages: readonly { readonly role: string; readonly content: string | null }[]
}

/** The provider's answer: a status with JSON, or 200 with these events and `[DONE]`. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly json: unknown }
  | { readonly events: readonly unknown[] }
  /**
   * 200 with this text of a stream, then `repeated` without end, if given: LiteLLM notices that a
   * caller has left when it passes something on.
   */
  | { readonly stream: string; readonly repeated?: string }

/** A form that LiteLLM sent to the provider. */
export interface Upload {
  readonly path: string
  readonly texts: readonly (readonly [name: string, value: string])[]
  readonly files: readonly { field: string; name: string; type: string; bytes: Buffer }[]
}

/** An OpenAI-shaped provider behind LiteLLM's `openai/*` models. */
export interface ScriptedProvider {
  /** The requests of the current test. */
  readonly asked: Prompt[]
  /** How often LiteLLM left before the answer ended, in the current test. */
  left: number
  /** The script, by the path without `/v1`; `answerTo` again at the start of each test. */
  reply: (prompt: Prompt, path: string) => Reply
  /** The forms of the current test, and the JSON that answers each. */
  readonly uploads: Upload[]
  replyToUpload: (upload: Upload) => unknown
}

/** The model's name for callers. */
export const MODEL = 'openai/scripted'

/** Answers a request to one path of the provider. */
type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void

/** Starts the provider for the tests of this file. `paths` has the scripts of other APIs. */
export function scriptedProvider(paths: Readonly<Record<string, Handler>> = {}): ScriptedProvider {
  const provider: ScriptedProvider = {
    asked: [],
    left: 0,
    reply: answerTo,
    uploads: [],
    replyToUpload: () => ({}),
  }
  const server = createServer((request, response) => {
    // LiteLLM asks some providers for their models when it starts.
    if (request.method !== 'POST') return void response.writeHead(404).end()
    void buffer(request).then(async (bytes) => {
      if (request.headers['content-type']?.startsWith('multipart/')) {
        const upload = await uploadOf(request, bytes)
        provider.uploads.push(upload)
        response.writeHead(200, { 'content-type': 'application/json' })
        return response.end(JSON.stringify(provider.replyToUpload(upload)))
      }
      const body = bytes.toString()
      const handler = paths[request.url ?? '']
      if (handler !== undefined) return handler(request, body, response)
      const prompt = JSON.parse(body) as Prompt
      provider.asked.push(prompt)
      const reply = provider.reply(prompt, request.url?.replace('/v1', '') ?? '')
      if ('stream' in reply) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(reply.stream)
        const { repeated } = reply
        if (repeated === undefined) return response.end()
        const talking = setInterval(() => response.write(repeated), 20)
        return response.on('close', () => {
          clearInterval(talking)
          provider.left += 1
        })
      }
      if ('events' in reply) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const event of [...reply.events.map((one) => JSON.stringify(one)), '[DONE]']) {
          response.write(`data: ${event}\n\n`)
        }
        return response.end()
      }
      const headers = { 'content-type': 'application/json', ...reply.headers }
      return response.writeHead(reply.status ?? 200, headers).end(JSON.stringify(reply.json))
    })
  })
  beforeAll(async () => {
    server.listen(addresses.providerPort, '127.0.0.1')
    await once(server, 'listening')
  })
  beforeEach(() => {
    provider.asked.length = 0
    provider.left = 0
    provider.uploads.length = 0
    provider.reply = answerTo
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return provider
}

async function uploadOf({ url = '', headers }: IncomingMessage, body: Buffer): Promise<Upload> {
  const type = { 'content-type': headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers: type }).formData()
  const texts: [string, string][] = []
  const files: Upload['files'][number][] = []
  for (const [field, value] of form) {
    if (typeof value === 'string') texts.push([field, value])
    else {
      const bytes = Buffer.from(await value.arrayBuffer())
      files.push({ field, name: value.name, type: value.type, bytes })
    }
  }
  return { path: url, texts, files }
}

const FACTS = { id: 'chatcmpl-scripted', created: 1_790_000_000, model: 'scripted' }
export const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }

/** Two parallel calls whose arguments contain characters that are easily lost. */
export const TOOL_CALLS = [
  { id: 'call_a', name: 'weather', arguments: '{"city":"Zürich","unit":"°C"}' },
  { id: 'call_b', name: 'weather', arguments: '{"city":"S\\u00e3o \\"Paulo\\"\\n"}' },
]

export const TEXT = 'Grüezi, 世界 😀!'

/**
 * What another API answers by its script. For chat, tool calls if the request has tools and no results
 * yet; otherwise text.
 */
export function answerTo(prompt: Prompt, path = ''): Reply {
  const script = SCRIPTS[path]
  if (script !== undefined) return script({ ...prompt })
  const { stream = false, tools, messages } = prompt
  const calls = tools !== undefined && messages.at(-1)?.role !== 'tool'
  if (!stream)
    return { json: calls ? completion(toolMessage, 'tool_calls') : completion(TEXT_MESSAGE) }
  return { events: calls ? chunks(toolDeltas(), 'tool_calls') : chunks(textDeltas()) }
}

const TEXT_MESSAGE = { role: 'assistant', content: TEXT }
const toolMessage = {
  role: 'assistant',
  content: null,
  tool_calls: TOOL_CALLS.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
}

function completion(message: unknown, finish_reason = 'stop') {
  const choices = [{ index: 0, message, finish_reason }]
  return { ...FACTS, object: 'chat.completion', choices, usage: USAGE }
}

/** The text, one character per delta. */
function textDeltas(): unknown[] {
  return [{ role: 'assistant', content: '' }, ...Array.from(TEXT, (content) => ({ content }))]
}

/** Tool calls as OpenAI streams them: the name, then pieces of the arguments, each with an `index`. */
function toolDeltas(): unknown[] {
  const delta = (index: number, more: object) => ({ tool_calls: [{ index, ...more }] })
  const calls = TOOL_CALLS.flatMap(({ id, name, arguments: text }, index) => [
    delta(index, { id, type: 'function', function: { name, arguments: '' } }),
    ...text.match(/.{1,5}/gsu)!.map((piece) => delta(index, { function: { arguments: piece } })),
  ])
  return [{ role: 'assistant', content: null }, ...calls]
}

function chunks(deltas: readonly unknown[], finish_reason = 'stop'): unknown[] {
  const object = 'chat.completion.chunk'
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    ...FACTS,
    object,
    choices: [{ index: 0, delta, finish_reason }],
  })
  const usage = { ...FACTS, object, choices: [], usage: USAGE }
  return [...deltas.map((delta) => chunk(delta)), chunk({}, finish_reason), usage]
}
