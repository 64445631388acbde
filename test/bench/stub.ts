/**
 * Qdrant, LiteLLM, MLflow and the data centre's cache in one small server, for benchmarks: `node stub.ts PORT`. Stores points in
 * memory and answers at once. Below `/slow`, LiteLLM is as late as a fast model; below `/semantic`, it
 * answers from its semantic cache; below `/large`, it streams as many KB as the request has
 * `max_tokens`. `GET /calls` tells how many completions it was asked for.
 */

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { completion, decision, largeStream, stream } from './stub-answers.ts'
import { CACHE_HEADER, cacheAnswer } from './stub-cache.ts'
import { qdrant, setOriginal } from './stub-qdrant.ts'

const SLOW_MS = 60

let calls = 0

const server = createServer(async (request, response) => {
  const { method = 'GET', url: address = '/' } = request
  const [, mode, url = '/'] = /^(?:\/(slow|semantic|large)(?=\/))?(.*)$/.exec(address)!
  const sent = await bytesOf(request)
  const cache = request.headers[CACHE_HEADER]
  if (cache !== undefined) {
    const { status, headers, body } = cacheAnswer(cache === 'storing', method, address, sent)
    return response.writeHead(status, headers).end(body)
  }
  const text = sent.toString()
  const json = (body: string, headers: Readonly<Record<string, string>> = {}) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
  }
  if (url.startsWith('/collections')) {
    return json(JSON.stringify({ result: qdrant(method, url, text), status: 'ok', time: 0 }))
  }
  if (url.startsWith('/v1/models')) return json('{"object":"list","data":[{"id":"bench"}]}')
  if (url.startsWith('/v1/decisions')) return json(decision)
  if (url === '/calls') return json(String(calls))
  if (!url.startsWith('/v1/chat/completions')) return json('{}')
  calls += 1
  if (mode === 'large') return sendLarge(text, response)
  if (mode === 'semantic') return json(completion, semanticHit(text))
  if (mode === 'slow') await sleep(SLOW_MS)
  if (!text.includes('"stream":true')) return json(completion)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const part of stream) response.write(part)
  response.end()
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.argv[2]), '127.0.0.1')

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** LiteLLM's headers of a semantic hit, whose original Qdrant then knows. None for other requests. */
function semanticHit(text: string): Record<string, string> {
  const { cache } = JSON.parse(text) as { cache?: { namespace: string } }
  if (cache === undefined) return {}
  setOriginal(cache.namespace)
  return {
    'x-litellm-cache-key': `${cache.namespace}:bench`,
    'x-litellm-semantic-similarity': '0.97',
  }
}

async function sendLarge(text: string, response: ServerResponse): Promise<void> {
  const { max_tokens } = JSON.parse(text) as { max_tokens: number }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  await pipeline(Readable.from(largeStream(max_tokens)), response)
}
