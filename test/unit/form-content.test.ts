import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MultipartScanner } from '../../src/stream/multipart-scanner.ts'
import { partHeaders } from '../../src/stream/part-headers.ts'
import { spliced, splicedLength } from '../../src/stream/spliced.ts'
import { formContent } from '../../src/upstream/form-content.ts'
import { BOUNDARY, file, rawForm, text } from '../support/forms.ts'
import type { RawField } from '../support/forms.ts'

/** The form that is sent for these fields, and what an independent parser reads in it. */
async function sent(fields: readonly RawField[], replaced: Record<string, string> = {}, cut = 0) {
  const body = rawForm(fields, { before: 'preamble\r\n', end: `--${BOUNDARY}--epilogue` })
  const scanner = new MultipartScanner(BOUNDARY)
  scanner.push(body)
  const found = scanner
    .end()
    .map(({ headers, ...range }) => ({ ...partHeaders(headers), ...range }))
  const at = cut % body.length
  const parts = [body.slice(0, at), body.slice(at)]
  const { edits, contentType } = formContent(parts, body.length, found, replaced)
  const length = splicedLength(parts, edits)
  const bytes = new Uint8Array(await new Response(spliced(parts, edits)).arrayBuffer())
  expect(bytes).toHaveLength(length)
  const headers = { 'content-type': contentType }
  const form = await new Response(bytes, { headers }).formData()
  return { text: new TextDecoder().decode(bytes), contentType, fields: [...form] }
}

const content = fc.uint8Array({ maxLength: 300 })
const words = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => !/[\r\n]/.test(value))

describe('a form that is sent', () => {
  it('has the fields and files that arrived, in their order, wherever their bytes were cut', async () => {
    const field = fc.record({ words, bytes: content, isFile: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 6 }), fc.nat(), async (given, cut) => {
        const fields = given.map(({ words, bytes, isFile }, n) =>
          isFile ? file(`f${n}`, bytes, `${n}.wav`) : text(`f${n}`, words),
        )
        const { fields: read } = await sent(fields, {}, cut)
        for (const [n, [name, value]] of read.entries()) {
          const { words, bytes, isFile } = given[n]!
          expect(name).toBe(`f${n}`)
          if (!isFile) {
            expect(value).toBe(words)
            continue
          }
          const { name: fileName, type } = value as File
          expect([fileName, type]).toEqual([`${n}.wav`, 'audio/wav'])
          expect(new Uint8Array(await (value as File).arrayBuffer())).toEqual(
            Uint8Array.from(bytes),
          )
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

  it('has file names that cannot end their quotes', async () => {
    const name = 'a\\"; name=\\"model'
    const { text: sentText } = await sent([file('file', '', name)])
    expect(sentText).toContain('; name="file"; filename="a%22; name=%22model"\r\n')
  })
})
