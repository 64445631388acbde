import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countTokens } from '../../src/apis/count-tokens.ts'
import { messages } from '../../src/apis/messages.ts'
import { canonicalRequest } from '../../src/cache/canonical.ts'
import type { JsonObject } from '../../src/cache/json.ts'

const LINE = 'x-anthropic-billing-header: cc_version=2.1.37.3a3; cc_entrypoint=cli; cch=00a1f;'
const OTHER = 'x-anthropic-billing-header: cc_version=2.2.0; cc_entrypoint=sdk-ts; cch=ffff0;'
const block = (text: string, over: object = {}) => ({ type: 'text', text, ...over })
const PROMPT = block('You are a coding agent.', { cache_control: { type: 'ephemeral' } })
const asked = (over: object = {}) =>
  ({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...over }) as JsonObject

/** The text that the cache key is made of. */
const keyText = (body: JsonObject) =>
  canonicalRequest({
    tenant: 'acme',
    path: messages.path,
    namespace: '',
    body: messages.keyBody!(body),
    counted: messages.counted!,
  })
const key = (system: unknown) => keyText(asked(system === undefined ? {} : { system }))

describe('the billing line of coding agents', () => {
  it.each<[string, unknown, unknown]>([
    ['the first block', [block(LINE), PROMPT], [block(OTHER), PROMPT]],
    ['the only block', [block(LINE)], [block(OTHER)]],
    ['the first block or no block', [block(LINE), PROMPT], [PROMPT]],
    ['the first line', `${LINE}\nBe brief.`, `${OTHER}\nBe brief.`],
    ['the only line', LINE, OTHER],
    ['without a last semicolon', [block(LINE.slice(0, -1))], [block(OTHER)]],
    ['without values', [block('x-anthropic-billing-header:')], [block(OTHER)]],
  ])('is not in the key: %s', (_where, one, other) => {
    expect(key(one)).toBe(key(other))
    expect(key(one)).not.toContain('cch')
  })

  it.each<[string, unknown, unknown]>([
    ['with further lines', [block(`${LINE}\nBe brief.`)], [block(`${OTHER}\nBe brief.`)]],
    ['with text behind it', [block(`${LINE} Be brief.`)], [block(LINE)]],
    ['with other text behind it', `${LINE} Be brief.\nx`, `${LINE} Be long.\nx`],
    ['with prose', 'x-anthropic-billing-header: Be brief.\nx', 'x'],
    ['with prose between', `${LINE} be=brief; cch=0;\nx`, 'x'],
    ['with an unknown name', [block(`${LINE} speak_french=1;`)], [block(LINE)]],
    ['with a version in words', [block(LINE.replace('2.1', 'speak-french'))], [block(LINE)]],
    ['with a hash in words', [block(LINE.replace('00a1f', 'speak-french'))], [block(LINE)]],
    ['with an unknown place', [block(LINE.replace('=cli', '=speak-french'))], [block(LINE)]],
    ['with a very long hash', [block(`x-anthropic-billing-header: cch=${'a'.repeat(99)};`)], []],
    // LiteLLM's `_filter_billing_headers_from_system` drops all of such a text.
    ['at the beginning of a text', `${LINE}\nBe brief.`, 'Be brief.'],
    ['at the beginning of an empty text', `${LINE}\n`, ''],
    ['with a second hash', [block(`${LINE} cch=0;`)], [block(LINE)]],
    ['with a second version', [block(`${LINE} cc_version=2.1;`)], [block(LINE)]],
    ['with a second place', [block(`${LINE} cc_entrypoint=cli;`)], [block(LINE)]],
    ['with a hash of nine digits', [block(LINE.replace('00a1f', '49676e6f7'))], [block(LINE)]],
    ['with a version of five parts', [block(LINE.replace('2.1', '2.1.1'))], [block(LINE)]],
    ['with spaces between', [block(LINE.replace('; ', ';  '))], [block(LINE)]],
    ['with a tab between', [block(LINE.replace('; ', ';\t'))], [block(LINE)]],
    ['with semicolons between', [block(LINE.replace('; ', ';; '))], [block(LINE)]],
    ['with spaces at the end', [block(`${LINE} `)], [block(LINE)]],
    ['that is very long', [block(`x-anthropic-billing-header:${' cch=0;'.repeat(999)}`)], []],
    ['in a later block', [PROMPT, block(LINE)], [PROMPT, block(OTHER)]],
    ['in a later line', `Be brief.\n${LINE}`, `Be brief.\n${OTHER}`],
    ['with a cache marker', [block(LINE, { cache_control: {} })], []],
    ['of another type', [{ type: 'document', text: LINE }], []],
    ['with a space in front', [block(` ${LINE}`)], []],
    ['in other letters', [block(LINE.toUpperCase())], []],
    ['with a line end', [block(`${LINE}\n`)], []],
    ['with a carriage return', `${LINE}\r\nBe brief.`, 'Be brief.'],
  ])('counts if a model could read something of it: %s', (_what, one, other) => {
    expect(key(one)).not.toBe(key(other))
  })

  it('has room for one version, one place and one hash, and no message in their digits', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 40 })
    const part = fc.oneof(
      hex.map((digits) => `cch=${digits}`),
      hex.map((digits) => `cc_version=2.1.${digits}`),
      fc.array(hex).map((digits) => `cc_version=${digits.join('.')}`),
      fc.constantFrom('cc_entrypoint=cli', 'cc_entrypoint=mcp', '', ' '),
    )
    const plain = key([PROMPT])
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.constantFrom(';', '; '),
        (parts, between) => {
          const line = `x-anthropic-billing-header: ${parts.join(between)}`
          const names = parts.map((one) => one.split('=')[0])
          const isShort = line.length <= 100 && new Set(names).size === names.length
          if (!isShort) expect(key([block(line), PROMPT])).not.toBe(plain)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('counts without its hash if it says something else', () => {
    const line = (hash: string) => [block(`${LINE.replace('00a1f', hash)} cc_job=nightly;`), PROMPT]
    expect(key(line('0000a'))).toBe(key(line('bbbbb')))
    expect(key(line('0000a'))).toContain('cc_job=nightly')
  })

  it('is the only thing in `system` that is left out', () => {
    const systems = fc.oneof(
      fc.string(),
      fc.array(fc.record({ type: fc.constant('text'), text: fc.string() })),
    )
    fc.assert(
      fc.property(systems, systems, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(key(one) === key(other)).toBe(isSame)
      }),
    )
    expect(key(undefined)).not.toBe(key(''))
    expect(key('')).not.toBe(key([]))
  })

  it.each([messages, countTokens])('stays in the request: $path', (api) => {
    const body = asked({ system: [block(LINE), PROMPT] })
    expect(api.upstreamBody(body)).toBe(body)
    expect(api.keyBody!(body)).toEqual(asked({ system: [PROMPT] }))
    expect(body['system']).toEqual([block(LINE), PROMPT])
  })
})

