import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormScanner } from '../../src/stream/form-scanner.ts'
import { spliced, splicedLength } from '../../src/stream/spliced.ts'
import { formContent } from '../../src/upstream/form-content.ts'
import { cutAt, cuts, unlikeBoundary } from '../support/form-cuts.ts'
import { BOUNDARY, file, rawForm, text } from '../support/forms.ts'
import type { RawField } from '../support/forms.ts'

/** The form that is sent for these fields, and what an independent parser reads in it. */
async function sent(
  fields: readonly RawField[],
  replaced: Record<string, string> = {},
  cuts: readonly number[] = [],
) {
  const scanner = new FormScanner(BOUNDARY)
  const body = rawForm(fields, { end: `--${BOUNDARY}--epilogue` })
  for (const chunk of cutAt(body, cuts)) scanner.push(chunk)
  const { parts, contentType } = formContent(scanner.end(), replaced)
  const length = splicedLength(parts, [])
  const bytes = new Uint8Array(await new Response(spliced(parts, [])).arrayBuffer())
  expect(bytes).toHaveLength(length)
  const headers = { 'content-type': contentType }
  const form = await new Response(bytes, { headers }).formData()
  return { text: new TextDecoder().decode(bytes), contentType, fields: [...form] }
}

const words = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => !/[\r\n]/.test(value))
const fileName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })

describe('a form that is sent', () => {
  it('has the fields and files that arrived, in their order, wherever their bytes were cut', async () => {
    const type = fc.constantFrom('audio/wav', 'image/png', 'application/x-any; a="b;c"')
    const field = fc.record({ words, bytes: unlikeBoundary, fileName, type, isFile: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 6 }), cuts, async (given, cuts) => {
        const fields = given.map(({ words, bytes, fileName, type, isFile }, n) =>
          isFile
            ? {
                headers: [
                  `Content-Disposition: form-data; name="f${n}"; filename*=utf-8''${encodeURIComponent(fileName)}`,
                  `Content-Type: ${type}`,
                ],
                content: bytes,
              }
            : text(`f${n}`, words),
        )
        const { fields: read } = await sent(fields, {}, cuts)
        for (const [n, [name, value]] of read.entries()) {
          const { words, bytes, fileName, type, isFile } = given[n]!
          expect(name).toBe(`f${n}`)
          if (!isFile) {
            expect(value).toBe(words)
            continue
          }
          const file = value as File
          expect([file.name, file.type]).toEqual([known(fileName), type])
          expect(new Uint8Array(await file.arrayBuffer())).toEqual(Uint8Array.from(bytes))
        }
        expect(read).toHaveLength(given.length)
      }),
    )
  })

  it('has replaced texts in their place, and others at the end', async () => {
    const fields = [text('a', '1'), text('model', 'big'), text('b', '')]
    const { fields: read } = await sent(fields, { model: 'small', caching: 'false' })
    expect(read).toEqual([
      ['a', '1'],
      ['model', 'small'],
      ['b', ''],
      ['caching', 'false'],
    ])
    expect((await sent([], { model: 'small' })).fields).toEqual([['model', 'small']])
  })

  it('has nothing of the caller but names, types and content', async () => {
    const fields: RawField[] = [
      { headers: ['Content-Disposition: form-data; name=a; x=y', 'X-Any: z'], content: '1' },
    ]
    const { text: sentText, contentType } = await sent(fields)
    const [, boundary] = contentType.split('boundary=')
    expect(sentText).toBe(
      `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--${boundary}--\r\n`,
    )
    expect((await sent(fields)).contentType).not.toBe(contentType)
  })

  it.each([
    ['a\\"; name=\\"model', 'a%22; name=%22model'],
    ['a\0\tb', 'a%00%09b'],
    ['ä 世界.wav', 'ä 世界.wav'],
  ])('has file names that cannot end their quotes or lines: %j', async (name, written) => {
    const { text: sentText } = await sent([file('file', '', name)])
    expect(sentText).toContain(`; name="file"; filename="${written}"\r\n`)
  })

  it('has no line breaks of a file name', async () => {
    const disposition = "form-data; name=file; filename*=utf-8''a%0d%0aX-Any:%20b%0d%0a%0d%0ac"
    const headers = [`Content-Disposition: ${disposition}`]
    const { text: sentText } = await sent([{ headers, content: '' }])
    expect(sentText).toContain('; filename="a%0D%0AX-Any: b%0D%0A%0D%0Ac"\r\n')
  })
})

/** A file name as a parser knows it that decodes what browsers encode. */
const known = (name: string) =>
  name
    .slice(name.lastIndexOf('\\') + 1)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\0-\x1f\x7f]/g, encodeURIComponent)
    .replaceAll(/%22|%0A|%0D/g, decodeURIComponent)
