import { describe, expect, it } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

/** LiteLLM's routes outside the LLM APIs: management, internals, pass-throughs and its web pages. */
const CLOSED = [
  '/cache/delete',
  '/cache/flushall',
  '/cache/ping',
  '/config/update',
  '/config/yaml',
  '/get/config/callbacks',
  '/global/spend',
  '/health/readiness',
  '/health/liveliness',
  '/key/generate',
  '/key/info',
  '/key/list',
  '/metrics',
  '/model/info',
  '/model/new',
  '/openapi.json',
  '/public/model_hub',
  '/routes',
  '/spend/logs',
  '/sso/key/generate',
  '/team/new',
  '/test',
  '/ui/',
  '/user/new',
  '/v1/model/info',
  '/v1/files',
  '/v1/batches',
  '/v1/responses/resp_1',
  '/v1/responses/resp_1/cancel',
  '/v1/responses/compact',
  '/v1/responses/input_tokens',
  '/openai/responses',
  '/v1/vector_stores',
  '/anthropic/v1/messages',
  '/openai/v1/chat/completions',
  '/bedrock/model/x/invoke',
  '/vertex_ai/x',
  '/mcp',
]

/** Ways to write a path that two servers in a row may read differently. */
const TRICKS: Record<string, (path: string) => string> = {
  'no change': (path) => path,
  'upper case': (path) => path.toUpperCase(),
  'two slashes': (path) => `/${path}`,
  'trailing slash': (path) => `${path}/`,
  'after a served path and `..`': (path) => `/v1/chat/completions/..${path}`,
  'after a served path and an encoded `..`': (path) => `/v1/chat/completions/%2e%2e${path}`,
  'encoded slash': (path) => path.replace(/(?<=.)\//g, '%2F'),
  'encoded letter': (path) =>
    path.replace(/[a-z]/, (letter) => `%${letter.codePointAt(0)!.toString(16)}`),
  'doubly encoded slash': (path) => path.replace(/(?<=.)\//g, '%252F'),
  'leading dot segment': (path) => `/.${path}`,
  'a backslash': (path) => path.replaceAll('/', '\\'),
  'a semicolon': (path) => `${path};/v1/chat/completions`,
  'a query': (path) => `${path}?route=/v1/chat/completions`,
  'trailing null byte': (path) => `${path}%00`,
  'under /v1': (path) => `/v1${path}`,
}

/** A gateway that records every request that reaches LiteLLM. */
function watched() {
  const reached: string[] = []
  const made = gateway({
    hosts: {
      litellm: {
        fetch(request) {
          reached.push(`${request.method} ${new URL(request.url).pathname}`)
          return Response.json({})
        },
      },
    },
  })
  return { ...made, reached }
}

describe("LiteLLM's other routes", () => {
  it.each(Object.entries(TRICKS))('get a 404 and never reach LiteLLM: %s', async (_, trick) => {
    const { send, reached } = watched()
    for (const path of CLOSED) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
        const body = method === 'GET' ? null : JSON.stringify(chat())
        const answer = await send(new Request(`https://gateway${trick(path)}`, { method, body }))
        expect([path, method, answer.status]).toEqual([path, method, 404])
        expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } })
      }
    }
    expect(reached).toEqual([])
  })

  it('cannot be reached by a header that names another path or method', async () => {
    const { send, reached } = watched()
    for (const name of [
      'x-original-url',
      'x-rewrite-url',
      'x-forwarded-prefix',
      'x-forwarded-path',
    ]) {
      const answer = await send(
        new Request('https://gateway/key/list', { headers: { [name]: '/v1/models' } }),
      )
      expect(answer.status).toBe(404)
    }
    const posted = await send(
      new Request('https://gateway/v1/models', {
        method: 'POST',
        headers: { 'x-http-method-override': 'GET' },
      }),
    )
    expect(posted.status).toBe(405)
    expect(reached).toEqual([])
  })

  it('cannot be reached through the query or a `..` of a served path', async () => {
    const { post, litellm } = gateway()
    await post('/v1/chat/completions?path=/key/list&api_key=sk-x', chat())
    await post('/v1/key/../chat/completions', chat({ seed: 1 }))
    expect(litellm.asked.map(({ path, url }) => [path, url])).toEqual([
      ['/v1/chat/completions', 'http://litellm/v1/chat/completions'],
      ['/v1/chat/completions', 'http://litellm/v1/chat/completions'],
    ])
  })
})
