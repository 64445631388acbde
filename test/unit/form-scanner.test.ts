import { MultipartParseError } from '@remix-run/multipart-parser'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FormScanner } from '../../src/stream/form-scanner.ts'
import { concatenate } from '../../src/stream/sse.ts'
import { BOUNDARY, file, rawForm, text } from '../support/forms.ts'
import { cutAt, cuts, unlikeBoundary } from '../support/form-cuts.ts'

function scan(body: Uint8Array, cuts: readonly number[] = [], boundary = BOUNDARY) {
  const scanner = new FormScanner(boundary)
  for (const chunk of cutAt(body, cuts)) scanner.push(chunk)
  return scanner.end()
}

const encoder = new TextEncoder()
const bytewise = (body: Uint8Array) => Array.from(body, (_, at) => at)
const read = (...lines: string[]) => scan(rawForm([{ headers: lines, content: 'x' }]))[0]
const disposition = (rest: string) => read(`Content-Disposition: form-data${rest}`)

describe('a form scanner', () => {
  afterEach(() => vi.unstubAllGlobals())

  it.each(['with', 'without'])(
    "finds the content of every field, however the body is cut, %s Node's Buffer",
    (search) => {
      // The parser searches with a Buffer if there is one, which depends on the compatibility date.
      if (search === 'without') vi.stubGlobal('Buffer', undefined)
      fc.assert(
        fc.property(fc.array(unlikeBoundary, { maxLength: 6 }), cuts, (contents, cuts) => {
          const body = rawForm(contents.map((bytes, n) => file(`f${n}`, bytes)))
          const found = scan(body, cuts)
          expect(found.map(({ content }) => concatenate(content))).toEqual(
            contents.map((bytes) => Uint8Array.from(bytes)),
          )
          expect(found.map(({ bytes }) => bytes)).toEqual(contents.map(({ length }) => length))
        }),
      )
    },
  )

  it('throws nothing but MultipartParseError, whatever arrives', () => {
    const pieces = fc.array(
      fc.constantFrom('--x-boundary', '\r\n', '--', 'a: b', ' ', '\n', '\r', 'x', '\0'),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(pieces, cuts, (pieces, cuts) => {
        try {
          scan(encoder.encode(pieces.join('')), cuts)
        } catch (error) {
          expect(error).toBeInstanceOf(MultipartParseError)
        }
      }),
    )
  })

  it('finds the same fields in one piece and byte by byte, and skips what follows them', () => {
    const fields = [text('a', ''), file('b', '\r\r\n--x-boundar\r\n'), text('c', '\r')]
    for (const end of ['--x-boundary--', '--x-boundary--\r\n', '--x-boundary--\r\n--x-boundary']) {
      const body = rawForm(fields, { end })
      const found = [[], [body.length - 2], bytewise(body)].map((cuts) =>
        scan(body, cuts).map(({ content, ...field }) => ({ ...field, ...concatenate(content) })),
      )
      expect(found[0]).toHaveLength(3)
      expect(found[1]).toEqual(found[0])
      expect(found[2]).toEqual(found[0])
    }
  })

  it('copies no content but of the blocks in which a header ends', () => {
    const body = rawForm([file('a', new Uint8Array(1_000_000)), text('b', '')])
    const [field] = scan(
      body,
      Array.from({ length: 20 }, (_, n) => n * 50_000 + 50),
    )
    const copied = field!.content.filter(({ buffer }) => buffer !== body.buffer)
    expect(concatenate(copied).length).toBeLessThan(17_000)
  })

  it.each([
    ['nothing', ''],
    ['no boundary', 'model=small'],
    ['text before the first boundary', 'x\r\n--x-boundary--'],
    ['the boundary of another form', '--y\r\na: b\r\n\r\nc\r\n--y--'],
    ['no last boundary', '--x-boundary\r\na: b\r\n\r\nc\r\n--x-boundary\r\n'],
    ['half a last boundary', '--x-boundary\r\na: b\r\n\r\nc\r\n--x-boundary-'],
    ['content that breaks off', '--x-boundary\r\na: b\r\n\r\nc'],
    ['headers that break off', '--x-boundary\r\na: b\r\n'],
    ['lines that end in LF', '--x-boundary\na: b\n\nc\n--x-boundary--'],
  ])('rejects %s, however it is cut', (_, given) => {
    const body = encoder.encode(given)
    expect(() => scan(body)).toThrow(MultipartParseError)
    expect(() => scan(body, bytewise(body))).toThrow(MultipartParseError)
  })

  it('accepts 200 fields and headers of 4 KiB, and no more', () => {
    const fields = (count: number) => rawForm(Array.from({ length: count }, () => text('a', 'b')))
    expect(scan(fields(200))).toHaveLength(200)
    expect(() => scan(fields(201))).toThrow('count of 200')
    const long = (bytes: number) => {
      const first = 'Content-Disposition: form-data; name=a\r\nx: '
      const headers = [first + 'x'.repeat(bytes - first.length)]
      return rawForm([{ headers, content: '' }])
    }
    expect(scan(long(4_096))).toHaveLength(1)
    for (const cuts of [[], bytewise(long(100))]) {
      expect(() => scan(long(4_097), cuts)).toThrow('4096 bytes')
      expect(() => scan(long(4_097).slice(0, 4_200), cuts)).toThrow(MultipartParseError)
    }
  })
})

