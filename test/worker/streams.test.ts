import { describe, expect, it } from 'vitest'
import { parseEvents } from '../../src/stream/sse.ts'
import { chunks, completion, eventStream } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const streamed = chat({ stream: true })
const withUsage = chat({ stream: true, stream_options: { include_usage: true } })

/** A stream whose chunks the test writes. */
function scripted() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  return {
    response: new Response(readable, { headers: { 'content-type': 'text/event-stream' } }),
    write: (text: string) => writer.write(encoder.encode(text)),
    close: () => writer.close(),
    abort: () => writer.abort(new Error('upstream broke')),
  }
}

describe('a stream', () => {
  it('reaches the caller chunk by chunk, before LiteLLM has sent the next', async () => {
    const upstream = scripted()
    const { post, settled } = gateway({ answer: () => upstream.response })
    const [first = '', ...rest] = chunks()
    const answer = await post(CHAT, streamed)
    const reader = answer.body!.getReader()
    const read = reader.read()
    await upstream.write(first)
    expect(new TextDecoder().decode((await read).value)).toBe(first)
    const end = (async () => {
      while (!(await reader.read()).done);
    })()
    for (const chunk of rest) await upstream.write(chunk)
    await upstream.close()
    await end
    await settled()
  })

  it('is replayed byte for byte to an identical request', async () => {
    const { post, settled, litellm } = gateway({ answer: () => eventStream(chunks()) })
    const first = await (await post(CHAT, withUsage)).text()
    await settled()
    const second = await post(CHAT, withUsage)
    expect(second.headers.get('content-type')).toMatch('text/event-stream')
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(await second.text()).toBe(first)
    expect(first).toBe(chunks().join(''))
    expect(litellm.asked).toHaveLength(1)
  })

  it('is requested with usage, which only callers who asked for it get', async () => {
    const { post, settled, litellm } = gateway({ answer: () => eventStream(chunks()) })
    const without = await (await post(CHAT, streamed)).text()
    await settled()
    const replayed = await (await post(CHAT, streamed)).text()
    const asked = await (await post(CHAT, withUsage)).text()
    expect(litellm.asked[0]?.body['stream_options']).toEqual({ include_usage: true })
    expect(without).not.toContain('"usage"')
    expect(replayed).toBe(without)
    expect(asked).toBe(chunks().join(''))
    expect(litellm.asked).toHaveLength(1)
  })

  it("has its usage chunk in OpenAI's form, live and on hits, for callers who asked for it", async () => {
    const [said = '', , end = '', , done = ''] = chunks()
    const usage = { prompt_tokens: 9, total_tokens: 11 }
    const silent = { id: 'x', choices: [{ index: 0, delta: { content: '' } }], usage, extra: 1 }
    const parts = [said, end, `data: ${JSON.stringify(silent)}\n\r\n`, done]
    const { post, settled, litellm } = gateway({ answer: () => eventStream(parts) })
    const usages = (text: string) =>
      parseEvents(text).flatMap(({ data }) => (data.includes('"usage"') ? JSON.parse(data) : []))
    const shown = [{ ...silent, choices: [] }]
    expect(usages(await (await post(CHAT, withUsage)).text())).toEqual(shown)
    await settled()
    for (const [body, expected] of [
      [withUsage, shown],
      [streamed, []],
    ] as const) {
      const hit = await post(CHAT, body)
      expect(hit.headers.get('x-cache')).toBe('exact-hit')
      expect(usages(await hit.text())).toEqual(expected)
    }
    expect(litellm.asked).toHaveLength(1)
  })

  it("is not replayed with the effects of another caller's stream_options", async () => {
    const parts = chunks().map((chunk) => {
      const usage = chunk.includes('"usage"') ? '' : '"usage":{"total_tokens":5},'
      return chunk.replace('"choices"', `"obfuscation":"kQ3",${usage}"choices"`)
    })
    for (const own of [{ include_obfuscation: true }, { continuous_usage_stats: true }]) {
      const { post, settled, litellm } = gateway({ answer: () => eventStream(parts) })
      const body = chat({ stream: true, stream_options: { include_usage: true, ...own } })
      expect(await (await post(CHAT, body)).text()).toBe(parts.join(''))
      expect(litellm.asked[0]?.body['stream_options']).toEqual({ include_usage: true, ...own })
      await settled()
      const hit = await post(CHAT, streamed)
      expect(hit.headers.get('x-cache')).toBe('exact-hit')
      const text = await hit.text()
      expect(text).toContain('Air scatters.')
      expect(text).not.toMatch(/obfuscation|"usage"/)
      expect(litellm.asked).toHaveLength(1)
    }
  })

  it("is replayed without OpenAI's random padding", async () => {
    const parts = chunks().map((chunk) => chunk.replace('"choices"', '"obfuscation":"k","choices"'))
    const { post, settled } = gateway({ answer: () => eventStream(parts) })
    expect(await (await post(CHAT, streamed)).text()).toContain('obfuscation')
    await settled()
    const declines = chat({ stream: true, stream_options: { include_obfuscation: false } })
    const hit = await post(CHAT, declines)
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    expect(await hit.text()).not.toContain('obfuscation')
  })

  it('answers a later JSON request with members that every chunk repeats included once', async () => {
    const repeated = {
      service_tier: 'default',
      system_fingerprint: 'fp',
      provider: 'P',
      x: { a: 1 },
    }
    const { post, settled, litellm } = gateway({ answer: () => eventStream(chunks(repeated)) })
    await (await post(CHAT, streamed)).text()
    await settled()
    const hit = await post(CHAT, chat())
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    expect(await hit.json()).toMatchObject({
      ...repeated,
      choices: [{ message: { content: 'Air scatters.' } }],
    })
    expect(litellm.asked).toHaveLength(1)
  })

  it('answers a later JSON request', async () => {
    const { post, settled, litellm } = gateway({ answer: () => eventStream(chunks()) })
    await (await post(CHAT, streamed)).text()
    await settled()
    const answer = await post(CHAT, chat())
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'Air scatters.' } }],
      usage: { total_tokens: 11 },
    })
    expect(litellm.asked).toHaveLength(1)
  })

  it('is made from a stored JSON answer', async () => {
    const { post, settled, litellm } = gateway({ answer: () => completion() })
    await post(CHAT, chat())
    await settled()
    const text = await (await post(CHAT, withUsage)).text()
    expect(text).toContain('"content":"Air scatters."')
    expect(text).toContain('"usage"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(litellm.asked).toHaveLength(1)
  })

  it('errors and is not stored if LiteLLM breaks off', async () => {
    const upstream = scripted()
    const { post, settled, qdrant } = gateway({ answer: () => upstream.response })
    const answer = await post(CHAT, streamed)
    const text = answer.text()
    const broken = expect(text).rejects.toThrow('LiteLLM broke off')
    await upstream.write(chunks()[0]!)
    await upstream.abort()
    await broken
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('is not stored if the caller leaves before the end', async () => {
    const unending = () => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(chunks()[0])),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    const { post, settled, qdrant } = gateway({ answer: unending })
    const answer = await post(CHAT, streamed)
    const reader = answer.body!.getReader()
    await reader.read()
    await reader.cancel()
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('is delivered whole and not stored if larger than CACHE_MAX_ENTRY_BYTES', async () => {
    const { post, settled, qdrant } = gateway({
      env: { CACHE_MAX_ENTRY_BYTES: '300' },
      answer: () => eventStream(chunks()),
    })
    expect(await (await post(CHAT, withUsage)).text()).toBe(chunks().join(''))
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})
