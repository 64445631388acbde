import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { cacheStatus } from '../support/cache-status.ts'
import { litellmError, modelList } from '../support/fake-litellm.ts'
import { cutAt, cuts, isUnlikeBoundary, streamOf, unlikeBoundary } from '../support/form-cuts.ts'
import { BOUNDARY, file, formRequest, rawForm, text } from '../support/forms.ts'
import { shown, traced } from '../support/traced-gateway.ts'
import { gateway } from '../support/gateway.ts'
import { scripted } from '../support/scripted-answer.ts'

const TRANSCRIPTIONS = '/v1/audio/transcriptions'
const EDITS = '/v1/images/edits'
const heard = { text: 'Good morning.', usage: { type: 'duration', seconds: 2 } }
const answer = () => Response.json(heard)

/** The form of OpenAI's own clients: the platform writes it. */
function uploadOf(path: string, over: Record<string, string | File> = {}): Request {
  const form = new FormData()
  const isAudio = path.endsWith('transcriptions')
  const sent = isAudio
    ? { file: new File(['sound'], 'a.wav', { type: 'audio/wav' }), model: 'small', ...over }
    : { image: new File(['pixels'], 'a.png', { type: 'image/png' }), model: 'small', ...over }
  for (const [name, value] of Object.entries(sent)) form.append(name, value)
  return new Request(`https://gateway${path}`, { method: 'POST', body: form })
}

const fieldsOf = (form: FormData | undefined) =>
  [...(form ?? [])].map(([name, value]) => [name, typeof value === 'string' ? value : value.name])

const routes = [
  [TRANSCRIPTIONS, TRANSCRIPTIONS],
  ['/audio/transcriptions', TRANSCRIPTIONS],
  [EDITS, EDITS],
  ['/images/edits', EDITS],
] as const