describe("a field's headers", () => {
  it.each([
    ['quoted, as most clients', '; name="file"; filename="a.wav"', 'a.wav'],
    ['without quotes, as .NET', '; name=file; filename=a.wav', 'a.wav'],
    [
      'with filename* besides, as .NET',
      `; name=file; filename="=?utf-8?B?eA==?="; filename*=utf-8''%C3%A4.wav`,
      'ä.wav',
    ],
    ['with filename* alone', `;name="file";filename*=UTF-8'de'a%20b.wav`, 'a b.wav'],
    ['in UTF-8', '; name="file"; filename="世界 ä.wav"', '世界 ä.wav'],
    ['with a quote as a browser escapes it', '; name="file"; filename="a%22b.wav"', 'a%22b.wav'],
    ['with a quote as curl escapes it', '; name="file"; filename="a\\"b.wav"', 'a"b.wav'],
    ['with a semicolon', '; name="file"; filename="a; name=model"', 'a; name=model'],
    ['with an escaped Windows path', '; name="file"; filename="C:\\\\new\\\\a.wav"', 'a.wav'],
    ['with folders', '; name="file"; filename="b/a.wav"', 'b/a.wav'],
    ['empty', '; name="file"; filename=""', ''],
    ['with spaces', ' ; name="file" ;  filename="a.wav" ; size=4', 'a.wav'],
  ])('name a file %s', (_, rest, fileName) => {
    expect(disposition(rest)).toMatchObject({ name: 'file', fileName })
  })

  it('name a text field, and skip what servers must not read', () => {
    expect(
      read('content-DISPOSITION:form-data; name="a"', 'Content-Length: 4', 'X-Any: "'),
    ).toMatchObject({ name: 'a', fileName: undefined, type: undefined, bytes: 1 })
    const text = ['Content-Disposition: form-data; name="a"', 'Content-Transfer-Encoding: 8bit']
    for (const type of [
      'text/plain; charset=UTF-8',
      'text/plain',
      'application/json;charset="us-ascii"',
    ]) {
      expect(read(...text, `Content-Type: ${type}`)).toMatchObject({ name: 'a', type })
    }
  })

  it.each([
    ['no disposition', ['Content-Type: text/plain']],
    ['no name', ['Content-Disposition: form-data']],
    ['a folded line', ['Content-Disposition: form-data;', ' name="a"']],
    ['base64', ['Content-Disposition: form-data; name=a', 'Content-Transfer-Encoding: base64']],
    [
      'quoted-printable',
      ['Content-Disposition: form-data; name=a', 'Content-Transfer-Encoding: Quoted-Printable'],
    ],
    [
      'a text in another charset',
      ['Content-Disposition: form-data; name=a', 'Content-Type: text/plain; Charset="utf-16"'],
    ],
    [
      'a type that is not ASCII',
      ['Content-Disposition: form-data; name=a', 'Content-Type: text/plä'],
    ],
    ['a NUL in a type', ['Content-Disposition: form-data; name=a', 'Content-Type: a/b\0']],
  ])('are refused with %s', (_, lines) => {
    expect(() => read(...lines)).toThrow(MultipartParseError)
  })

  it('are refused if they are not UTF-8', () => {
    const body = Uint8Array.from(
      '--x-boundary\r\nContent-Disposition: form-data; name="\xe4"\r\n\r\n\r\n--x-boundary--',
      (character) => character.charCodeAt(0),
    )
    expect(() => scan(body)).toThrow('not valid UTF-8')
  })
})
