import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { answerTo, MODEL, scriptedProvider, TEXT, TOOL_CALLS, USAGE } from './scripted-provider.ts'
import { answerToResponse, RESPONSES_MODEL } from './scripted-responses.ts'

const PYTHON = resolve(import.meta.dirname, '../../.local/venv/bin/python')
const SCRIPT = resolve(import.meta.dirname, 'openai_client.py')
const RETRY_AFTER_MS = 700

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content: string | null } }[]
  readonly usage: object | null
}
interface Twice<Answer> {
  readonly outcomes: readonly string[]
  readonly answers: readonly Answer[]
}
interface PythonResponse {
  readonly output: readonly Record<string, unknown>[]
}
interface Seen {
  readonly model: unknown
  readonly models: readonly string[]
  readonly completion: Twice<unknown>
  readonly with_usage: Twice<Chunk[]>
  readonly without_usage: Twice<Chunk[]>
  readonly plain_calls: Twice<unknown>
  readonly streamed_calls: Twice<unknown>
  readonly response: Twice<PythonResponse>
  readonly streamed_response: Twice<PythonResponse>
  readonly response_calls: Twice<PythonResponse>
  readonly retried: { statuses: number[]; waited_ms: number; text: string }
  readonly [failure: string]: unknown
}

const provider = scriptedProvider()
let seen: Seen

beforeAll(async () => {
  let limited = 0
  provider.reply = (prompt) => {
    if (prompt.input !== undefined) return answerToResponse(prompt)
    const isLimited = prompt.messages[0]!.content!.startsWith('Be limited once.')
    if (!isLimited || (limited += 1) > 1) return answerTo(prompt)
    const headers = { 'retry-after-ms': String(RETRY_AFTER_MS), 'retry-after': '9' }
    return { status: 429, headers, json: { error: { message: 'slow down' } } }
  }
  const args = [SCRIPT, `${addresses.keyed}/v1`, addresses.masterKey, MODEL, RESPONSES_MODEL]
  const { stdout } = await promisify(execFile)(PYTHON, args)
  seen = JSON.parse(stdout) as Seen
})

const MISS_AND_HIT = ['miss', 'exact-hit']
const textOf = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('')

describe("OpenAI's Python client", () => {
  it('retrieves a listed model', () => {
    expect(seen.model).toMatchObject({ id: 'local-chat-model', object: 'model' })
    expect(seen.models).toContain('local-chat-model')
  })

  it('gets the same chat completion on a miss and on a hit', () => {
    const { outcomes, answers } = seen.completion
    expect(outcomes).toEqual(MISS_AND_HIT)
    expect(answers[0]).toMatchObject({ choices: [{ message: { content: TEXT } }], usage: USAGE })
    expect(answers[1]).toEqual(answers[0])
  })

  it('gets the requested usage of a stream in a chunk without choices, on a miss and on a hit', () => {
    const { outcomes, answers } = seen.with_usage
    expect(outcomes).toEqual(MISS_AND_HIT)
    expect(answers.map(textOf)).toEqual([TEXT, TEXT])
    for (const chunks of answers) {
      for (const { usage } of chunks.slice(0, -1)) expect(usage).toBeNull()
    }
    const end = expect.objectContaining({ choices: [], usage: expect.objectContaining(USAGE) })
    expect(answers.map((chunks) => chunks.at(-1))).toEqual([end, end])
  })

  it('gets no usage in a stream without asking for it, on a miss and on a hit', () => {
    const { outcomes, answers } = seen.without_usage
    expect(outcomes).toEqual(MISS_AND_HIT)
    expect(answers.map(textOf)).toEqual([TEXT, TEXT])
    for (const { usage } of answers.flat()) expect(usage).toBeNull()
  })

  it.each(['plain_calls', 'streamed_calls'] as const)(
    'gets the same tool calls on a miss and on a hit: %s',
    (which) => {
      const { outcomes, answers } = seen[which]
      expect(outcomes).toEqual(MISS_AND_HIT)
      expect(answers).toEqual([TOOL_CALLS, TOOL_CALLS])
    },
  )

  it.each(['response', 'streamed_response'] as const)(
    'gets the same response on a miss and on hits in both modes: %s',
    (which) => {
      const { outcomes, answers } = seen[which]
      expect(outcomes).toEqual([...MISS_AND_HIT, 'exact-hit'])
      const said = { type: 'message', content: [{ type: 'output_text', text: TEXT }] }
      expect(answers[0]).toMatchObject({
        output: [{ type: 'reasoning', encrypted_content: 'gAAAAABscripted-_==' }, said],
      })
      expect(answers.slice(1)).toEqual([answers[0], answers[0]])
    },
  )

  it('gets the same function calls of a response on a miss as a stream and on a hit as JSON', () => {
    const { outcomes, answers } = seen.response_calls
    expect(outcomes).toEqual(MISS_AND_HIT)
    for (const { output } of answers) {
      const calls = output.filter(({ type }) => type === 'function_call')
      expect(
        calls.map(({ call_id: id, name, arguments: text }) => ({ id, name, arguments: text })),
      ).toEqual(TOOL_CALLS)
    }
  })

  it.each([
    ['wrong_key', 'AuthenticationError', 401, 'invalid_api_key', null],
    ['no_model', 'NotFoundError', 404, 'model_not_found', 'model'],
    ['no_route', 'NotFoundError', 404, 'not_found', null],
    ['bad_request', 'BadRequestError', 400, 'invalid_request', 'model'],
    ['not_in_cache', 'InternalServerError', 504, 'not_in_cache', null],
  ])('raises %s as %s without a retry', (which, name, status, code, param) => {
    expect(seen[which]).toEqual({ class: name, attempts: 1, status, code, param })
  })

  it("retries a provider's 429 no sooner than the provider allows, and succeeds", () => {
    const { statuses, waited_ms, text } = seen.retried
    expect(statuses).toEqual([429, 200])
    expect(waited_ms).toBeGreaterThanOrEqual(RETRY_AFTER_MS)
    expect(waited_ms).toBeLessThan(9_000)
    expect(text).toBe(TEXT)
  })
})
