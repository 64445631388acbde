import { describe, expect, it } from 'vitest'
import { parameterizedValue } from '../../src/stream/header-parameters.ts'
import { InvalidMultipart } from '../../src/stream/multipart-scanner.ts'
import { partHeaders } from '../../src/stream/part-headers.ts'

const read = (...lines: string[]) =>
  partHeaders(new TextEncoder().encode(`${lines.map((line) => `${line}\r\n`).join('')}\r\n`))
const disposition = (rest: string) => read(`Content-Disposition: form-data${rest}`)

describe("a part's headers", () => {
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
    ['with a Windows path', '; name="file"; filename="C:\\new\\a.wav"', 'a.wav'],
    ['with a network path', '; name="file"; filename="\\\\host\\a.wav"', 'a.wav'],
    ['with folders', '; name="file"; filename="b/a.wav"', 'b/a.wav'],
    ['empty', '; name="file"; filename=""', ''],
    ['in another case and with spaces', ' ; NAME="file" ;  FileName="a.wav" ; size=4', 'a.wav'],
  ])('name a file %s', (_, rest, fileName) => {
    expect(disposition(rest)).toMatchObject({ name: 'file', fileName })
  })

  it('name a text field, and skip what servers must not read', () => {
    expect(
      read('content-DISPOSITION:form-data; name="a"', 'Content-Length: 4', 'X-Any: "'),
    ).toEqual({ name: 'a', fileName: undefined, type: undefined })
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
    ['another disposition', ['Content-Disposition: attachment; name="a"']],
    ['no name', ['Content-Disposition: form-data']],
    ['two names', ['Content-Disposition: form-data; name="a"; name="model"']],
    ['two names in different cases', ['Content-Disposition: form-data; name="a"; Name="model"']],
    ['an encoded name', [`Content-Disposition: form-data; name="a"; name*=utf-8''model`]],
    ['a continued name', ['Content-Disposition: form-data; name="a"; name*0=mo; name*1=del']],
    ['an open quote', ['Content-Disposition: form-data; name="a']],
    ['an escaped last quote', ['Content-Disposition: form-data; name="a\\"']],
    ['text after a quote', ['Content-Disposition: form-data; name="a"b']],
    ['two file names', ['Content-Disposition: form-data; name=a; filename=a; filename=b']],
    [
      'a file name in another charset',
      [`Content-Disposition: form-data; name=a; filename*=iso-8859-1''%E4`],
    ],
    [
      'a file name that breaks lines',
      [`Content-Disposition: form-data; name=a; filename*=utf-8''%0d%0aX`],
    ],
    [
      'two dispositions',
      ['Content-Disposition: form-data; name=a', 'content-disposition: form-data; name=b'],
    ],
    ['a folded line', ['Content-Disposition: form-data;', ' name="a"']],
    ['a space before a colon', ['Content-Disposition : form-data; name="a"']],
    ['a line without a colon', ['Content-Disposition: form-data; name="a"', 'x']],
    ['a bare CR', ['Content-Disposition: form-data; name="a\rb"']],
    ['a bare LF', ['Content-Disposition: form-data; name="a\nb"']],
    ['a NUL', ['Content-Disposition: form-data; name="a\0"']],
    ['base64', ['Content-Disposition: form-data; name=a', 'Content-Transfer-Encoding: base64']],
    [
      'quoted-printable',
      ['Content-Disposition: form-data; name=a', 'Content-Transfer-Encoding: Quoted-Printable'],
    ],
    [
      'a text in another charset',
      ['Content-Disposition: form-data; name=a', 'Content-Type: text/plain; charset=utf-16'],
    ],
    [
      'a type that is not ASCII',
      ['Content-Disposition: form-data; name=a', 'Content-Type: text/plä'],
    ],
  ])('are refused with %s', (_, lines) => {
    expect(() => read(...lines)).toThrow(InvalidMultipart)
  })

  it('are refused if they are not UTF-8', () => {
    const bytes = Uint8Array.from('Content-Disposition: form-data; name="\xe4"\r\n\r\n', (c) =>
      c.charCodeAt(0),
    )
    expect(() => partHeaders(bytes)).toThrow(InvalidMultipart)
  })
})

describe('a value with parameters', () => {
  it.each([
    ['Multipart/Form-Data; Boundary=Ab', 'multipart/form-data', { boundary: 'Ab' }],
    ['a/b;boundary="x y"', 'a/b', { boundary: 'x y' }],
    ['a/b; boundary=----=_Part_1/2:3', 'a/b', { boundary: '----=_Part_1/2:3' }],
    ['a/b;; x=1 ;', 'a/b', { x: '1' }],
    ['a/b', 'a/b', {}],
    ['', '', {}],
  ])('is split: %s', (field, value, parameters) => {
    const found = parameterizedValue(field)
    expect(found?.value).toBe(value)
    expect(Object.fromEntries(found?.parameters ?? [])).toEqual(parameters)
  })

  it.each(['a; x', 'a; =1', 'a; x=1 2', 'a; x="1', 'a; x=1; X=2', 'a, b; x=1, c; x=2'])(
    'is refused if it is malformed or ambiguous: %s',
    (field) => expect(parameterizedValue(field)).toBeUndefined(),
  )
})