describe('a messages request', () => {
  it('has a key that ignores who the end user is, and nothing else of its parameters', () => {
    const plain = keyText(asked())
    for (const over of [{ metadata: { user_id: 'u' } }, { stream: true }, { cache: {} }]) {
      expect(keyText(asked(over))).toBe(plain)
    }
    const counted = [
      { max_tokens: 9 },
      { stop_sequences: ['x'] },
      { thinking: { type: 'enabled', budget_tokens: 1_024 } },
      { context_management: { edits: [] } },
      { tools: [{ name: 'f', input_schema: {} }] },
      { tool_choice: { type: 'any' } },
      { service_tier: 'auto' },
      { stream_options: { x: 1 } },
      { metadata: { tags: ['a'] } },
      { messages: [{ role: 'user', content: [{ ...block('x'), cache_control: {} }] }] },
      { messages: [{ role: 'user', content: [block('x')] }] },
    ]
    const keys = counted.map((over) => keyText(asked(over)))
    expect(new Set([plain, ...keys]).size).toBe(counted.length + 1)
  })

  it.each([messages, countTokens])('names its end user in metadata.user_id: $path', (api) => {
    expect(api.endUser!(asked({ metadata: { user_id: 'ada' }, user: 'eve' }))).toBe('ada')
    for (const metadata of [undefined, null, 'x', [], {}]) {
      expect(api.endUser!(asked({ metadata }))).toBeUndefined()
    }
  })

  it.each([messages, countTokens])('is not cached if a server keeps its state: $path', (api) => {
    for (const over of [
      { container: 'container_1' },
      { container: { skills: [] } },
      { mcp_servers: [{ url: 'https://example.com' }] },
      { thread: { type: 'create' } },
      { thread: { type: 'continue', previous_message_id: 'msg_1' } },
    ]) {
      expect(api.bypass!(asked(over))).toBe('server-side state')
    }
    for (const over of [{}, { container: null }, { mcp_servers: null }, { thread: null }]) {
      expect(api.bypass!(asked(over))).toBeUndefined()
    }
  })

  it.each([messages, countTokens])('must have messages: $path', (api) => {
    for (const list of [undefined, null, 'x', {}, [], ['x'], [null], [1]]) {
      expect(() => api.check(asked({ messages: list }))).toThrow(
        expect.objectContaining({ code: 'invalid_request', param: 'messages' }),
      )
    }
    expect(() => api.check(asked())).not.toThrow()
  })
})

describe("LiteLLM's error in Anthropic's shape", () => {
  const shaped = (body: unknown, status: number) => {
    const text = messages.errorBody!(typeof body === 'string' ? body : JSON.stringify(body), status)
    return text === undefined ? undefined : (JSON.parse(text) as object)
  }

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('has the type of the status: %i is %s', (status, type) => {
    const error = { message: 'no', type: 'budget_exceeded', param: null, code: String(status) }
    expect(shaped({ error }, status)).toEqual({
      type: 'error',
      error: { type, message: 'no', details: { error_code: 'budget_exceeded' } },
    })
  })

  it.each<[unknown, string]>([
    [{ detail: 'Not Found' }, 'Not Found'],
    [{ detail: { error: 'too many' } }, 'too many'],
    [{ error: 'no' }, 'no'],
    [{ error: { message: 'no' } }, 'no'],
  ])('has the message of %j', (body, message) => {
    expect(shaped(body, 500)).toEqual({ type: 'error', error: { type: 'api_error', message } })
  })

  it('is found in a stream that failed before its first event', () => {
    const stream = 'data: {"error":{"message":"no","type":"x","code":"503"}}\n\ndata: [DONE]\n\n'
    expect(shaped(stream, 503)).toMatchObject({
      error: { type: 'overloaded_error', message: 'no' },
    })
  })

  it.each([
    { type: 'error', error: { type: 'api_error', message: 'no' } },
    'data: [DONE]\n\n',
    'data:',
    {},
    { error: {} },
    [],
    null,
    '<html>',
    '',
    '{"error":{"message":"no"},"error":{}}',
  ])('is unchanged if it has that shape, or is no error: %j', (body) => {
    expect(shaped(body, 500)).toBeUndefined()
  })
})
