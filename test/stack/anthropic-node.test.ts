import { once } from 'node:events'
import { createServer } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { stored, watchedFetch } from './watched-fetch.ts'

const { sent, fetch } = watchedFetch()
beforeEach(() => void sent.splice(0))

const baseURL = addresses.keyed
/** Anthropic's client with its default settings, except for the address. */
const client = new Anthropic({ baseURL, apiKey: addresses.masterKey, fetch })
const question = () => ({
  model: 'local-chat-model',
  messages: [
    { role: 'user' as const, content: `How many tokens are these? ${crypto.randomUUID()}` },
  ],
})
const asked = question()

describe("Anthropic's Node client", () => {
  it('counts the tokens of a request', async () => {
    const { input_tokens } = await client.messages.countTokens(asked)
    expect(input_tokens).toBeGreaterThan(4)
    const longer = { ...asked, system: 'You count. '.repeat(50) }
    expect((await client.messages.countTokens(longer)).input_tokens).toBeGreaterThan(input_tokens)
    await stored(sent)
    expect(await client.messages.countTokens(asked)).toMatchObject({ input_tokens })
    expect(sent.map(({ answer }) => answer.headers.get('x-cache'))).toEqual([
      'miss',
      'miss',
      'exact-hit',
    ])
  })

  it('retrieves a model of the list by its id', async () => {
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toContain(asked.model)
    expect(await client.models.retrieve(asked.model)).toMatchObject({ id: asked.model })
    await expect(client.models.retrieve('vendor/no:such')).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    )
  })

  it('raises a wrong key as AuthenticationError', async () => {
    const stranger = new Anthropic({ baseURL, apiKey: 'sk-wrong', fetch })
    const refused = stranger.messages.countTokens(asked)
    await expect(refused).rejects.toBeInstanceOf(Anthropic.AuthenticationError)
    await expect(refused).rejects.toMatchObject({ status: 401, type: 'authentication_error' })
    expect(sent).toHaveLength(1)
  })

  it('raises a rejected request as BadRequestError', async () => {
    const refused = client.messages.countTokens({ ...asked, model: '' })
    await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError)
    await expect(refused).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' })
    expect(sent).toHaveLength(1)
  })

  it("raises unserved routes under /v1/messages as NotFoundError, in Anthropic's error shape", async () => {
    const calls = [
      () => client.messages.batches.list(),
      () => client.messages.batches.retrieve('msgbatch_1'),
      () => client.messages.batches.cancel('msgbatch_1'),
      () => client.messages.batches.delete('msgbatch_1'),
    ]
    for (const call of calls) {
      const refused = Promise.resolve(call())
      await expect(refused).rejects.toBeInstanceOf(Anthropic.NotFoundError)
      await expect(refused).rejects.toMatchObject({ status: 404, type: 'not_found_error' })
    }
    expect(sent).toHaveLength(calls.length)
  })

  it('does not retry a 5xx with x-should-retry: false', async () => {
    const headers = { 'cache-control': 'only-if-cached' }
    const absent = client.messages.countTokens(question(), { headers })
    await expect(absent).rejects.toBeInstanceOf(Anthropic.InternalServerError)
    await expect(absent).rejects.toMatchObject({ status: 504, type: 'api_error' })
    expect(sent).toHaveLength(1)
  })

  it("retries a provider's 429 no sooner than the provider allows, and succeeds", async () => {
    // LiteLLM counts tokens itself, so a server of this test answers as LiteLLM and provider.
    const limited = { 'llm_provider-retry-after-ms': '700', 'retry-after': '9' }
    const upstream = createServer((_, response) => {
      if (sent.length === 0) return response.writeHead(429, limited).end('{}')
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"input_tokens":7}')
    }).listen(addresses.scriptedPort, '127.0.0.1')
    await once(upstream, 'listening')
    const here = new Anthropic({ baseURL: addresses.scripted, apiKey: 'any', fetch })
    expect(await here.messages.countTokens(asked)).toEqual({ input_tokens: 7 })
    expect(sent.map(({ answer }) => answer.status)).toEqual([429, 200])
    const waitedMs = sent[1]!.sentAt - sent[0]!.answeredAt
    expect(waitedMs).toBeGreaterThanOrEqual(700)
    expect(waitedMs).toBeLessThan(9_000)
    upstream.closeAllConnections()
    upstream.close()
  })
})
