import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readUsage } from '../../src/apis/completions/chat-answer.ts'
import { chatCompletions } from '../../src/apis/chat-completions.ts'
import { admit } from '../../src/cache/admission.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import { plainControls } from '../support/controls.ts'

/** Why each recorded answer in `refused/` may not be stored. */
const reasons: Record<string, string> = {
  'answer-with-error.json': 'error in the body',
  'another-kind.json': 'not a chat completion',
  'arguments-cut.json': 'tool-call arguments are not JSON',
  'arguments-cut.sse': 'tool-call arguments are not JSON',
  'broken-off.json': 'not JSON',
  'choice-missing.json': 'choices missing',
  'choice-without-end.sse': 'finish_reason missing',
  'content-filter.json': 'finish_reason content_filter',
  'content-filter.sse': 'finish_reason content_filter',
  'cut-inside-a-chunk.sse': 'a chunk that cannot be read',
  'empty.json': 'empty answer',
  'empty.sse': 'empty answer',
  'error-event.sse': 'error in the stream',
  'error-in-stream.sse': 'error in the stream',
  'error-then-done.sse': 'error in the stream',
  'empty-text-parts.json': 'empty answer',
  'error-in-a-choice.json': 'error in the body',
  'error-in-a-choice.sse': 'error in the stream',
  'error-in-provider-fields.json': 'error in the body',
  'error-in-provider-fields.sse': 'error in the stream',
  'error-in-provider-fields-of-a-choice.json': 'error in the body',
  'error-in-the-message.json': 'error in the body',
  'error-under-200.json': 'error in the body',
  'legacy-arguments-cut.json': 'tool-call arguments are not JSON',
  'length.json': 'finish_reason length',
  'length.sse': 'finish_reason length',
  'more-after-done.sse': 'more after the end of the stream',
  'more-after-the-end.sse': 'more after the end of a choice',
  'member-twice.sse': 'a chunk that cannot be read',
  'native-error-in-provider-fields.json': 'native_finish_reason MALFORMED_FUNCTION_CALL',
  'native-error-in-provider-fields.sse': 'native_finish_reason error',
  'tool-calls-missing.json': 'tool calls missing',
  'tool-call-without-name.json': 'not a chat completion',
  'tool-call-without-function.json': 'not a chat completion',
  'index-out-of-range.json': 'choices missing',
  'native-error.json': 'native_finish_reason error',
  'native-length.json': 'native_finish_reason MAX_TOKENS',
  'native-length.sse': 'native_finish_reason length',
  'no-choices.json': 'choices missing',
  'no-done.sse': 'stream without its end',
  'no-finish-reason.json': 'finish_reason missing',
  'no-finish.sse': 'finish_reason missing',
  'not-json.json': 'not JSON',
  'nothing.json': 'not JSON',
  'nothing.sse': 'stream without its end',
  'null.json': 'not a chat completion',
  'only-reasoning.json': 'empty answer',
  'only-white-space.json': 'empty answer',
  'same-choice-twice.json': 'choices missing',
  'two-ends.sse': 'finish_reason stop and length',
  'second-arguments-cut.json': 'tool-call arguments are not JSON',
}

const FIXTURES = resolve(import.meta.dirname, '../fixtures/chat')

/** Answers to a request for two choices. */
const forTwo = /^(two-choices|choice-missing|choice-without-end|same-choice-twice)/

function judge(folder: string, file: string) {
  const text = readFileSync(resolve(FIXTURES, folder, file), 'utf8')
  const expected = { count: forTwo.test(file) ? 2 : 1 }
  if (file.endsWith('.sse')) return chatCompletions.admitStream(parseEvents(text), expected)
  try {
    return chatCompletions.admitJson(JSON.parse(text), expected)
  } catch {
    return { admissible: false, why: 'not JSON' }
  }
}

const files = (folder: string) => readdirSync(resolve(FIXTURES, folder)).sort()

describe('admission', () => {
  it('is tested with every recorded answer in fixtures/chat/refused', () => {
    expect(files('refused')).toEqual(Object.keys(reasons).sort())
  })

  for (const [file, why] of Object.entries(reasons)) {
    it(`refuses ${file}: ${why}`, () => {
      expect(judge('refused', file)).toEqual({ admissible: false, why })
    })
  }

  for (const file of files('kept')) {
    it(`accepts ${file}`, () => expect(judge('kept', file)).toMatchObject({ admissible: true }))
  }

  it.each(files('kept').filter((file) => file.endsWith('.sse')))(
    'refuses %s wherever it is cut before its end marker',
    (file) => {
      const bytes = readFileSync(resolve(FIXTURES, 'kept', file))
      const expected = { count: forTwo.test(file) ? 2 : 1 }
      // `data: [DONE]` may be said twice; without its last line end it is complete.
      const end = bytes.indexOf('[DONE]') + '[DONE]'.length
      for (let cut = 0; cut < end; cut += 1) {
        const events = parseEvents(bytes.subarray(0, cut).toString())
        const verdict = chatCompletions.admitStream(events, expected)
        expect(verdict, `cut at ${cut}`).toMatchObject({ admissible: false })
      }
    },
  )

  it('reads usage, id and creation time of an answer', () => {
    expect(judge('kept', 'refusal.json')).toEqual({
      admissible: true,
      answer: {
        created: 1_790_000_000,
        id: expect.any(String),
        usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
      },
    })
    expect(judge('kept', 'refusal.sse')).toMatchObject({ answer: { usage: null } })
    // Embeddings have no completion tokens.
    expect(readUsage({ prompt_tokens: 2, total_tokens: 2 })).toEqual({
      prompt_tokens: 2,
      completion_tokens: 0,
      total_tokens: 2,
    })
  })
})

describe('an answer with audio that expires', () => {
  const NOW = 1_790_000_000_000

  function expiryOf(expiresAt: number): string | number {
    const audio = { id: 'audio_1', data: 'UklGRg==', transcript: 'Hello.', expires_at: expiresAt }
    const message = { role: 'assistant', content: null, audio }
    const choices = [{ index: 0, finish_reason: 'stop', message }]
    const text = JSON.stringify({ id: 'chatcmpl-1', created: NOW / 1000, choices })
    const admission = admit(
      {
        api: chatCompletions,
        identity: { tenant: 'acme', path: '', namespace: '', headers: {} },
        expected: { count: 1 },
        ownOptions: undefined,
        model: 'small',
        key: { id: 'an id', proof: 'a proof' },
        controls: plainControls,
      },
      {
        bytes: new TextEncoder().encode(text),
        mode: 'json',
        contentType: 'application/json',
        latencyMs: 1,
        costUsd: null,
        maxEntryBytes: 1_048_576,
        cached: undefined,
        origin: undefined,
      },
      true,
      NOW,
    )
    if ('parts' in admission) throw new Error('Not a batch.')
    return 'entry' in admission ? admission.entry.expires_at : admission.why
  }

  it('expires with the audio, or with its TTL if that is earlier', () => {
    expect(expiryOf(NOW / 1000 + 60)).toBe(NOW + 60_000)
    expect(expiryOf(NOW / 1000 + 3_600)).toBe(NOW + 1_800_000)
  })

  it('is not stored if the audio has expired', () => {
    expect(expiryOf(NOW / 1000)).toBe('already expired')
  })
})
