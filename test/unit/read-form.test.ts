import { expect, it } from 'vitest'
import { transcriptions } from '../../src/apis/passthrough.ts'
import { controlHeaders } from '../../src/cache/controls.ts'
import { readForm } from '../../src/middleware/read-form.ts'
import { RequestMemo } from '../../src/middleware/request-memo.ts'
import { spliced, splicedLength } from '../../src/stream/spliced.ts'
import type { FormContent } from '../../src/upstream/form-content.ts'
import { streamOf } from '../support/form-cuts.ts'
import { BOUNDARY, file, rawForm, text } from '../support/forms.ts'

it('a form counts in the memory budget as what is sent, until it has been sent', async () => {
  const held = {
    bytes: 0,
    isShort: false,
    take: (bytes: number) => void (held.bytes += bytes),
    release: (bytes: number) => void (held.bytes -= bytes),
    count: () => {},
    close: () => {},
  }
  const form = rawForm([file('file', new Uint8Array(100_000)), text('model', 'small')])
  const controls = controlHeaders(new Headers())
  const origin = { callerId: '', path: '', model: 'other', controls, counted: {} }
  const options = {
    maxRequestBytes: 200_000,
    cacheMaxRequestBytes: 200_000,
    memo: new RequestMemo(),
    now: () => 0,
    semantic: undefined,
    ttlSeconds: 1,
    maxTtlSeconds: 1,
  }
  const request = new Request('https://gateway/', {
    method: 'POST',
    body: streamOf([form]),
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    duplex: 'half',
  } as RequestInit)
  const { body } = await readForm(
    request,
    transcriptions,
    transcriptions.form!,
    origin,
    held,
    options,
  )
  const { parts } = (body as { bytes: FormContent }).bytes
  expect(held.bytes).toBe(splicedLength(parts, []))
  await new Response(spliced(parts, [], held)).arrayBuffer()
  expect(held.bytes).toBe(0)
})