describe('a form', () => {
  it.each(routes)('is passed on and bypasses both caches: %s', async (path, sentTo) => {
    const { send, litellm, qdrant, settled } = gateway({ answer })
    for (const _ of [1, 2]) {
      const given = await send(uploadOf(path, { prompt: 'ÄÖ 世界\r\n😀' }))
      expect(await given.json()).toEqual(heard)
      expect(given.headers.get('x-cache')).toBe('bypass')
      expect(given.headers.get('x-request-id')).toMatch(/./)
      expect(cacheStatus(given)).toEqual([
        { cache: 'edge', fwd: 'bypass', 'fwd-status': 200, detail: 'not a cached route' },
      ])
      await settled()
    }
    expect(litellm.asked.map((asked) => asked.path)).toEqual([sentTo, sentTo])
    const [first, second] = litellm.asked
    const isAudio = sentTo === TRANSCRIPTIONS
    expect(fieldsOf(second?.form)).toEqual([
      isAudio ? ['file', 'a.wav'] : ['image', 'a.png'],
      ['model', 'small'],
      ['prompt', 'ÄÖ 世界\r\n😀'],
      ['caching', 'false'],
    ])
    const upload = second?.form?.get(isAudio ? 'file' : 'image') as unknown as File
    expect(upload.type).toBe(isAudio ? 'audio/wav' : 'image/png')
    const length = String(second?.bytes.length)
    expect([null, length]).toContain(second?.headers.get('content-length'))
    expect(first?.headers.get('content-type')).not.toBe(second?.headers.get('content-type'))
    expect(qdrant.requests).toHaveLength(0)
  })

  it('reaches LiteLLM with every byte of its files, however it is cut, and nothing of its own boundaries', async () => {
    const { send, litellm } = gateway({ answer })
    const long = fc.uint8Array({ maxLength: 100_000, size: 'max' })
    const bytes = fc.oneof(long.filter(isUnlikeBoundary), unlikeBoundary)
    const fileName = fc.stringMatching(/^[\wäöü世界][\w äöü世界]{0,19}\.wav$/u)
    await fc.assert(
      fc.asyncProperty(bytes, fileName, cuts, async (bytes, fileName, cuts) => {
        const sound = file('file', bytes, fileName)
        const body = streamOf(cutAt(rawForm([sound, text('model', 'small')]), cuts))
        expect((await send(formRequest(TRANSCRIPTIONS, body))).status).toBe(200)
        const { form } = litellm.asked.pop()!
        expect([...form!.keys()]).toEqual(['file', 'model', 'caching'])
        const arrived = form!.get('file') as unknown as File
        expect([arrived.name, arrived.type]).toEqual([fileName, 'audio/wav'])
        expect(new Uint8Array(await arrived.arrayBuffer())).toEqual(Uint8Array.from(bytes))
      }),
    )
    await send(formRequest(TRANSCRIPTIONS, rawForm([file('file'), text('model', 'small')])))
    expect(litellm.asked.at(-1)?.text).not.toContain(BOUNDARY)
  })

  it('may repeat lists and images', async () => {
    const { send, litellm } = gateway({ answer })
    const names = ['timestamp_granularities[]', 'timestamp_granularities[]', 'include[]']
    const audio = [file('file'), text('model', 'small'), ...names.map((name) => text(name, 'x'))]
    expect((await send(formRequest(TRANSCRIPTIONS, rawForm(audio)))).status).toBe(200)
    const sent = [...litellm.asked[0]!.form!.keys()]
    expect(sent).toEqual(['file', 'model', ...names, 'caching'])
    for (const name of ['image', 'image[]']) {
      const images = [file(name, 'a'), file(name, 'b'), file('mask'), text('model', 'small')]
      expect((await send(formRequest(EDITS, rawForm(images)))).status).toBe(200)
      expect(litellm.asked.at(-1)!.form!.getAll(name)).toHaveLength(2)
    }
  })

  it('gets the model of an Azure path instead of its own', async () => {
    const { send, litellm } = gateway({ answer })
    const path = '/openai/deployments/vendor%2Fsmall/images/edits?api-version=2025-04-01&model=x'
    await send(uploadOf(path, { model: 'other' }))
    await send(formRequest(path, rawForm([file('image')])))
    expect(litellm.asked.map(({ form }) => form?.getAll('model'))).toEqual([
      ['vendor/small'],
      ['vendor/small'],
    ])
    expect(litellm.asked[0]?.url).toBe(`http://litellm${EDITS}?api-version=2025-04-01`)
  })

  it.each([TRANSCRIPTIONS, EDITS])('may not steer LiteLLM: %s', async (path) => {
    const { send, litellm } = gateway()
    for (const name of [
      'api_base',
      'api_base[]',
      'metadata',
      'cache',
      'litellm_params',
      'model[]',
    ]) {
      const refused = await send(uploadOf(path, { [name]: '{}' }))
      expect(refused.status).toBe(400)
      expect(refused.headers.get('x-should-retry')).toBe('false')
      expect(await refused.json()).toMatchObject({
        error: { type: 'invalid_request_error', param: name },
      })
    }
    expect(litellm.asked).toHaveLength(0)
  })

  it.each([
    ['model', ''],
    ['model', 'a,b'],
    ['model', 'm'.repeat(20_000)],
    ['stream', 'yes'],
    ['stream', ''],
    ['prompt', 'x'.repeat(2 ** 20 + 1)],
  ])('is a 400 that names %s', async (param, value) => {
    const { send, litellm } = gateway()
    const refused = await send(uploadOf(TRANSCRIPTIONS, { [param]: value }))
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param } }])
    expect(litellm.asked).toHaveLength(0)
  })

  it('is a 400 without a model or a file', async () => {
    const { send } = gateway()
    const without = async (path: string, ...fields: Parameters<typeof rawForm>[0]) =>
      (await send(formRequest(path, rawForm(fields)))).json()
    const names = (param: string) => ({ error: { param } })
    expect(await without(TRANSCRIPTIONS, file('file'))).toMatchObject(names('model'))
    expect(await without(TRANSCRIPTIONS, text('model', 'small'))).toMatchObject(names('file'))
    expect(await without(EDITS)).toMatchObject(names('model'))
  })

  it.each(routes)('needs a key that may use the model: %s', async (path) => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['other'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { send, litellm } = gateway({ env, answer })
    const withKey = (model: string) => {
      const request = uploadOf(path, { model })
      request.headers.set('x-api-key', 'key')
      return send(request)
    }
    expect((await send(uploadOf(path))).status).toBe(401)
    expect((await withKey('small')).status).toBe(403)
    expect(litellm.asked).toHaveLength(0)
    expect((await withKey('other')).status).toBe(200)
    expect(litellm.asked[0]?.headers.get('authorization')).toBe('Bearer sk-upstream')
  })

  it('needs a key that may use the model of an Azure path, whatever the form says', async () => {
    const keys = [{ sha256: await sha256('key'), tenant: 'acme', models: ['small'] }]
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: JSON.stringify(keys) }
    const { send } = gateway({ env, key: 'key', answer })
    const at = (model: string) => `/openai/deployments/${model}/images/edits`
    expect((await send(uploadOf(at('large'), { model: 'small' }))).status).toBe(403)
    expect((await send(uploadOf(at('small'), { model: 'large' }))).status).toBe(200)
  })

  it("is left to LiteLLM if its model is not among a LiteLLM key's", async () => {
    const { send, litellm } = gateway({
      answer: () => litellmError(403, 'key_model_access_denied'),
    })
    litellm.models = () => modelList(['other'])
    expect((await send(uploadOf(TRANSCRIPTIONS))).status).toBe(403)
    expect(litellm.asked).toHaveLength(1)
  })
})

