import { describe, expect, it, vi } from 'vitest'
import { readChunkEvent } from '../../src/apis/completions/chunk-events.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import type { ServerSentEvent } from '../../src/stream/sse.ts'
import { coalesced, edge, settle } from '../support/coalescing.ts'
import { eventStream } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'

const PATH = '/v1/completions'
const request = (over: Record<string, unknown> = {}) => ({
  model: 'small',
  prompt: 'The tide',
  ...over,
})
const streamed = request({ stream: true })
const withUsage = request({ stream: true, stream_options: { include_usage: true } })

/** The recorded answers, byte for byte, by file name. */
const recorded = (files: Record<string, unknown>) =>
  Object.entries(files as Record<string, string>).map(
    ([path, text]) => [path.split('/').at(-1)!, text] as const,
  )
const kept = recorded(
  import.meta.glob('../fixtures/completions/kept/*', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const refused = recorded(
  import.meta.glob('../fixtures/completions/refused/*', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)
const text = (name: string) => kept.find(([file]) => file === name)![1]
const litellmStream = () => eventStream(text('litellm.sse').split(/(?<=\n\n)/))
const litellmJson = () => new Response(text('text.json'), JSON_TYPE)
const JSON_TYPE = { headers: { 'content-type': 'application/json' } }

const forTwo = /^(two-choices|choice-missing|choice-without-end|choices-under|same-choice-twice)/

function answering(file: string, said: string) {
  const stream = file.endsWith('.sse')
  const contentType = stream ? 'text/event-stream' : 'application/json'
  const body = {
    ...(stream ? withUsage : request()),
    ...(forTwo.test(file) ? { n: 2 } : {}),
    ...(file.startsWith('logprobs') ? { logprobs: 1 } : {}),
  }
  const answer = () => new Response(said, { headers: { 'content-type': contentType } })
  return { body, ...gateway({ answer }) }
}

/** LiteLLM's usage chunk has an empty choice. Callers get OpenAI's form, which has no choices. */
const asDelivered = (said: string) =>
  said.replace(/"choices":\[\{"index":0\}\](?=[^\n]*"usage":\{)/, '"choices":[]')
const saysSomething = (event: ServerSentEvent) => readChunkEvent(event).kind !== 'noise'

describe('a legacy completion', () => {
  it.each(kept)('is delivered as it came, stored and replayed: %s', async (file, said) => {
    const { body, post, settled, litellm } = answering(file, said)
    const miss = await post(PATH, body)
    expect(await miss.text()).toBe(asDelivered(said))
    expect(miss.headers.get('x-cache')).toBe('miss')
    await settled()
    const hit = await post(PATH, body)
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    const replayed = await hit.text()
    if (file.endsWith('.json')) expect(replayed).toBe(said)
    else expect(parseEvents(replayed)).toEqual(parseEvents(asDelivered(said)).filter(saysSomething))
    expect(litellm.asked).toHaveLength(1)
  })

  it.each(kept)('is replayed in the other mode (stream or JSON): %s', async (file, said) => {
    const { body, post, settled, litellm } = answering(file, said)
    await (await post(PATH, body)).text()
    await settled()
    const stream = file.endsWith('.json')
    const hit = await post(PATH, { ...body, stream })
    expect(hit.headers.get('x-cache')).toBe('exact-hit')
    expect(hit.headers.get('content-type')).toContain(stream ? 'event-stream' : 'json')
    const replayed = await hit.text()
    const texts = (json: string) =>
      [...json.matchAll(/"text":("(?:[^"\\]|\\.)*")/g)]
        .map(([, word]) => JSON.parse(word!))
        .join('')
    if (!file.startsWith('two-choices')) expect(texts(replayed)).toBe(texts(said))
    if (stream) expect(replayed.endsWith('data: [DONE]\n\n')).toBe(true)
    else expect(JSON.parse(replayed)).toMatchObject({ object: 'text_completion' })
    expect(litellm.asked).toHaveLength(1)
  })

  it.each(refused)('is delivered as it came and not stored: %s', async (file, said) => {
    const { body, post, settled, qdrant, litellm } = answering(file, said)
    const delivered = asDelivered(said)
    expect(await (await post(PATH, body)).text()).toBe(delivered)
    await settled()
    expect(qdrant.points.size).toBe(0)
    expect(await (await post(PATH, body)).text()).toBe(delivered)
    expect(litellm.asked).toHaveLength(2)
  })

  it('is requested with usage, which only callers who asked for it get, and without LiteLLM’s cache', async () => {
    const { post, settled, litellm } = gateway({ answer: litellmStream })
    const miss = await (await post(PATH, streamed)).text()
    await settled()
    const hit = await (await post(PATH, streamed)).text()
    const asked = await (await post(PATH, withUsage)).text()
    expect(litellm.asked.map(({ path, body }) => [path, body])).toEqual([
      [PATH, { ...withUsage, cache: { 'no-cache': true, 'no-store': true } }],
    ])
    expect(miss).not.toContain('"usage"')
    expect(hit).toBe(miss)
    expect(asked).toBe(asDelivered(text('litellm.sse')))
  })

  it('has one entry for each path that leads to it', async () => {
    const { post, settled, litellm } = gateway({ answer: litellmJson })
    const { model: _, ...withoutModel } = request()
    const paths = [PATH, '/completions', '/openai/deployments/small/completions']
    const outcomes: (string | null)[] = []
    for (const path of paths) {
      const answer = await post(path, path.includes('small') ? withoutModel : request())
      outcomes.push(answer.headers.get('x-cache'))
      await settled()
    }
    expect(outcomes).toEqual(['miss', 'exact-hit', 'exact-hit'])
    expect(litellm.asked.map(({ path }) => path)).toEqual([PATH])
  })

  it('has an entry of its own for each tenant, prompt, suffix and number of choices', async () => {
    const { post, settled, litellm } = gateway({ answer: litellmJson })
    const different: [Record<string, unknown>, Record<string, string>?][] = [
      [{}],
      [{}, { authorization: 'Bearer sk-another' }],
      [{ prompt: ['The tide'] }],
      [{ prompt: [464, 17_000] }],
      [{ suffix: 'turns' }],
      [{ n: 1 }],
      [{ echo: true }],
      [{ best_of: 2 }],
    ]
    for (const [over, headers] of [...different, ...different]) {
      await post(PATH, request(over), headers)
      await settled()
    }
    expect(litellm.asked).toHaveLength(different.length)
  })

  it('is not stored for a JSON request with logprobs if the stream has none', async () => {
    const { post, settled, qdrant } = gateway({ answer: litellmStream })
    await (await post(PATH, { ...streamed, logprobs: 0 })).text()
    await settled()
    expect(qdrant.points.size).toBe(0)
  })

  it('is requested once for identical concurrent requests, and a JSON request joins a stream', async () => {
    const { post, call, litellm, coalescing } = coalesced()
    const stream = post(PATH, streamed)
    const one = await call(1)
    const others = [post(PATH, withUsage), post(PATH, request())]
    await vi.waitFor(() => expect(coalescing.asked).toBe(3))
    await settle()
    one.begin()
    one.send(text('litellm.sse'))
    one.end()
    expect(await (await stream).text()).not.toContain('"usage"')
    const [usage, json] = (await Promise.all(others)) as [Response, Response]
    expect(await usage.text()).toBe(asDelivered(text('litellm.sse')))
    expect(edge(json)).toMatchObject({ collapsed: true, stored: true })
    expect(await json.json()).toMatchObject({
      choices: [{ index: 0, text: 'The tide turns.', finish_reason: 'stop', logprobs: null }],
      usage: { total_tokens: 10 },
    })
    expect(litellm.asked).toHaveLength(1)
  })

  it.each([
    [{ prompt: undefined }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ n: 0 }, 'n'],
    [{ model: '' }, 'model'],
    [{ stream: 'yes' }, 'stream'],
    [{ api_base: 'http://evil' }, 'api_base'],
  ])('is refused with the field to correct: %j', async (over, param) => {
    const { post, litellm } = gateway()
    const answer = await post(PATH, request(over))
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param } }])
    expect(litellm.asked).toHaveLength(0)
  })
})
