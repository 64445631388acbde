import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { responses } from '../../src/apis/responses.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import { record } from '../../src/stream/record.ts'

const { assemble, storedEvents } = responses.modes!
const split = (json: string) => Array.from(responses.modes!.split(json)).join('')
const expected = { count: 1 }
const files = (kind: 'kept' | 'refused', end: string) => {
  const folder = resolve(import.meta.dirname, '../fixtures/responses', kind)
  const names = readdirSync(folder).filter((name) => name.endsWith(end))
  return names.map((name): [string, string] => [name, readFileSync(resolve(folder, name), 'utf8')])
}
const admitted = (text: string) => responses.admitStream(parseEvents(text), expected)
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('recorded streams of the Responses API', () => {
  it.each(files('kept', '.sse'))('may be stored, and survive the round trip: %s', (_, text) => {
    const events = parseEvents(text)
    const json = assemble(events)!
    const verdict = admitted(text)
    expect(verdict).toMatchObject({
      admissible: true,
      answer: { created: expect.any(Number) as number },
    })
    expect(responses.admitJson(JSON.parse(json), expected)).toEqual(verdict)
    expect(assemble(storedEvents(events))).toBe(json)
    expect(assemble(parseEvents(split(json)))).toBe(json.replaceAll(/[\r\n]+/g, ' '))
  })

  it.each(files('kept', '.sse'))(
    'are refused wherever they are cut, unless only noise is missing: %s',
    (_, text) => {
      const whole = assemble(parseEvents(text))
      const bytes = new TextEncoder().encode(text)
      // The data of the last event must be complete; its blank line may be missing.
      const last = text.slice(0, text.indexOf('response.completed'))
      const [rest = ''] = /[^]*?\n(?=\r?\n)|[^]*$/.exec(text.slice(last.length)) ?? []
      const end = new TextEncoder().encode(last + rest.trimEnd()).length
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const part = new TextDecoder().decode(bytes.subarray(0, cut))
        if (cut < end) expect(admitted(part), `cut at ${cut}`).toMatchObject({ admissible: false })
        // A cut inside the end marker is refused as well.
        else expect([whole, undefined]).toContain(assemble(parseEvents(part)))
      }
    },
  )

  it.each(files('kept', '.sse'))(
    'are recorded alike wherever they are split into two chunks: %s',
    async (_, text) => {
      const bytes = new TextEncoder().encode(text)
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const source = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(bytes.slice(0, cut))
            controller.enqueue(bytes.slice(cut))
            controller.close()
          },
        })
        const { stream, recording } = record(source, 1_048_576)
        await stream.pipeTo(new WritableStream())
        const kept = await recording
        if (kept.outcome !== 'whole') throw new Error(kept.outcome)
        if (Buffer.compare(kept.bytes, bytes) !== 0) expect.fail(`split at ${cut}`)
      }
    },
  )

  it.each(files('refused', '.sse'))('are never stored: %s', (_, text) => {
    expect(admitted(text)).toMatchObject({ admissible: false })
  })

  it.each([
    ['failed.sse', 'response.failed'],
    ['litellm-failed.sse', 'response.failed'],
    ['incomplete.sse', 'response.incomplete'],
    ['error-event.sse', 'error in the stream'],
    ['error-in-a-response.sse', 'error in the stream'],
    ['no-end.sse', 'stream without its end'],
    ['output-incomplete.sse', 'output incomplete'],
    ['another-response.sse', 'another response in the same stream'],
    ['web-search.sse', 'output item web_search_call'],
    ['completed-in-progress.sse', 'status in_progress'],
  ])('tell why they are not stored: %s because of %s', (file, why) => {
    const [, text] = files('refused', '.sse').find(([name]) => name === file)!
    expect(admitted(text)).toEqual({ admissible: false, why })
  })

  it('map their tokens to the names of entries', () => {
    const [, text] = files('kept', '.sse').find(([name]) => name === 'text.sse')!
    expect(admitted(text)).toEqual({
      admissible: true,
      answer: {
        usage: { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 },
        created: 1_790_000_000,
        id: 'resp_68f1',
      },
    })
  })
})

describe('recorded JSON answers of the Responses API', () => {
  it.each(files('kept', '.json'))('may be stored, and survive the round trip: %s', (_, text) => {
    expect(responses.admitJson(JSON.parse(text), expected)).toMatchObject({ admissible: true })
    const json = text.replaceAll(/[\r\n]+/g, ' ').trim()
    expect(assemble(parseEvents(split(text)))).toBe(json)
    expect(admitted(split(text))).toMatchObject({ admissible: true })
  })

  it.each(files('refused', '.json').filter(([, text]) => parse(text) !== undefined))(
    'are never stored: %s',
    (file, text) => {
      // Duplicate members are found by the strict parser, before the API is asked.
      if (file === 'member-twice.json') return
      expect(responses.admitJson(parse(text), expected)).toMatchObject({ admissible: false })
    },
  )
})
