import OpenAI from 'openai'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { watchedFetch } from './watched-fetch.ts'

const { sent, fetch } = watchedFetch()
beforeEach(() => void sent.splice(0))

const client = new OpenAI({
  baseURL: `${addresses.keyed}/v1`,
  apiKey: addresses.masterKey,
  fetch,
})
const model = 'local-embed-model'

/** What the edge cache said about the last request. */
const status = () => sent.at(-1)!.answer.headers.get('cache-status')!

/** Sends a batch until it is a hit: vectors are stored after the answer. */
async function whenStored(input: string[]): Promise<OpenAI.CreateEmbeddingResponse> {
  for (let lookups = 0; lookups < 200; lookups += 1) {
    const answer = await client.embeddings.create({ model, input })
    if (status().includes(';hit;')) return answer
  }
  throw new Error(`Never stored: ${status()}`)
}

describe("OpenAI's Node client with embeddings of the real model", () => {
  it('gets 500 vectors of which 490 are known, and pays for 10', async () => {
    const run = crypto.randomUUID()
    const texts = Array.from({ length: 500 }, (_, at) => `${run} sentence number ${at}`)
    // The local server takes 256 texts at most, so 500 at once only work because 490 are known.
    const halves = [texts.slice(0, 245), texts.slice(245, 490)]
    const first: OpenAI.CreateEmbeddingResponse[] = []
    for (const half of halves) first.push(await client.embeddings.create({ model, input: half }))
    expect(status()).toContain('detail="0/245"')
    for (const half of halves) await whenStored(half)
    expect(status()).toContain('detail="245/245"')

    const all = await client.embeddings.create({ model, input: texts })
    expect(status()).toMatch(/^edge;fwd=uri-miss;fwd-status=200;detail="490\/500"$/)
    expect(all.data.map(({ index }) => index)).toEqual(texts.map((_, at) => at))
    const known = first.flatMap(({ data }) => data.map(({ embedding }) => embedding))
    expect(all.data.slice(0, 490).map(({ embedding }) => embedding)).toEqual(known)
    const paid = first.reduce((sum, { usage }) => sum + usage.prompt_tokens, 0)
    expect(all.usage.prompt_tokens).toBeGreaterThan(0)
    expect(all.usage.prompt_tokens).toBeLessThan(paid / 40)

    const hit = await whenStored(texts)
    expect(hit.data).toEqual(all.data)
    expect(hit.usage).toMatchObject({ prompt_tokens: 0, total_tokens: 0 })
  })

  it('gets the same numbers in both encodings, alone and in a batch', async () => {
    const input = crypto.randomUUID()
    const asNumbers = await client.embeddings.create({ model, input, encoding_format: 'float' })
    await whenStored([input])
    const asBase64 = await client.embeddings.create({ model, input: [input, 'another'] })
    const numbers = Float32Array.from(asNumbers.data[0]!.embedding)
    expect(Float32Array.from(asBase64.data[0]!.embedding)).toEqual(numbers)
  })

  it("raises LiteLLM's error about an input as BadRequestError, or whatever LiteLLM alone says", async () => {
    const alone = await globalThis.fetch(`${addresses.litellm}/v1/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${addresses.masterKey}`,
      },
      body: JSON.stringify({ model, input: [{ text: 'an object' }] }),
    })
    const input = [{ text: 'an object' }] as unknown as string[]
    const refused = client.embeddings.create({ model, input }, { maxRetries: 0 })
    await expect(refused).rejects.toMatchObject({ status: alone.status })
  })
})
