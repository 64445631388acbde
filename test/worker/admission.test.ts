import { describe, expect, it } from 'vitest'
import { chunks, completion, completionBody, eventStream } from '../support/fake-litellm.ts'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const choice = (over: object) => ({
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Air.' }, ...over },
  ],
})
const [first = '', second = '', finish = '', usage = '', done = ''] = chunks()

/** Answers that are delivered as they are and never kept, each with the request it answers. */
const refused: Record<string, { answer: () => Response; stream?: boolean }> = {
  'an error status': { answer: () => Response.json({ error: { message: 'no' } }, { status: 429 }) },
  'a server error': { answer: () => new Response('broken', { status: 500 }) },
  'an error under 200': { answer: () => Response.json({ error: { message: 'no' } }) },
  'something else under 200': { answer: () => new Response('<html>', { status: 200 }) },
  'an empty body': { answer: () => new Response('', { status: 200 }) },
  'an empty answer': {
    answer: () => completion(choice({ message: { role: 'assistant', content: ' ' } })),
  },
  'an answer cut by length': { answer: () => completion(choice({ finish_reason: 'length' })) },
  'a filtered answer': { answer: () => completion(choice({ finish_reason: 'content_filter' })) },
  'an answer without an end': { answer: () => completion(choice({ finish_reason: null })) },
  'no choices': { answer: () => completion({ choices: [] }) },
  'JSON that breaks off': {
    answer: () => new Response(JSON.stringify(completionBody()).slice(0, -9)),
  },
  'a stream without [DONE]': {
    answer: () => eventStream([first, second, finish, usage]),
    stream: true,
  },
  'a stream cut by length': {
    answer: () => eventStream([first, finish.replace('"stop"', '"length"'), done]),
    stream: true,
  },
  'a stream with an error in it': {
    answer: () => eventStream([first, 'data: {"error":{"message":"no"}}\n\n', done]),
    stream: true,
  },
  'a stream without text': { answer: () => eventStream([finish, usage, done]), stream: true },
}

describe('answers that are not whole', () => {
  for (const [name, { answer, stream = false }] of Object.entries(refused)) {
    it(`delivers ${name} as it is and keeps nothing`, async () => {
      const { post, settled, qdrant, litellm } = gateway({ answer })
      const body = chat(stream ? { stream: true, stream_options: { include_usage: true } } : {})
      const expected = answer()
      const delivered = await post(CHAT, body)
      expect(delivered.status).toBe(expected.status)
      const text = (await delivered.text()).replace(/"(id|created)":[^,]*/g, '')
      expect(text).toBe((await expected.text()).replace(/"(id|created)":[^,]*/g, ''))
      await settled()
      expect(qdrant.points.size).toBe(0)
      await (await post(CHAT, body)).text()
      expect(litellm.asked).toHaveLength(2)
    })
  }

  it('keeps a whole one (the control)', async () => {
    const { post, settled, qdrant } = gateway()
    const delivered = await post(CHAT, chat())
    await settled()
    expect(qdrant.points.size).toBe(1)
    expect(delivered.headers.get('cache-status')).toMatch(/fwd-status=200; stored;|stored/)
  })
})

describe('embeddings', () => {
  const vectors = (count: number) => ({
    object: 'list',
    model: 'embed',
    data: Array.from({ length: count }, (_, index) => ({ index, embedding: [0.1, 0.2] })),
    usage: { prompt_tokens: 2, total_tokens: 2 },
  })

  it('keeps one vector for each input', async () => {
    const { post, settled, litellm } = gateway({ answer: () => Response.json(vectors(2)) })
    const body = { model: 'embed', input: ['a', 'b'] }
    await post('/v1/embeddings', body)
    await settled()
    const second = await post('/embeddings', body)
    expect(second.headers.get('x-cache')).toBe('exact-hit')
    expect(await second.json()).toEqual(vectors(2))
    expect(litellm.asked).toHaveLength(1)
  })

  it('keeps nothing when a vector is missing', async () => {
    const { post, settled, qdrant } = gateway({ answer: () => Response.json(vectors(1)) })
    await post('/v1/embeddings', { model: 'embed', input: ['a', 'b'] })
    await settled()
    expect(qdrant.points.size).toBe(0)
  })
})
