import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidMultipart, MultipartScanner } from '../../src/stream/multipart-scanner.ts'
import { BOUNDARY, file, rawForm, text } from '../support/forms.ts'

/** Scans a body that arrives in these cuts. */
function scan(body: Uint8Array, cuts: readonly number[] = [], boundary = BOUNDARY) {
  const scanner = new MultipartScanner(boundary)
  const at = [0, ...[...cuts].map((cut) => cut % (body.length + 1)).sort((a, b) => a - b)]
  for (const [n, start] of at.entries())
    scanner.push(body.subarray(start, at[n + 1] ?? body.length))
  return scanner.end()
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const cuts = fc.array(fc.nat(), { maxLength: 20 })
/** Content that is full of half delimiters. */
const tricky = fc
  .array(
    fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\r\n--', '\r\n--x-bound', 'ary', 'x', '\0'),
  )
  .map((pieces) => encoder.encode(pieces.join('')))
/** Without the boundary, as a client must choose it. */
const content = fc
  .oneof(tricky, fc.uint8Array({ maxLength: 200 }))
  .filter((bytes) => !`\r\n${decoder.decode(bytes)}`.includes(`\r\n--${BOUNDARY}`))

describe('a multipart scanner', () => {
  it('finds the content of every part, however the body is cut', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 6 }), cuts, (contents, cuts) => {
        const body = rawForm(contents.map((bytes, n) => file(`f${n}`, bytes)))
        const found = scan(body, cuts).map(({ start, end }) => body.slice(start, end))
        expect(found).toEqual(contents.map((bytes) => Uint8Array.from(bytes)))
      }),
    )
  })

  it('throws nothing but InvalidMultipart, whatever arrives', () => {
    const pieces = fc.array(
      fc.constantFrom('--x-boundary', '\r\n', '--', 'a: b', ' ', '\n', '\r', 'x', '\0'),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(pieces, cuts, (pieces, cuts) => {
        const body = encoder.encode(pieces.join(''))
        try {
          for (const { start, end } of scan(body, cuts)) {
            expect(start).toBeLessThanOrEqual(end)
            expect(end).toBeLessThan(body.length)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMultipart)
        }
      }),
    )
  })

  it('finds the same parts in one piece and byte by byte', () => {
    const body = rawForm([text('a', ''), file('b', '\r\r\n--x-boundar\r\n'), text('c', '\r')])
    const bytewise = Array.from(body, (_, at) => at)
    expect(scan(body, bytewise)).toEqual(scan(body))
    expect(scan(body)).toHaveLength(3)
  })

  it.each([
    ['text before the first boundary', rawForm([text('a', 'b')], { before: 'preamble\r\n' }), 1],
    [
      'text after the last boundary',
      rawForm([text('a', 'b')], { end: '--x-boundary--\r\nmore\r\n--x-boundary' }),
      1,
    ],
    ['no fields', encoder.encode('--x-boundary--'), 0],
    [
      'spaces after a boundary',
      encoder.encode('--x-boundary \t\r\na: b\r\n\r\nc\r\n--x-boundary--'),
      1,
    ],
    [
      'a part without a line for its content',
      encoder.encode('--x-boundary\r\na: b\r\n\r\n--x-boundary--'),
      1,
    ],
    ['a part without headers', encoder.encode('--x-boundary\r\n\r\nc\r\n--x-boundary--'), 1],
  ])('accepts %s', (_, body, count) => {
    expect(scan(body)).toHaveLength(count)
  })

  it.each([
    ['nothing', ''],
    ['no boundary', 'model=small'],
    ['the boundary of another form', '--y\r\na: b\r\n\r\nc\r\n--y--'],
    ['no last boundary', '--x-boundary\r\na: b\r\n\r\nc\r\n--x-boundary\r\n'],
    ['half a last boundary', '--x-boundary\r\na: b\r\n\r\nc\r\n--x-boundary-'],
    ['content that breaks off', '--x-boundary\r\na: b\r\n\r\nc'],
    ['headers that break off', '--x-boundary\r\na: b\r\n'],
    ['lines that end in LF', '--x-boundary\na: b\n\nc\n--x-boundary--'],
    ['a first line that ends in LF', '--x-boundary\na: b\r\n\r\nc\r\n--x-boundary--'],
    ['a first line that ends in CR', '--x-boundary\ra: b\r\n\r\nc\r\n--x-boundary--'],
    ['a longer boundary', '--x-boundary2\r\na: b\r\n\r\nc\r\n--x-boundary--'],
    [
      'a longer boundary inside',
      '--x-boundary\r\na: b\r\n\r\nc\r\n--x-boundary2\r\n\r\n--x-boundary--',
    ],
    ['one dash after a boundary', '--x-boundary-x'],
    ['a dash after a space', '--x-boundary --'],
  ])('rejects %s', (_, body) => {
    expect(() => scan(encoder.encode(body))).toThrow(InvalidMultipart)
  })

  it('accepts 200 fields and headers of 4 KiB, and no more', () => {
    const fields = (count: number) => rawForm(Array.from({ length: count }, () => text('a', 'b')))
    expect(scan(fields(200))).toHaveLength(200)
    expect(() => scan(fields(201))).toThrow('more than 200 fields')
    const long = (bytes: number) =>
      rawForm([{ headers: [`a: ${'x'.repeat(bytes - 7)}`], content: '' }])
    expect(scan(long(4_096))[0]?.headers).toHaveLength(4_096)
    expect(() => scan(long(4_098))).toThrow('4096 bytes')
  })
})
