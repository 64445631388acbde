import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/apis/count-tokens.ts'
import { messages } from '../../src/apis/messages.ts'
import { admit } from '../../src/cache/admission.ts'
import { FrameMapper } from '../../src/stream/map-frames.ts'
import { record } from '../../src/stream/record.ts'
import { concatenate } from '../../src/stream/sse.ts'
import { plainControls } from '../support/controls.ts'

const FIXTURES = resolve(import.meta.dirname, '../fixtures/messages')
const files = (folder: string) => readdirSync(resolve(FIXTURES, folder)).sort()
const read = (folder: string, file: string) => readFileSync(resolve(FIXTURES, folder, file))

/** What is stored of these bytes, or why nothing is. */
function judge(bytes: Uint8Array, mode: 'json' | 'sse') {
  const request = {
    api: messages,
    identity: { tenant: 'acme', path: '', namespace: '', headers: {} },
    expected: { count: 1 },
    ownOptions: undefined,
    model: 'small',
    key: { id: 'an id', proof: 'a proof' },
    controls: plainControls,
  }
  const delivered = {
    bytes,
    mode,
    contentType: 'text/event-stream',
    latencyMs: 1,
    costUsd: null,
    maxEntryBytes: 1_048_576,
    cached: undefined,
    origin: undefined,
  }
  const admission = admit(request, delivered, true, 1_790_000_000_000)
  if ('parts' in admission) throw new Error('Not a batch.')
  return 'entry' in admission ? admission.entry : admission.why
}
const modeOf = (file: string) => (file.endsWith('.sse') ? 'sse' : 'json')

/** Why each recorded answer in `refused/` may not be stored. */
const reasons: Record<string, string> = {
  'beginning-late.sse': 'stream without its beginning',
  'beginning-with-content.sse': 'an event that cannot be read',
  'block-after-the-reason.sse': 'more after the stop reason',
  'block-left-out.sse': 'an event that cannot be read',
  'block-stops-twice.sse': 'an event that cannot be read',
  'block-that-is-text.json': 'not a message',
  'block-without-end.sse': 'a content block without its end',
  'broken-off.json': 'not JSON',
  'chat-completion.json': 'not a message',
  'container.json': 'server-side container',
  'container.sse': 'server-side container',
  'content-that-is-text.json': 'not a message',
  'context-window.json': 'stop_reason model_context_window_exceeded',
  'context-window.sse': 'stop_reason model_context_window_exceeded',
  'delta-after-its-block.sse': 'an event that cannot be read',
  'delta-after-the-reason.sse': 'more after the stop reason',
  'delta-without-block.sse': 'an event that cannot be read',
  'empty-text.json': 'empty answer',
  'empty-text.sse': 'empty answer',
  'empty.json': 'empty answer',
  'empty.sse': 'empty answer',
  'end-twice.sse': 'more after the end of the stream',
  'error-after-the-end.sse': 'error in the stream',
  'error-event-that-is-text.sse': 'error in the stream',
  'error-event.sse': 'error in the stream',
  'error-in-a-block.json': 'error in the body',
  'error-in-provider-fields.json': 'error in the body',
  'error-then-end.sse': 'error in the stream',
  'error.json': 'error in the body',
  'half-an-event.sse': 'an event that cannot be read',
  'input-a-list.json': 'tool input is not an object',
  'input-a-list.sse': 'tool input is not an object',
  'input-cut.sse': 'tool input is not an object',
  'input-missing.json': 'tool input is not an object',
  'input-with-a-name-twice.sse': 'tool input is not an object',
  'max-tokens.json': 'stop_reason max_tokens',
  'max-tokens.sse': 'stop_reason max_tokens',
  'member-twice.sse': 'an event that cannot be read',
  'message-with-error.json': 'error in the body',
  'more-after-the-end.sse': 'more after the end of the stream',
  'name-and-type-differ.sse': 'an event that cannot be read',
  'name-twice.json': 'not JSON',
  'nameless-error.sse': 'error in the stream',
  'nameless-event.sse': 'an event that cannot be read',
  'no-beginning.sse': 'stream without its beginning',
  'no-end.sse': 'stream without its end',
  'no-reason.json': 'stop_reason missing',
  'no-reason.sse': 'stop_reason missing',
  'no-stop-reason.sse': 'stop_reason missing',
  'no-usage.json': 'usage missing',
  'no-usage.sse': 'usage missing',
  'nothing.json': 'not JSON',
  'nothing.sse': 'stream without its end',
  'null.json': 'not a message',
  'only-pings.sse': 'stream without its end',
  'only-redacted-thinking.json': 'empty answer',
  'only-thinking.sse': 'empty answer',
  'pause-turn.json': 'stop_reason pause_turn',
  'pause-turn.sse': 'stop_reason pause_turn',
  'reason-taken-back.sse': 'stop_reason "end_turn" and null',
  'refusal.json': 'stop_reason refusal',
  'refusal.sse': 'stop_reason refusal',
  'remote-tool-failed.json': 'a tool failed',
  'second-input-cut.sse': 'tool input is not an object',
  'tool-failed.json': 'a tool failed',
  'tool-missing.json': 'tool calls missing',
  'tool-missing.sse': 'tool calls missing',
  'two-messages.sse': 'two messages in one stream',
  'two-reasons.sse': 'stop_reason "end_turn" and "stop_sequence"',
  'unknown-reason.json': 'stop_reason paused_by_moon',
  'unknown-reason.sse': 'stop_reason paused_by_moon',
}

