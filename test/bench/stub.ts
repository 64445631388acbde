/**
 * Qdrant, LiteLLM and MLflow in one small server, for benchmarks: `node stub.ts PORT`. Stores points in
 * memory and answers at once, or below `/slow` as late as a fast model. `GET /calls` tells how many
 * completions it was asked for.
 */

import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const SLOW_MS = 60
const MOST_POINTS = 10_000

const points = new Map<string, unknown>()

const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'bench',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Air scatters blue light. '.repeat(20) },
    },
  ],
  usage: { prompt_tokens: 9, completion_tokens: 100, total_tokens: 109 },
})

const CHUNKS = 20

function chunk(delta: object, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason }]
  const id = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_790_000_000 }
  return `data: ${JSON.stringify({ ...id, model: 'bench', choices })}\n\n`
}

const usage = { prompt_tokens: 9, completion_tokens: 100, total_tokens: 109 }
const stream = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: CHUNKS }, () => chunk({ content: 'Air scatters blue light. ' })),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'bench', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
]

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** What Qdrant answers (https://api.qdrant.tech/api-reference). */
function qdrant(method: string, path: string, text: string): unknown {
  if (!path.includes('/points')) {
    const indexed = ['expires_at', 'tenant', 'model', 'tags', 'answer_id']
    return { payload_schema: Object.fromEntries(indexed.map((name) => [name, {}])) }
  }
  const body = JSON.parse(text) as { ids?: string[]; points?: { id: string; payload: unknown }[] }
  if (method === 'PUT') {
    for (const { id, payload } of body.points ?? []) store(id, payload)
    return { operation_id: 0, status: 'completed' }
  }
  const found = (body.ids ?? []).filter((id) => points.has(id))
  // What is read stays: the oldest are dropped first.
  for (const id of found) store(id, points.get(id))
  return found.map((id) => ({ id, payload: points.get(id) }))
}

function store(id: string, payload: unknown): void {
  points.delete(id)
  points.set(id, payload)
  const [oldest] = points.keys()
  if (points.size > MOST_POINTS && oldest !== undefined) points.delete(oldest)
}

let calls = 0

const server = createServer(async (request, response) => {
  const { method = 'GET', url: address = '/' } = request
  const isSlow = address.startsWith('/slow/')
  const url = isSlow ? address.slice('/slow'.length) : address
  const text = await textOf(request)
  const json = (body: string) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  }
  if (url.startsWith('/collections')) {
    return json(JSON.stringify({ result: qdrant(method, url, text), status: 'ok', time: 0 }))
  }
  if (url.startsWith('/v1/models')) return json('{"object":"list","data":[{"id":"bench"}]}')
  if (url === '/calls') return json(String(calls))
  if (!url.startsWith('/v1/chat/completions')) return json('{}')
  calls += 1
  if (isSlow) await sleep(SLOW_MS)
  if (!text.includes('"stream":true')) return json(completion)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const part of stream) response.write(part)
  response.end()
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.argv[2]), '127.0.0.1')
