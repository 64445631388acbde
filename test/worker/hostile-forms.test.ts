import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { concatenate } from '../../src/stream/sse.ts'
import { settle } from '../support/coalescing.ts'
import { BOUNDARY, file, formRequest, rawForm, text } from '../support/forms.ts'
import type { RawField } from '../support/forms.ts'
import { gateway } from '../support/gateway.ts'

const PATH = '/v1/audio/transcriptions'
const MEBIBYTE = 2 ** 20
const answer = () => Response.json({ text: 'Good morning.' })
const model = text('model', 'small')
const sound = file('file')
const encoder = new TextEncoder()

/** A field whose header lines are given. */
const raw = (content: string, ...headers: string[]): RawField => ({ headers, content })
const named = (name: string, content = 'evil') =>
  raw(content, `Content-Disposition: form-data; name=${name}`)
const form = (...fields: RawField[]) => rawForm([sound, model, ...fields])
const type = (rest: string) => ({ 'content-type': `multipart/form-data${rest}` })

interface Hostile {
  readonly body: () => BodyInit
  readonly headers?: Record<string, string>
  /** The refusal's `param`; null for the form itself. */
  readonly param: string | null
}

/** Forms that parsers read differently, or not at all. */
const refused: Record<string, Hostile> = {
  'a second model': { body: () => form(text('model', 'large')), param: 'model' },
  'a list of models': { body: () => form(text('model[]', 'large')), param: 'model[]' },
  'a list of models alone': {
    body: () => rawForm([sound, text('model[]', 'large')]),
    param: 'model[]',
  },
  'a file without a name': { body: () => rawForm([file('file', '', ''), model]), param: 'file' },
  'a file name that is only a path': {
    body: () => rawForm([file('file', '', 'C:\\\\'), model]),
    param: 'file',
  },
  'a model that is a file': { body: () => rawForm([sound, file('model')]), param: 'model' },
  'a name with an escaped quote': { body: () => form(named('"api\\"base"')), param: 'api"base' },
  'a name with an escaped backslash': {
    body: () => form(named('"api_base\\\\"')),
    param: 'api_base\\',
  },
  'an escaped quote at the end of a name': {
    body: () => form(named('"api_base\\"')),
    param: '"api_base"',
  },
  'a name in single quotes': { body: () => form(named("'api_base'")), param: "'api_base'" },
  'a percent-encoded name': { body: () => form(named('"api%5Fbase"')), param: 'api%5Fbase' },
  'an encoded name alone': {
    body: () => form(raw('evil', "Content-Disposition: form-data; name*=utf-8''api_base")),
    param: null,
  },
  'two names': { body: () => form(named('"x"; name="api_base"')), param: 'api_base' },
  'a name after a file name': {
    body: () => form(named('"x"; filename="a"; name="api_base"')),
    param: 'api_base',
  },
  'an empty name': { body: () => form(named('""')), param: '' },
  'a name with spaces': { body: () => form(named('" api_base"')), param: 'api_base' },
  'a name of spaces': { body: () => form(named('" "')), param: '' },
  'a name with CR': { body: () => form(named('"api_base\r"')), param: '"api_base' },
  'a name with LF': { body: () => form(named('"api_base\n"')), param: '"api_base' },
  'a name with NUL': { body: () => form(named('"api_base\0"')), param: 'api_base\0' },
  'a name over two lines': { body: () => form(named('"api_\r\n base"')), param: '"api_' },
  'a name of 2,000 characters': {
    body: () => form(named('x'.repeat(2_000))),
    param: 'x'.repeat(128),
  },
  'no name': { body: () => form(raw('evil', 'Content-Disposition: form-data')), param: null },
  'no headers': { body: () => form(raw('evil')), param: null },
  'two dispositions': {
    body: () =>
      form(
        raw(
          'evil',
          'Content-Disposition: form-data; name="x"',
          'Content-Disposition: form-data; name="api_base"',
        ),
      ),
    param: 'api_base',
  },
  'a charset field': { body: () => form(text('_charset_', 'utf-7')), param: '_charset_' },
  'a text in UTF-16': {
    body: () =>
      form(raw('x', 'Content-Disposition: form-data; name=x', 'Content-Type: a/b; charset=utf-16')),
    param: null,
  },
  'a file in base64': {
    body: () => form(raw('eA==', ...sound.headers, 'Content-Transfer-Encoding: base64')),
    param: null,
  },
  'a text that is not UTF-8': {
    body: () => form({ headers: named('x').headers, content: new Uint8Array([0xff]) }),
    param: 'x',
  },
  'a name that is not UTF-8': {
    body: () =>
      concatenate([
        rawForm([sound, model], { end: '' }),
        encoder.encode(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="`),
        new Uint8Array([0xff]),
        encoder.encode(`"\r\n\r\nx\r\n--${BOUNDARY}--`),
      ]),
    param: null,
  },
  'nested multipart': {
    body: () =>
      form(
        raw(
          '--y\r\nContent-Disposition: file; filename="a"\r\n\r\nx\r\n--y--',
          'Content-Disposition: form-data; name="file"',
          'Content-Type: multipart/mixed; boundary=y',
        ),
      ),
    param: 'file',
  },
  'bare line feeds': {
    body: () => new TextDecoder().decode(form()).replaceAll('\r\n', '\n'),
    param: null,
  },
  '10,000 fields': {
    body: () => form(...Array.from({ length: 10_000 }, (_, n) => text(`f${n}`, ''))),
    param: null,
  },
  'headers of 1 MiB': { body: () => form(raw('', `X-Any: ${'x'.repeat(MEBIBYTE)}`)), param: null },
  'half a form': { body: () => rawForm([sound, model], { end: '' }), param: null },
  'half a file': { body: () => form().slice(0, 100), param: null },
  'no form at all': { body: () => 'model=small', param: null },
  'an empty body': { body: () => '', param: null },
  'no body': { body: () => null as unknown as BodyInit, param: null },
  'no boundary': { body: form, headers: type(''), param: 'content-type' },
  'an empty boundary': { body: form, headers: type('; boundary='), param: 'content-type' },
  'a boundary of 71 characters': {
    body: form,
    headers: type(`; boundary=${'x'.repeat(71)}`),
    param: 'content-type',
  },
  'text before the form': {
    body: () => rawForm([sound, model], { before: 'name="api_base"\r\n' }),
    param: null,
  },
  'the boundary of another form': { body: form, headers: type('; boundary=y'), param: null },
}

describe('a hostile form', () => {
  it.each(Object.entries(refused))('is a 400: %s', async (_, { body, headers, param }) => {
    const { send, litellm } = gateway({ answer })
    const got = await send(formRequest(PATH, body(), headers))
    expect([got.status, await got.json()]).toMatchObject([400, { error: { param } }])
    expect(litellm.asked).toHaveLength(0)
  })

  const accepted: Record<string, { body: () => Uint8Array<ArrayBuffer>; headers?: object }> = {
    'text after the form': {
      body: () =>
        rawForm([sound, model], {
          end: `--${BOUNDARY}--\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="api_base"\r\n\r\nx`,
        }),
    },
    'a quoted boundary': { body: form, headers: type(`; charset=utf-16; Boundary="${BOUNDARY}"`) },
    'two boundaries': { body: form, headers: type(`; boundary=${BOUNDARY}; boundary=y`) },
    'lines that continue after a boundary': {
      body: () => {
        const body = new TextDecoder().decode(form())
        return concatenate([
          encoder.encode(body.replaceAll(`${BOUNDARY}\r\n`, `${BOUNDARY}\t \r\n`)),
        ])
      },
    },
    'a part without headers': {
      body: () => rawForm([sound, raw('name="api_base"'), model]),
    },
    'an encoded and a continued name': {
      body: () => {
        const more = "; name*=utf-8''api_base; name*0=api_; name*1=base"
        return rawForm([sound, raw('small', `${model.headers[0]}${more}`)])
      },
    },
    'another disposition': {
      body: () => rawForm([sound, raw('small', 'Content-Disposition: attachment; name="model"')]),
    },
    'other headers': {
      body: () =>
        rawForm([raw('sound', ...sound.headers, 'Content-Length: 999', 'api_base: x'), model]),
    },
    'a file name that looks like a field': {
      body: () => rawForm([file('file', 'sound', 'a; name=\\"api_base\\"; x='), model]),
    },
  }
  it.each(Object.entries(accepted))('reaches LiteLLM as it was checked: %s', async (_, given) => {
    const { send, litellm } = gateway({ answer })
    const got = await send(formRequest(PATH, given.body(), { ...given.headers }))
    expect(got.status).toBe(200)
    const [asked] = litellm.asked
    expect([...asked!.form!.keys()]).toEqual(['file', 'model', 'caching'])
    expect(await (asked!.form!.get('file') as unknown as File).text()).toBe('sound')
    expect(asked!.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=[\w-]+$/)
    // Every header line is the gateway's own.
    const lines = asked!.text.split('\r\n').filter((line) => /^content-|api_base/i.test(line))
    for (const line of lines)
      expect(line).toMatch(
        /^content-(disposition: form-data; name="(file|model|caching)"|type: audio\/wav$)/,
      )
  })

  it('never makes two servers read different fields, whatever it contains', async () => {
    const { send, litellm } = gateway({ answer })
    const piece = fc.constantFrom(
      `--${BOUNDARY}`,
      '\r\n',
      '\n',
      '--',
      '; ',
      'name="',
      'name=',
      '"',
      '\\',
      'filename="a"',
      'Content-Disposition: form-data; ',
      'Content-Type: text/plain',
      'model',
      'api_base',
      '[]',
      'x',
      '\0',
    )
    const pieces = fc.array(piece, { maxLength: 6 }).map((all) => all.join(''))
    const rarely = fc.oneof(fc.constant(''), pieces)
    const field = fc
      .tuple(fc.constantFrom('x', 'y', 'model', 'api_base[]'), rarely, pieces)
      .map(([name, more, content]) => `name="${name}"${more}\r\n\r\n${content}`)
    const outcomes = { 200: 0, 400: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(field, { minLength: 1, maxLength: 2 }), async (fields) => {
        const body = concatenate([
          rawForm([sound, model], { end: '' }),
          ...fields.map((field) =>
            encoder.encode(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${field}\r\n`),
          ),
          encoder.encode(`--${BOUNDARY}--`),
        ])
        const { status } = await send(formRequest(PATH, body))
        const asked = litellm.asked.pop()
        expect(status).toBe(asked === undefined ? 400 : 200)
        outcomes[asked === undefined ? 400 : 200] += 1
        if (asked === undefined) return
        expect(asked.form?.getAll('model')).toEqual(['small'])
        for (const name of asked.form!.keys()) expect(name).not.toMatch(/^(api_base(\[|$)|model\[)/)
      }),
      { numRuns: 500 },
    )
    // Neither is rare.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(5)
  })

  it.each([
    ['line breaks', '\r'],
    ['half boundaries', `\r\n--${BOUNDARY.slice(0, -1)}`],
    ['alternating line breaks', '\rx'],
  ])('is scanned in linear time if its file is full of %s', async (_, piece) => {
    const { send, litellm } = gateway({ answer })
    const content = encoder.encode(piece.repeat((16 * MEBIBYTE) / piece.length))
    expect((await send(formRequest(PATH, rawForm([file('file', content), model])))).status).toBe(
      200,
    )
    expect((litellm.asked[0]!.form!.get('file') as unknown as File).size).toBe(content.length)
  })
})

async function coded(bytes: BodyInit, format: 'gzip' | 'deflate') {
  const stream = new Response(bytes).body!.pipeThrough(new CompressionStream(format))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

describe('the size and coding of a form', () => {
  const limited = () =>
    gateway({
      env: { MAX_REQUEST_BYTES: String(MEBIBYTE), MEMORY_BUDGET_BYTES: String(3 * MEBIBYTE) },
      answer,
    })
  const large = (bytes: number) => rawForm([file('file', new Uint8Array(bytes)), model])
  /** A body without content-length. */
  const streamed = (bytes: Uint8Array) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 10_000) {
          controller.enqueue(bytes.slice(at, at + 10_000))
        }
        controller.close()
      },
    })

  it('are limited with and without content-length, and refused forms hold no memory', async () => {
    const { send, litellm } = limited()
    for (const body of [large(MEBIBYTE), streamed(large(MEBIBYTE)), large(MEBIBYTE)]) {
      const length = body instanceof Uint8Array ? { 'content-length': String(body.length) } : {}
      const got = await send(formRequest(PATH, body, length as Record<string, string>))
      expect([got.status, await got.json()]).toMatchObject([413, { error: { param: null } }])
    }
    expect(litellm.asked).toHaveLength(0)
    const fits = large(MEBIBYTE - 500)
    for (const body of [fits, streamed(fits), fits]) {
      expect((await send(formRequest(PATH, body))).status).toBe(200)
    }
  })

  it.each(['gzip', 'deflate'] as const)('are those of the decoded form: %s', async (coding) => {
    const { send, litellm } = limited()
    const sendCoded = async (body: Uint8Array<ArrayBuffer>) =>
      send(formRequest(PATH, body, { 'content-encoding': coding }))
    const whole = await coded(rawForm([sound, model]), coding)
    expect((await sendCoded(whole)).status).toBe(200)
    expect(litellm.asked[0]?.headers.has('content-encoding')).toBe(false)
    expect(litellm.asked[0]?.form?.get('model')).toBe('small')
    const cut = await sendCoded(whole.slice(0, -5))
    expect([cut.status, await cut.json()]).toMatchObject([
      400,
      { error: { param: 'content-encoding' } },
    ])
    expect((await sendCoded(await coded(large(MEBIBYTE), coding))).status).toBe(413)
    expect(litellm.asked).toHaveLength(1)
  })

  it('are checked before anything goes upstream', async () => {
    const { answerTo, litellm } = gateway({ answer })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const answered = answerTo(formRequest(PATH, readable))
    const writer = writable.getWriter()
    const body = rawForm([
      model,
      file('file', 'x'.repeat(200_000)),
      text('api_base', 'http://evil'),
    ])
    await writer.write(body.slice(0, 150_000))
    await settle()
    expect(litellm.asked).toHaveLength(0)
    await writer.write(body.slice(150_000))
    await writer.close()
    expect((await answered).status).toBe(400)
    expect(litellm.asked).toHaveLength(0)
  })

  it('are refused with a 408 if the form takes more than five minutes', async () => {
    const { answerTo, litellm } = gateway({ answer })
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const answered = answerTo(formRequest(PATH, readable))
    const writer = writable.getWriter()
    const body = form()
    await writer.write(body.slice(0, 50))
    vi.setSystemTime(Date.now() + 300_001)
    await writer.write(body.slice(50))
    await writer.close()
    const got = await answered
    expect([got.status, await got.json()]).toMatchObject([
      408,
      { error: { code: 'request_timeout' } },
    ])
    expect(litellm.asked).toHaveLength(0)
  })

  it('do not count once LiteLLM has received the form', async () => {
    const go = Promise.withResolvers<void>()
    const { send, litellm } = gateway({
      env: { MAX_REQUEST_BYTES: String(2 * MEBIBYTE), MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE) },
      answer: () => go.promise.then(answer),
    })
    const answers = Array.from({ length: 5 }, async (_, n) => {
      await vi.waitFor(() => expect(litellm.asked).toHaveLength(n))
      return send(formRequest(PATH, large(1.5 * MEBIBYTE)))
    })
    await vi.waitFor(() => expect(litellm.asked).toHaveLength(5))
    go.resolve()
    for (const got of await Promise.all(answers)) expect(got.status).toBe(200)
  })

  it('count in the memory budget until the form is sent, or its caller has left', async () => {
    const { send, answerTo } = gateway({
      env: { MAX_REQUEST_BYTES: String(2 * MEBIBYTE), MEMORY_BUDGET_BYTES: String(4 * MEBIBYTE) },
      answer,
    })
    const body = large(1.5 * MEBIBYTE)
    const left = new AbortController()
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const hanging = answerTo(new Request(formRequest(PATH, readable), { signal: left.signal }))
    const writer = writable.getWriter()
    await writer.write(body.slice(0, 1_400_000))
    await vi.waitFor(async () => {
      expect((await send(formRequest(PATH, body))).status).toBe(503)
    })
    expect((await send(formRequest(PATH, rawForm([sound, model])))).status).toBe(200)
    left.abort()
    expect((await send(formRequest(PATH, body))).status).toBe(200)
    await writer.abort(new Error('The caller has left.'))
    await hanging
  })
})
