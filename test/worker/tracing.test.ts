import { afterEach, describe, expect, it, vi } from 'vitest'
import { embed } from '../support/embedding-model.ts'
import { credulous } from '../support/credulous-litellm.ts'
import { chunks, eventStream, verdict } from '../support/fake-litellm.ts'
import { chat } from '../support/gateway.ts'
import { shown, traced } from '../support/traced-gateway.ts'

const CHAT = '/v1/chat/completions'

afterEach(() => vi.restoreAllMocks())

describe('a trace', () => {
  it('of a batch has the missing inputs, how many there were, and all vectors', async () => {
    const { post, settled, spans } = traced({}, { answer: embed })
    for (const input of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      await post('/v1/embeddings', { model: 'embed', input })
      await settled()
    }
    const root = spans.findLast(({ parentSpanId }) => parentSpanId === undefined)
    expect(shown(root, 'Inputs')).toEqual({
      model: 'embed',
      inputs: 3,
      input: ['c'],
    })
    expect(shown(root, 'Outputs')).toMatchObject({ vectors: 3 })
  })

  it('has a root span for the request with lookup, LiteLLM and store below it', async () => {
    const { post, settled, spans, requests, litellm } = traced()
    await post(CHAT, chat())
    await settled()
    const [root, ...children] = spans
    expect(root).toMatchObject({ name: `POST ${CHAT}`, status: { code: 1 } })
    expect(root).not.toHaveProperty('parentSpanId')
    expect(children.map(({ name }) => name)).toEqual(['cache lookup', 'litellm', 'cache store'])
    expect(children.every((child) => child.parentSpanId === root?.spanId)).toBe(true)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(requests[0]?.headers.get('x-mlflow-experiment-id')).toBe('7')
    const upstream = children.find(({ name }) => name === 'litellm')
    expect(litellm.asked[0]?.headers.get('traceparent')).toBe(
      `00-${root?.traceId}-${upstream?.spanId}-01`,
    )
  })

  it('has the prompt and the answer for a miss, a hit and a stream', async () => {
    const { post, settled, spans } = traced()
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, chat())
      await settled()
    }
    const streaming = traced({}, { answer: () => eventStream(chunks()) })
    await (await streaming.post(CHAT, chat({ stream: true }))).text()
    await streaming.settled()
    const roots = [...spans, ...streaming.spans].filter((span) => !span.parentSpanId)
    expect(roots).toHaveLength(3)
    for (const root of roots) {
      expect(root?.attributes['mlflow.spanInputs']).toContain('Why is the sky blue?')
      expect(root?.attributes['mlflow.spanOutputs']).toContain('Air scatters.')
    }
    expect(roots.map((root) => root?.attributes['cache.outcome'])).toEqual([
      'miss',
      'exact-hit',
      'miss',
    ])
  })

  it('has neither prompt nor answer with TRACE_CONTENT=false', async () => {
    const { post, settled, requests } = traced({ TRACE_CONTENT: 'false' })
    for (const _ of ['miss', 'hit']) {
      await post(CHAT, chat())
      await settled()
    }
    for (const { bytes } of requests) {
      expect(new TextDecoder().decode(bytes)).not.toMatch(/sky|scatters/)
    }
  })

  it("links to the caller's traceparent and never uses it as parent", async () => {
    const { post, settled, spans } = traced()
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    await post(CHAT, chat(), { traceparent: `00-${traceId}-b7ad6b7169203331-01` })
    await settled()
    expect(spans[0]?.links).toEqual([{ traceId, spanId: 'b7ad6b7169203331' }])
    expect(spans[0]?.traceId).not.toBe(traceId)
  })

  it('is not sent with TRACE_SAMPLE_RATE=0, nor is a traceparent to LiteLLM', async () => {
    const { post, settled, requests, litellm } = traced({ TRACE_SAMPLE_RATE: '0' })
    await post(CHAT, chat())
    await settled()
    expect(requests).toHaveLength(0)
    expect(litellm.asked[0]?.headers.has('traceparent')).toBe(false)
  })

  it('that cannot be sent to MLflow is logged and does not affect the response', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { post, settled } = traced({}, { hosts: { mlflow: undefined } })
    expect((await post(CHAT, chat())).status).toBe(200)
    await settled()
    expect(warned.mock.calls.join()).toContain('traces not sent')
  })
})

describe('a semantic hit in a trace', () => {
  it('has a verification span below the LiteLLM span, with probability, latency and cost', async () => {
    const { post, settled, spans, litellm } = traced({}, { answer: credulous() })
    litellm.judge = () => verdict(0.975, 0, { headers: { 'x-litellm-response-cost': '0.00002' } })
    for (const content of ['How far is Lyon?', 'What is the distance to Lyon?']) {
      await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
    }
    const verification = spans.find(({ name }) => name === 'semantic verification')
    const upstream = spans.findLast(({ name }) => name === 'litellm')
    expect(verification?.parentSpanId).toBe(upstream?.spanId)
    expect(verification?.attributes['semantic.same']).toBe(0.975)
    expect(verification?.attributes['semantic.judge.cost_usd']).toBe(0.00002)
    expect(verification?.attributes['semantic.judge.latency_ms']).toBeDefined()
    const root = spans.findLast(({ parentSpanId }) => parentSpanId === undefined)
    expect(root?.attributes['semantic.verdict']).toBe('hit')
    expect(root?.attributes['semantic.similarity']).toBe(0.9378)
    // LiteLLM's spans for the verdict join the same trace.
    expect(litellm.judged[0]!.headers.get('traceparent')).toContain(upstream?.traceId)
  })

  it('has the reason of a refusal on the root span', async () => {
    const { post, settled, spans, litellm } = traced({}, { answer: credulous() })
    litellm.judge = () => verdict(0.2)
    for (const content of ['How far is Lyon?', 'How far is Nice?']) {
      await post(CHAT, chat({ messages: [{ role: 'user', content }] }))
      await settled()
    }
    const root = spans.findLast(({ parentSpanId }) => parentSpanId === undefined)
    expect(root?.attributes['semantic.verdict']).toBe('not the same (0.20)')
  })
})
