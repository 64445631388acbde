import { Hono } from 'hono'
import type { Context } from 'hono'

/** A request to the fake, as it arrived. */
export interface Asked {
  readonly path: string
  readonly url: string
  readonly headers: Headers
  readonly text: string
  /** The body as it arrived. */
  readonly bytes: Uint8Array
  /** The parsed JSON; empty for a form. */
  readonly body: Record<string, unknown>
  /** The parsed form. */
  readonly form: FormData | undefined
  /** Fires when the gateway closes the connection. */
  readonly signal: AbortSignal
}

export type Answer = (asked: Asked) => Response | Promise<Response>

/** A request to the decision model, as it arrived. */
export interface Judged {
  readonly model: string
  readonly input: string
  readonly questions: readonly { readonly name: string; readonly instructions: string }[]
  /** The parsed `input`. */
  readonly pair: { readonly a: string; readonly b: string }
  readonly headers: Headers
  readonly signal: AbortSignal
}

/** A LiteLLM that records its requests and answers as the test says. */
export class FakeLiteLlm {
  readonly asked: Asked[] = []
  answer: Answer
  /** The keys that were checked by their model list, and LiteLLM's answer to that. */
  readonly checked: string[] = []
  models: (key: string, isCheck: boolean) => Response | Promise<Response> = (_, isCheck) =>
    modelList([isCheck ? '*' : 'small'])
  /** The keys whose owner was requested, and LiteLLM's answer to that. */
  readonly looked: string[] = []
  keyInfo: (key: string) => Response | Promise<Response> = () => keyInfo({})
  /** The answer to operators about version and cache. */
  diagnostics: () => Response = () =>
    Response.json({ status: 'healthy', litellm_version: '1.105.3', cache: 'qdrant-semantic' })
  /** The requests to the decision model, in order, and its answer. */
  readonly judged: Judged[] = []
  judge: (judged: Judged) => Response | Promise<Response> = () => verdict(0.97)
  private readonly app = new Hono()

  constructor(answer: Answer = ({ body }) => completion({ model: body['model'] as string })) {
    this.answer = answer
    // A broken connection instead of a 500 with a stack trace in the test's output.
    this.app.onError((error) => {
      throw error
    })
    const keyOf = (c: Context) => c.req.header('authorization')?.replace('Bearer ', '') ?? ''
    this.app.get('/key/info', (c) => {
      this.looked.push(keyOf(c))
      return this.keyInfo(keyOf(c))
    })
    this.app.get('/v1/models', (c) => {
      const key = keyOf(c)
      const isCheck = c.req.query('return_wildcard_routes') === 'true'
      if (isCheck) this.checked.push(key)
      return this.models(key, isCheck)
    })
    this.app.get('/health/liveliness', (c) => c.json("I'm alive!"))
    this.app.get('/health/readiness/details', () => this.diagnostics())
    this.app.post('/v1/decisions', async (c, next) => {
      const body = await c.req.json<Omit<Judged, 'pair' | 'headers'>>()
      // Anything else is a caller's decision.
      if (!body.questions.some(({ name }) => name === 'a_answers_b')) return next()
      const pair = JSON.parse(body.input) as Judged['pair']
      const judged = { ...body, pair, headers: c.req.raw.headers, signal: c.req.raw.signal }
      this.judged.push(judged)
      return this.judge(judged)
    })
    this.app.post('*', async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer())
      const { headers, signal } = c.req.raw
      const isForm = headers.get('content-type')?.startsWith('multipart/')
      const form = isForm ? await new Response(bytes, { headers }).formData() : undefined
      const text = new TextDecoder().decode(bytes)
      const body = isForm ? {} : (JSON.parse(text) as Record<string, unknown>)
      const { path, url } = c.req
      const asked = { path, url, headers, text, bytes, body, form, signal }
      this.asked.push(asked)
      return this.answer(asked)
    })
  }

  fetch = (request: Request) => this.app.fetch(request)
}

/** A decision model's answer with these probabilities. */
export function verdict(
  same: unknown,
  addressesJudge: unknown = 0,
  { otherWay = same, headers = {} }: { otherWay?: unknown; headers?: Record<string, string> } = {},
): Response {
  const answer = (name: string, probability: unknown) => ({ type: 'predicate', name, probability })
  const answers = [
    answer('a_answers_b', same),
    answer('b_answers_a', otherWay),
    answer('addresses_judge', addressesJudge),
  ]
  return Response.json({ model: 'judge', answers, usage: { input_tokens: 12 } }, { headers })
}

/** The models of a key, as LiteLLM lists them. */
export function modelList(names: readonly string[]): Response {
  return Response.json({ object: 'list', data: names.map((id) => ({ id })) })
}

/** LiteLLM 1.105's answer to `/key/info`, without team and user unless given. */
export function keyInfo(over: Record<string, unknown>): Response {
  const info = {
    key_name: 'sk-...key1',
    key_alias: null,
    spend: 0.25,
    expires: null,
    models: [],
    aliases: {},
    user_id: null,
    team_id: null,
    metadata: {},
    blocked: null,
    status: 'active',
    ...over,
  }
  return Response.json({ key: 'c0ffee', info })
}

/** An error in LiteLLM's shape. */
export function litellmError(status: number, type: string): Response {
  const error = { message: 'no', type, param: 'None', code: String(status) }
  return Response.json({ error }, { status })
}

/** A chat completion, with anything in it replaced. */
export function completion(
  over: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json(completionBody(over), { headers })
}

export function completionBody(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: 'small',
    choices: [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Air scatters.' } },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
    ...over,
  }
}

/** The chunks of a short streamed answer, as LiteLLM sends them. */
export function chunks(over: Record<string, unknown> = {}): string[] {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'small',
      choices,
      ...over,
      ...more,
    })}\n\n`
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: 'Air ' } }]),
    chunk([{ index: 0, delta: { content: 'scatters.' } }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } }),
    'data: [DONE]\n\n',
  ]
}

/** A stream of these parts, each its own chunk. */
export function eventStream(
  parts: readonly string[],
  headers: Record<string, string> = {},
): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part))
      controller.close()
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers },
  })
}
