import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'

type Exchange = [request: IncomingMessage, response: ServerResponse]

/** LiteLLM's place is taken by the test: each request waits until the test answers it. */
const upstream = createServer()
const asked = async () => (await once(upstream, 'request')) as Exchange
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`

beforeAll(async () => {
  upstream.listen(addresses.scriptedPort, '127.0.0.1')
  await once(upstream, 'listening')
})
afterAll(() => {
  upstream.closeAllConnections()
  upstream.close()
})

/** A streaming request that the test may abort. */
function post(signal: AbortSignal): Promise<Response> {
  return fetch(`${addresses.scripted}/v1/chat/completions`, {
    method: 'POST',
    signal,
    body: JSON.stringify({
      model: 'scripted',
      stream: true,
      messages: [{ role: 'user', content: crypto.randomUUID() }],
    }),
  })
}

describe('in workerd, over real connections', () => {
  it('the first chunk reaches the caller before LiteLLM has sent the second', async () => {
    const exchange = asked()
    const answer = post(new AbortController().signal)
    const [, response] = await exchange
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk('first'))
    const reader = (await answer).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(chunk('first'))
    response.end(chunk('second'))
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(chunk('second'))
    expect((await reader.read()).done).toBe(true)
  })

  it('a caller who leaves ends the call to LiteLLM, and nothing is kept', async () => {
    const exchange = asked()
    const caller = new AbortController()
    const answer = post(caller.signal)
    const [, response] = await exchange
    const closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const talking = setInterval(() => response.write(chunk('more')), 20)
    const { body, headers } = await answer
    await body!.getReader().read()
    caller.abort()
    await closed
    clearInterval(talking)
    expect(response.writableFinished).toBe(false)
    const id = headers.get('x-cache-key')
    const point = await fetch(`${addresses.qdrant}/collections/llm_exact_cache/points/${id}`)
    expect(point.status).toBe(404)
  })

  it('an answer that breaks off breaks off for the caller, too', async () => {
    const exchange = asked()
    const answer = post(new AbortController().signal)
    const [, response] = await exchange
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk('first'))
    const { body } = await answer
    const reader = body!.getReader()
    await reader.read()
    response.destroy()
    await expect(reader.read()).rejects.toThrow()
  })
})
