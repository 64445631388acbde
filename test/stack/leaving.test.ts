import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'

type Exchange = [request: IncomingMessage, response: ServerResponse]

/** A server in LiteLLM's place: each request waits until the test answers it. */
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

/** A streaming request that the test can abort. */
function post(signal: AbortSignal, content: string = crypto.randomUUID()): Promise<Response> {
  return fetch(`${addresses.scripted}/v1/chat/completions`, {
    method: 'POST',
    signal,
    body: JSON.stringify({
      model: 'scripted',
      stream: true,
      messages: [{ role: 'user', content }],
    }),
  })
}

describe('a stream over real connections in workerd', () => {
  it('reaches the caller chunk by chunk, before LiteLLM has sent the next', async () => {
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

  it('ends at LiteLLM and is not stored if the caller leaves', async () => {
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

  it('errors for the caller if LiteLLM breaks off', async () => {
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

  it('is sent from its first byte to a follower that joins late', async () => {
    const exchange = asked()
    const question = crypto.randomUUID()
    const { signal } = new AbortController()
    const early = post(signal, question)
    const [, response] = await exchange
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk('first'))
    const readers = [(await early).body!.getReader()]
    await readers[0]!.read()
    const late = await post(signal, question)
    expect(late.headers.get('cache-status')).toContain('collapsed')
    readers.push(late.body!.getReader())
    expect(new TextDecoder().decode((await readers[1]!.read()).value)).toBe(chunk('first'))
    response.end(chunk('second'))
    for (const reader of readers) {
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(chunk('second'))
      expect((await reader.read()).done).toBe(true)
    }
  })

  it('goes on when the first caller leaves and ends at LiteLLM when the last one does', async () => {
    const exchange = asked()
    const question = crypto.randomUUID()
    const [leader, follower] = [new AbortController(), new AbortController()]
    const early = post(leader.signal, question)
    const [, response] = await exchange
    let closed = false
    const whenClosed = once(response, 'close').then(() => (closed = true))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const talking = setInterval(() => response.write(chunk('more')), 20)
    await (await early).body!.getReader().read()
    const reader = (await post(follower.signal, question)).body!.getReader()
    leader.abort()
    // Enough chunks to show that the leader's leaving did not end the stream.
    for (let n = 0; n < 30; n += 1) expect((await reader.read()).done).toBe(false)
    expect(closed).toBe(false)
    follower.abort()
    await whenClosed
    clearInterval(talking)
    expect(response.writableFinished).toBe(false)
  })
})