describe('the answer to a form', () => {
  it.each([
    ['text/plain; charset=utf-8', 'Good morning.\n'],
    ['application/x-subrip', '1\n00:00:00,000 --> 00:00:02,000\nGood morning.\n'],
    ['text/vtt', 'WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning.\n'],
    ['application/json', '{ "text":"Good morning." }'],
  ])('arrives byte for byte: %s', async (type, body) => {
    const given = () => new Response(body, { headers: { 'content-type': type } })
    const { send } = gateway({ answer: given })
    const got = await send(uploadOf(TRANSCRIPTIONS))
    expect([await got.text(), got.headers.get('content-type')]).toEqual([body, type])
  })

  it.each([TRANSCRIPTIONS, EDITS])('streams as it arrives: %s', async (path) => {
    const { answer, call } = scripted()
    const { answerTo, litellm } = gateway({ answer })
    const asking = answerTo(uploadOf(path, { stream: 'True' }))
    const upstream = await call(1)
    upstream.begin()
    upstream.send('data: {"type":"transcript.text.delta","delta":"Good "}\n\n')
    const reader = (await asking).body!.getReader()
    const first = new TextDecoder().decode((await reader.read()).value)
    expect(first).toContain('"delta":"Good "')
    upstream.end()
    expect((await reader.read()).done).toBe(true)
    expect(litellm.asked[0]?.form?.get('stream')).toBe('True')
  })

  it('is an image of several megabytes, unchanged', async () => {
    const image = JSON.stringify({ data: [{ b64_json: 'A'.repeat(5 * 2 ** 20) }] })
    const headers = { 'content-type': 'application/json' }
    const { send } = gateway({ answer: () => new Response(image, { headers }) })
    expect((await (await send(uploadOf(EDITS))).text()) === image).toBe(true)
  })

  it("is LiteLLM's error in OpenAI's shape", async () => {
    const { send } = gateway({ answer: () => litellmError(422, 'invalid_request_error') })
    const got = await send(uploadOf(EDITS))
    expect([got.status, await got.json()]).toMatchObject([422, { error: { message: 'no' } }])
  })
})

describe('the media type of a request', () => {
  it.each(['application/json', 'application/x-www-form-urlencoded', 'multipart/mixed', ''])(
    'must be a form where LiteLLM expects one: %s',
    async (type) => {
      const { send, litellm } = gateway()
      const got = await send(
        formRequest(TRANSCRIPTIONS, '{"model":"small"}', { 'content-type': type }),
      )
      expect(got.status).toBe(415)
      expect(got.headers.get('x-should-retry')).toBe('false')
      expect(got.headers.has('accept-encoding')).toBe(false)
      const message = 'The body must be multipart/form-data.'
      expect(await got.json()).toMatchObject({ error: { message, param: 'content-type' } })
      expect(litellm.asked).toHaveLength(0)
    },
  )

  it.each(['/v1/chat/completions', '/v1/embeddings', '/v1/images/generations', '/v1/audio/speech'])(
    'must not be a form where LiteLLM expects JSON: %s',
    async (path) => {
      const { send, litellm } = gateway()
      for (const size of [10, 2 * 2 ** 20]) {
        const got = await send(uploadOf(path, { prompt: 'x'.repeat(size) }))
        expect([got.status, await got.json()]).toMatchObject([
          415,
          { error: { message: 'The body must be JSON.', param: 'content-type' } },
        ])
      }
      expect(litellm.asked).toHaveLength(0)
    },
  )

  it('is JSON if the body is, whatever its label says', async () => {
    const { send, litellm } = gateway()
    const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hi' }] })
    expect((await send(formRequest('/v1/chat/completions', body))).status).toBe(200)
    expect(litellm.asked[0]?.headers.get('content-type')).toBe('application/json')
  })
})

describe('a form on another path', () => {
  it.each([
    '/v1/audio/translations',
    '/v1/images/variations',
    '/v1/files',
    '/v1/uploads/x/parts',
    // LiteLLM has no such route.
    '/openai/deployments/small/audio/transcriptions',
  ])('is a 404 that says so: %s', async (path) => {
    const { send, litellm } = gateway()
    const got = await send(uploadOf(path))
    expect([got.status, await got.json()]).toMatchObject([
      404,
      { error: { message: `No route ${path}.`, code: 'not_found' } },
    ])
    expect(litellm.asked).toHaveLength(0)
  })

  it.each([TRANSCRIPTIONS, EDITS])('is a 405 with another method: %s', async (path) => {
    const { get } = gateway()
    const got = await get(path)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('the trace of a form', () => {
  it('shows model, prompt and files, but no content of files', async () => {
    const { send, settled, roots, requests } = traced({}, { answer })
    await send(uploadOf(TRANSCRIPTIONS, { prompt: 'names: Ada' }))
    await settled()
    expect(shown(roots()[0], 'Inputs')).toEqual({
      model: 'small',
      prompt: 'names: Ada',
      files: [{ field: 'file', name: 'a.wav', type: 'audio/wav', bytes: 5 }],
    })
    const sent = new TextDecoder().decode(requests[0]?.bytes)
    expect(sent).not.toContain('sound')
  })
})
