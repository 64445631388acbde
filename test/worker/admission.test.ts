import { describe, expect, it, vi } from 'vitest'
import { readChunkEvent } from '../../src/apis/completions/chunk-events.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import type { ServerSentEvent } from '../../src/stream/sse.ts'
import { completion } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'

/** The recorded answers, byte for byte, by file name. */
const recorded = (files: Record<string, unknown>) =>
  Object.entries(files as Record<string, string>).map(
    ([path, text]) => [path.split('/').at(-1)!, text] as const,
  )
const refused = recorded(
  import.meta.glob('../fixtures/chat/refused/*.{json,sse}', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const kept = recorded(
  import.meta.glob('../fixtures/chat/kept/*.{json,sse}', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

const forTwo = /^(two-choices|choice-missing|choice-without-end|same-choice-twice)/

function answering(file: string, text: string) {
  const stream = file.endsWith('.sse')
  const contentType = stream ? 'text/event-stream' : 'application/json'
  const body = chat({
    ...(forTwo.test(file) ? { n: 2 } : {}),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  })
  const answer = () => new Response(text, { headers: { 'content-type': contentType } })
  return { body, ...gateway({ answer }) }
}

/** LiteLLM's usage chunk has an empty choice. Callers get OpenAI's form, which has no choices. */
const SILENT_CHOICE = /"choices":\[\{"index":0,"delta":\{\}\}\](?=[^\n]*"usage":\{)/
const asDelivered = (text: string) => text.replace(SILENT_CHOICE, '"choices":[]')

const saysSomething = (event: ServerSentEvent) => readChunkEvent(event).kind !== 'noise'

describe('incomplete answers and errors', () => {
  it.each(refused)('are delivered byte for byte and not stored: %s', async (file, text) => {
    const { body, post, settled, qdrant, litellm } = answering(file, text)
    const delivered = asDelivered(text)
    expect(await (await post(CHAT, body)).text()).toBe(delivered)
    await settled()
    expect(qdrant.points.size).toBe(0)
    expect(await (await post(CHAT, body)).text()).toBe(delivered)
    expect(litellm.asked).toHaveLength(2)
  })

  it.each([301, 400, 401, 404, 429, 500, 503])(
    'are delivered and not stored with status %i',
    async (status) => {
      const answer = () => new Response('{"error":{"message":"no"}}', { status })
      const { post, settled, qdrant } = gateway({ answer })
      const delivered = await post(CHAT, chat())
      expect(delivered.status).toBe(status)
      expect(await delivered.text()).toBe('{"error":{"message":"no"}}')
      await settled()
      expect(qdrant.points.size).toBe(0)
    },
  )

  it('are delivered and not stored, as is an answer larger than CACHE_MAX_ENTRY_BYTES', async () => {
    const content = 'x'.repeat(5_000)
    const answer = () =>
      completion({ choices: [{ index: 0, finish_reason: 'stop', message: { content } }] })
    const { post, settled, qdrant } = gateway({ answer, env: { CACHE_MAX_ENTRY_BYTES: '5000' } })
    expect(await (await post(CHAT, chat())).text()).toContain(content)
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})

describe('complete answers', () => {
  it.each(kept)('are delivered byte for byte, stored and replayed: %s', async (file, text) => {
    const { body, post, settled, litellm } = answering(file, text)
    const delivered = await post(CHAT, body)
    expect(await delivered.text()).toBe(asDelivered(text))
    expect(delivered.headers.get('x-cache')).toBe('miss')
    await settled()
    const hit = await post(CHAT, body)
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    const replayed = await hit.text()
    // A stream is compared by its events: comments and line endings are not stored.
    if (file.endsWith('.json')) expect(replayed).toBe(text)
    else expect(parseEvents(replayed)).toEqual(parseEvents(asDelivered(text)).filter(saysSomething))
    expect(replayed).not.toMatch(/^:/m)
    expect(litellm.asked).toHaveLength(1)
  })

  const both = kept.filter(([file]) => file !== 'audio.sse')
  it.each(both)('are replayed in the other mode (stream or JSON): %s', async (file, text) => {
    const { body, post, settled, litellm } = answering(file, text)
    await (await post(CHAT, body)).text()
    await settled()
    const stream = !file.endsWith('.sse')
    const other = await post(CHAT, { ...body, stream })
    expect(other.headers.get('x-cache')).toBe('exact-hit')
    expect(other.headers.get('content-type')).toContain(stream ? 'event-stream' : 'json')
    expect(litellm.asked).toHaveLength(1)
    const said = await other.text()
    const spoken = [...text.matchAll(/"(?:content|refusal|transcript)":\s*("(?:[^"\\]|\\.)*")/g)]
    for (const [, word = ''] of stream ? spoken : []) expect(said).toContain(word)
    if (!stream) expect(JSON.parse(said)).toHaveProperty('choices.0.message')
  })

  it('are fetched again for a JSON caller if the stored stream has audio', async () => {
    const [file, text] = kept.find(([name]) => name === 'audio.sse')!
    const { body, post, settled, litellm } = answering(file, text)
    await (await post(CHAT, body)).text()
    await settled()
    const other = await post(CHAT, { ...body, stream: false })
    expect(other.headers.get('cache-status')).toContain('detail="recorded in the other mode"')
    await other.text()
    expect(litellm.asked).toHaveLength(2)
  })
})

describe('answers that cannot be replayed byte for byte', () => {
  const bytesOf = (...parts: (string | number[])[]) =>
    new Uint8Array(
      parts.flatMap((part) =>
        typeof part === 'string' ? [...new TextEncoder().encode(part)] : part,
      ),
    )
  const whole = JSON.stringify({
    choices: [{ index: 0, finish_reason: 'stop', message: { content: 'X' } }],
  })
  const [before = '', after = ''] = whole.split('X')
  const answers: [string, Uint8Array<ArrayBuffer>][] = [
    ['invalid UTF-8', bytesOf(before, [0xff], after)],
    ['a byte order mark', bytesOf([0xef, 0xbb, 0xbf], whole)],
    ['a duplicate member', bytesOf(whole.replace('{', '{"id":1,"id":2,'))],
    [
      'JSON nested 1,100 levels deep',
      bytesOf(whole.replace('{', `{"x":${'['.repeat(1_100)}${']'.repeat(1_100)},`)),
    ],
  ]
  it.each(answers)('are delivered byte for byte and not stored: %s', async (_, bytes) => {
    const { post, settled, qdrant } = gateway({ answer: () => new Response(bytes) })
    const delivered = await post(CHAT, chat())
    expect(new Uint8Array(await delivered.arrayBuffer())).toEqual(bytes)
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('are delivered and not stored, without a warning, if a stream is not UTF-8', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const bytes = bytesOf('data: ', [0xff], '\n\ndata: [DONE]\n\n')
    const headers = { 'content-type': 'text/event-stream' }
    const { post, settled, qdrant } = gateway({ answer: () => new Response(bytes, { headers }) })
    const delivered = await post(CHAT, chat({ stream: true }))
    expect(new Uint8Array(await delivered.arrayBuffer())).toEqual(bytes)
    await settled()
    expect(qdrant.points.size).toBe(0)
    expect(warned.mock.calls).toEqual([])
    warned.mockRestore()
  })

  it('are compared with a control: the same answer without a defect is stored', async () => {
    const { post, settled, qdrant } = gateway({ answer: () => new Response(bytesOf(whole)) })
    await post(CHAT, chat())
    await settled()
    expect(qdrant.points.size).toBe(1)
  })

  it('do not include one with a fractional `created`, which is stored and replayed', async () => {
    const answer = () => completion({ created: 1_790_000_000.5 })
    const { post, settled } = gateway({ answer })
    await post(CHAT, chat())
    await settled()
    expect((await post(CHAT, chat())).headers.get('x-cache')).toBe('exact-hit')
  })
})

describe('embeddings', () => {
  const vectors = (count: number) => ({
    object: 'list',
    model: 'embed',
    data: Array.from({ length: count }, (_, index) => ({ index, embedding: [0.1, 0.2] })),
    usage: { prompt_tokens: 2, total_tokens: 2 },
  })

  it('are stored if there is one vector per input', async () => {
    const { post, settled, litellm } = gateway({ answer: () => Response.json(vectors(2)) })
    const body = { model: 'embed', input: ['a', 'b'] }
    await post('/v1/embeddings', body)
    await settled()
    const second = await post('/embeddings', body)
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(await second.json()).toEqual({
      ...vectors(2),
      usage: { prompt_tokens: 0, total_tokens: 0 }, // no model was asked
    })
    expect(litellm.asked).toHaveLength(1)
  })

  it('are not stored if the answer has an `error` member', async () => {
    const answer = () => Response.json({ ...vectors(1), error: { message: 'half' } })
    const { post, settled, qdrant } = gateway({ answer })
    await post('/v1/embeddings', { model: 'embed', input: 'a' })
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('are not stored if a vector is missing', async () => {
    const { post, settled, qdrant } = gateway({ answer: () => Response.json(vectors(1)) })
    await post('/v1/embeddings', { model: 'embed', input: ['a', 'b'] })
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})
