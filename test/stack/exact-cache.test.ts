import { describe, expect, it } from 'vitest'
import { addresses, ask, send, unique, until } from './client.ts'
import type { Seen } from './client.ts'

const QUESTION = 'In one sentence, why is the sky blue?'
const answerOf = (text: string) =>
  (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]?.message.content

/** The answer's id, which is new for each generation. */
const idOf = (text: string) => (JSON.parse(text) as { id: string }).id

/** An entry in Qdrant. It may be written after the copy in memory that the first hit came from. */
async function point(id: string) {
  const url = `${addresses.qdrant}/collections/llm_exact_cache/points/${id}`
  let response = await fetch(url)
  for (let n = 0; n < 20 && response.status === 404; n += 1) {
    await new Promise((resume) => setTimeout(resume, 100))
    response = await fetch(url)
  }
  return (await response.json()) as { result: { id: string; payload: Record<string, unknown> } }
}

describe('the exact cache on the real stack', () => {
  it('serves an identical request from the cache with the same body', async () => {
    const first = await ask(QUESTION)
    expect(first.status).toBe(200)
    expect(first.headers.get('x-cache')).toBe('miss')
    expect(answerOf(first.text)?.length).toBeGreaterThan(0)
    const second = await until('exact-hit', () => ask(QUESTION))
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(second.text).toBe(first.text)
    expect(second.headers.get('age')).toMatch(/^\d+$/)
    expect(second.headers.get('x-cache-key')).toBe(first.headers.get('x-cache-key'))
  })

  it('stores the entry as a point without vectors under the MD5 of the request', async () => {
    // Without semantic hits: a request before the write would find LiteLLM's entry.
    const exactly = { headers: { 'x-cache-semantic': 'off' } }
    const question = await unique('Say hello to the store.')
    await ask(question, {}, exactly)
    const seen = await until('exact-hit', () => ask(question, {}, exactly))
    const id = seen.headers.get('x-cache-key') ?? ''
    const { result } = await point(id)
    expect(result.id).toBe(id)
    expect(result.payload).toMatchObject({ v: 1, source: 'llm', status: 200, body: seen.text })
    const { stored_at, expires_at } = result.payload as Record<string, number>
    expect(expires_at! - stored_at!).toBe(1_800_000)
  })

  it('serves a stream from the entry of a JSON answer', async () => {
    const json = await until('exact-hit', () => ask(QUESTION))
    const stream = await ask(QUESTION, { stream: true })
    expect(stream.headers.get('x-cache')).toBe('exact-hit')
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.text).toContain(JSON.stringify(answerOf(json.text)))
    expect(stream.text.trimEnd().endsWith('data: [DONE]')).toBe(true)
  })

  it('serves JSON from the entry of a stream', async () => {
    const question = await unique('Say good morning.')
    const stream = await ask(question, { stream: true })
    expect(stream.headers.get('x-cache')).toBe('miss')
    const json = await until('exact-hit', () => ask(question))
    expect(json.headers.get('x-cache')).toBe('exact-hit')
    const spoken = [...stream.text.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)]
      .map(([, word]) => JSON.parse(word!) as string)
      .join('')
    expect(answerOf(json.text)).toBe(spoken)
  })

  it('ignores white space and member order in the key, but not settings', async () => {
    const question = await unique('Say hello.')
    const first = await ask(question)
    const body = `{ "messages": [ {"content": ${JSON.stringify(question)}, "role": "user"} ],
      "stop": [" ", "\\n"], "temperature": 0, "max_tokens": 20, "model": "local-chat-model" }`
    const again = await until('exact-hit', async () => {
      const response = await fetch(`${addresses.gateway}/chat/completions`, {
        method: 'POST',
        body,
      })
      const { status, headers } = response
      return { status, headers, text: await response.text() }
    })
    expect(idOf(again.text)).toBe(idOf(first.text))
    const other = await ask(question, { temperature: 0.5 })
    expect(other.headers.get('x-cache')).toBe('miss')
  })

  it('serves embeddings from the cache', async () => {
    const body = { model: 'local-embed-model', input: [crypto.randomUUID(), 'two'] }
    const first = await send('/v1/embeddings', body)
    expect(first.headers.get('x-cache')).toBe('miss')
    const second = await until('exact-hit', () => send('/v1/embeddings', body))
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    const vectors = ({ text }: Seen) => (JSON.parse(text) as { data: unknown }).data
    expect(vectors(second)).toEqual(vectors(first))
  })

  it("passes LiteLLM's error on and does not store it", async () => {
    for (const _ of [1, 2]) {
      const seen = await ask('hello', { model: 'no-such-model' })
      expect(seen.status).toBe(400)
      expect(seen.headers.get('x-cache')).toBe('miss')
      expect(seen.text).toContain('no-such-model')
    }
  })
})

describe('the gateway on the real stack', () => {
  it("lists LiteLLM's models", async () => {
    const answer = await fetch(`${addresses.gateway}/v1/models`)
    const { data } = (await answer.json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toContain('local-chat-model')
  })

  it('reports every dependency as healthy', async () => {
    const answer = await fetch(`${addresses.gateway}/health?verbose`)
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      dependencies: { litellm: { ok: true }, qdrant: { ok: true }, mlflow: { ok: true } },
    })
  })
})