describe('admission of messages', () => {
  it('is tested with every recorded answer in fixtures/messages/refused', () => {
    expect(files('refused')).toEqual(Object.keys(reasons).sort())
  })

  for (const [file, why] of Object.entries(reasons)) {
    it(`refuses ${file}: ${why}`, () => {
      expect(judge(read('refused', file), modeOf(file))).toBe(why)
    })
  }

  for (const file of files('kept')) {
    it(`accepts ${file}`, () => {
      expect(judge(read('kept', file), modeOf(file))).toMatchObject({ mode: modeOf(file) })
    })
  }

  it('counts the tokens that the provider read from its cache or wrote to it', () => {
    expect(judge(read('kept', 'cached-usage.sse'), 'sse')).toMatchObject({
      usage: { prompt_tokens: 2_105, completion_tokens: 9, total_tokens: 2_114 },
      created: null,
    })
    expect(judge(read('kept', 'text.json'), 'json')).toMatchObject({
      usage: { prompt_tokens: 21, completion_tokens: 12, total_tokens: 33 },
    })
  })
})

describe('a recorded message stream', () => {
  /** The index after the end marker's data. */
  const endOf = (text: string) => {
    const marker = text.lastIndexOf('"message_stop"')
    const rest = text.slice(marker)
    return Buffer.byteLength(text.slice(0, marker)) + rest.search(/[\r\n]|$/)
  }

  for (const file of files('kept').filter((name) => name.endsWith('.sse'))) {
    const bytes = read('kept', file)

    it(`is never stored if its end is missing, wherever it is cut: ${file}`, () => {
      const whole = judge(bytes, 'sse')
      const end = endOf(bytes.toString())
      for (let at = 0; at < bytes.length; at += 1) {
        const stored = judge(bytes.subarray(0, at), 'sse')
        if (at < end) expect(stored, `cut at ${at}`).toBeTypeOf('string')
        // Only blank lines, comments and pings follow, unless the cut made half an event of one.
        else if (typeof stored !== 'string') expect(stored).toEqual(whole)
      }
    })

    it(`passes unchanged in two chunks, wherever it is cut: ${file}`, async () => {
      for (let at = 0; at <= bytes.length; at += 1) {
        const chunks = [bytes.subarray(0, at), bytes.subarray(at)].filter(
          ({ length }) => length > 0,
        )
        const frames = new FrameMapper((frame) => frame)
        const passed = [...chunks.flatMap((chunk) => frames.push(chunk)), ...frames.flush()]
        expect(Buffer.compare(concatenate(passed), bytes), `cut at ${at}`).toBe(0)
        const source = new ReadableStream<Uint8Array>({
          start(controller) {
            for (const chunk of chunks) controller.enqueue(chunk)
            controller.close()
          },
        })
        const { stream, recording } = record(source, 1_048_576)
        expect(Buffer.compare(Buffer.concat(await Array.fromAsync(stream)), bytes)).toBe(0)
        const kept = await recording
        expect(kept.outcome === 'whole' && Buffer.compare(kept.bytes, bytes)).toBe(0)
      }
    })
  }

  it('is stored without pings, comments and what other protocols add', () => {
    const bodies = [
      'crlf-and-comments.sse',
      'done-after-the-end.sse',
      'no-last-blank-line.sse',
    ].map((file) => {
      const entry = judge(read('kept', file), 'sse')
      return typeof entry === 'string' ? entry : entry.body
    })
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toMatch(/^event: message_start\ndata: \{/)
    expect(bodies[0]).not.toMatch(/ping|DONE|\r|hello/)
  })
})

describe('admission of token counts', () => {
  it.each<[object | null, boolean]>([
    [{ input_tokens: 9 }, true],
    [{ input_tokens: 9, litellm_count_source: 'provider' }, true],
    [{ input_tokens: 9, litellm_count_source: 'token_count_model' }, true],
    [{ input_tokens: 9, context_management: { original_input_tokens: 9 } }, true],
    [{ input_tokens: 9, litellm_count_source: 'local_estimate' }, false],
    [{ input_tokens: 0, litellm_count_source: 'provider' }, false],
    [{ input_tokens: '9' }, false],
    [{ input_tokens: 9.5 }, false],
    [{ input_tokens: 9, error: { message: 'x' } }, false],
    [{ type: 'error', error: { type: 'api_error', message: 'x' } }, false],
    [{}, false],
    [null, false],
  ])('%j: %s', (answer, isStored) => {
    expect(countTokens.admitJson(answer, { count: 1 }).admissible).toBe(isStored)
  })
})
