import fc from 'fast-check'
import { ResponseStream } from 'openai/lib/responses/ResponseStream'
import { describe, expect, it } from 'vitest'
import { responses } from '../../src/apis/responses.ts'
import type { Admissibility } from '../../src/cache/admissibility.ts'
import { replay } from '../../src/cache/replay.ts'
import { parseEvents } from '../../src/stream/sse.ts'
import type { ServerSentEvent } from '../../src/stream/sse.ts'

const { assemble, storedEvents, ownOptions } = responses.modes!
const split = (json: string) => Array.from(responses.modes!.split(json)).join('')

const text = fc.string({ unit: 'grapheme' })
const id = fc.uuid()
const loose = fc.dictionary(fc.string(), fc.jsonValue())
const logprob = fc.record({
  token: text,
  logprob: fc.constant(-0.5),
  bytes: fc.array(fc.nat({ max: 255 })),
  top_logprobs: fc.constant([]),
})
const outputText = fc.record(
  {
    type: fc.constant('output_text'),
    text,
    annotations: fc.array(fc.record({ type: fc.constant('url_citation'), url: text })),
    logprobs: fc.array(logprob, { maxLength: 3 }),
  },
  { requiredKeys: ['type', 'text', 'annotations'] },
)
const refusal = fc.record({ type: fc.constant('refusal'), refusal: text })
const summary = fc.record({ type: fc.constant('summary_text'), text })
const reasoningText = fc.record({ type: fc.constant('reasoning_text'), text })
const completed = fc.constant('completed')
const item = fc.oneof(
  fc.record({
    id,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    status: completed,
    content: fc.array(fc.oneof(outputText, refusal), { maxLength: 3 }),
  }),
  fc.record(
    {
      id,
      type: fc.constant('reasoning'),
      summary: fc.array(summary, { maxLength: 2 }),
      content: fc.array(fc.oneof(reasoningText, outputText), { maxLength: 2 }),
      encrypted_content: fc.option(text),
    },
    { requiredKeys: ['id', 'type', 'summary'] },
  ),
  fc.record(
    {
      id,
      type: fc.constant('function_call'),
      call_id: id,
      name: text,
      arguments: fc.json(),
      status: completed,
    },
    { requiredKeys: ['type', 'call_id', 'name', 'arguments'] },
  ),
  fc.record({ id, type: fc.constant('custom_tool_call'), call_id: id, name: text, input: text }),
  fc.record({ id, type: fc.constant('local_shell_call'), call_id: id, action: loose }),
  fc.record({ id, type: fc.constant('apply_patch_call'), call_id: id, operation: loose }),
  fc.record({ id, type: fc.constant('compaction'), encrypted_content: text }),
)
/** Gives each item the id and call id of its position, because clients refuse duplicates. */
const identified = (items: Record<string, unknown>[]) =>
  items.map((one, at) => ({
    ...one,
    ...('id' in one ? { id: `item_${at}` } : {}),
    ...('call_id' in one ? { call_id: `call_${at}` } : {}),
  }))
const response = fc.record(
  {
    id,
    object: fc.constant('response'),
    created_at: fc.nat(),
    status: completed,
    error: fc.constant(null),
    model: text,
    metadata: fc.dictionary(fc.string(), text),
    output: fc.array(item, { minLength: 1, maxLength: 4 }).map(identified),
    usage: fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat(), total_tokens: fc.nat() }),
  },
  { requiredKeys: ['id', 'object', 'status', 'output', 'created_at'] },
)

interface Event {
  readonly type: string
  readonly sequence_number: number
  readonly response?: { output?: unknown; id: string; status: string; usage?: unknown }
}
const read = (events: readonly ServerSentEvent[]) =>
  events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Event)

/** What OpenAI's own client makes of events. */
async function accumulated(events: readonly object[]) {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  return ResponseStream.fromReadableStream(new Response(lines).body!).finalResponse()
}

describe('converting a response between stream and JSON', () => {
  it('restores every JSON text from the stream made of it', () => {
    fc.assert(
      fc.property(response, (answer) => {
        const json = JSON.stringify(answer)
        expect(assemble(parseEvents(split(json)))).toBe(json)
      }),
      { numRuns: 300 },
    )
  })

  it('makes a stream whose items OpenAI’s client accumulates to the same output', async () => {
    await fc.assert(
      fc.asyncProperty(response, async (answer) => {
        const events = read(parseEvents(split(JSON.stringify(answer))))
        // Without the output in the last event, the client takes what it has accumulated.
        delete events.at(-1)!.response!.output
        const { output } = await accumulated(events)
        // The client adds what it parses.
        const own = JSON.stringify(output, (name, value: unknown) =>
          name.startsWith('parsed') ? undefined : value,
        )
        expect(JSON.parse(own)).toEqual(JSON.parse(JSON.stringify(answer.output)))
      }),
      { numRuns: 200 },
    )
  })

  it('numbers the events from 0 without a gap and names each by its type', () => {
    fc.assert(
      fc.property(response, (answer) => {
        const events = parseEvents(split(JSON.stringify(answer)))
        const parsed = read(events)
        expect(parsed.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()])
        expect(parsed.map(({ type }) => type)).toEqual(events.map(({ event }) => event))
      }),
    )
  })

  it('sends the events that OpenAI documents, in their order', () => {
    const output = [
      {
        id: 'rs_1',
        type: 'reasoning',
        encrypted_content: 'gAAA',
        summary: [{ type: 'summary_text', text: 'Hm' }],
        content: [{ type: 'reasoning_text', text: 'Why' }],
      },
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'Hi', annotations: [{ type: 'file_path' }], logprobs: [] },
          { type: 'refusal', refusal: 'No' },
        ],
      },
      { id: 'fc_1', type: 'function_call', call_id: 'a', name: 'f', arguments: '{"a":1}' },
      { id: 'ct_1', type: 'custom_tool_call', call_id: 'b', name: 'g', input: 'x' },
      { id: 'ls_1', type: 'local_shell_call', call_id: 'c', action: {} },
    ]
    const answer = { id: 'r', object: 'response', status: 'completed', output, usage: { a: 1 } }
    const events = read(parseEvents(split(JSON.stringify(answer))))
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'content_part.added',
      'reasoning_text.delta',
      'reasoning_text.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.annotation.added',
      'output_text.done',
      'content_part.done',
      'content_part.added',
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'output_item.added',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
      'output_item.done',
      'output_item.added',
      'output_item.done',
      'completed',
    ])
    expect(events[0]!.response).toEqual({
      ...answer,
      status: 'in_progress',
      output: [],
      usage: null,
    })
    expect(events[2]).toMatchObject({ item: { id: 'rs_1', summary: [], encrypted_content: null } })
    expect(events[14]).toMatchObject({
      item_id: 'msg_1',
      output_index: 1,
      content_index: 0,
      delta: 'Hi',
      logprobs: [],
    })
    expect(events[20]).toMatchObject({ content_index: 1, refusal: 'No' })
    expect(events[25]).toMatchObject({ output_index: 2, arguments: '{"a":1}' })
  })

  it('is refused if an id that each event repeats would make the stream too long', () => {
    const answer = (id: string, parts: number) => {
      const content = Array.from({ length: parts }, () => ({ type: 'output_text', text: 'x' }))
      const message = { type: 'message', id, role: 'assistant', status: 'completed', content }
      return JSON.stringify({ id: 'r', object: 'response', status: 'completed', output: [message] })
    }
    const replayed = (body: string) =>
      replay({ mode: 'json', body, content_type: 'application/json' }, true, false, responses.modes)
    const hostile = answer('m'.repeat(20_000), 1_000)
    expect(responses.admitJson(JSON.parse(hostile), { count: 1 }).admissible).toBe(true)
    expect(replayed(hostile)).toBeUndefined()
    expect(replayed(answer('m'.repeat(20_000), 1))).toBeDefined()
    expect(replayed(answer('msg_1', 100))).toBeDefined()
  })

  it('keeps the bytes of a JSON answer but for line breaks', () => {
    const json =
      '{ "id":"r",\r\n"object":"response","2":1.50,"1":12345678901234567890,\n"output":[]}'
    expect(assemble(parseEvents(split(json)))).toBe(json.replaceAll(/[\r\n]+/g, ' '))
  })
})

describe('the items that a stream finishes', () => {
  const said = (text: string) => ({
    type: 'message',
    id: 'msg_1',
    content: [{ type: 'output_text', text }],
  })
  const call = (text: string) => ({
    type: 'function_call',
    id: 'fc_1',
    call_id: 'c',
    name: 'f',
    arguments: text,
  })
  /** The verdicts on a stream with these items and this output at its end, and on that as JSON. */
  const verdicts = (items: (object | undefined)[], output: object[] | undefined) => {
    const response = { id: 'r', object: 'response', status: 'completed', output }
    const events = [
      ...items.map((item, output_index) => ({
        type: 'response.output_item.done',
        output_index,
        item,
      })),
      { type: 'response.completed', response },
    ]
    const ofStream = (members: string[]) =>
      responses.admitStream(
        events.map((event) => ({
          event: '',
          data: JSON.stringify(event, (name, value: unknown) =>
            members.includes(name) ? undefined : value,
          ),
        })),
        { count: 1 },
      )
    return [ofStream([]), ofStream(['output_index']), responses.admitJson(response, { count: 1 })]
  }
  const why = (verdict: Admissibility) => (verdict.admissible ? 'kept' : verdict.why)

  it.each<[items: object[], output: object[], expected: string]>([
    [[said('a'), call('{}')], [said('a'), call('{}')], 'kept'],
    [[said('a'), call('{}')], [said('a')], 'output incomplete'],
    [[said('a'), call('{}')], [call('{}')], 'output incomplete'],
    [[said('a'), { type: 'new', id: 'n' }], [said('a')], 'output incomplete'],
    // LiteLLM does not list what says nothing, and lists what it had no event for.
    [[said(''), call('{}')], [call('{}')], 'kept'],
    [[{ ...said(''), content: [] }, call('{}')], [call('{}')], 'kept'],
    [[call('{}')], [said('a'), call('{}')], 'kept'],
  ])('are all in the response: %j, %j', (items, output, expected) => {
    const [stream, withoutIndex] = verdicts(items, output).map(why)
    expect([stream, withoutIndex]).toEqual([expected, expected])
  })

  it.each(['', '{"a":', ' ', '{}}'])('have arguments that parse, as in JSON: %j', (text) => {
    const refused = 'tool-call arguments are not JSON'
    expect(verdicts([call(text)], [call(text)]).map(why)).toEqual([refused, refused, refused])
    // A client of the stream runs what the item says.
    expect(verdicts([call(text)], [call('{}')]).map(why)).toEqual([refused, refused, 'kept'])
    expect(verdicts([call('{}')], [call(text)]).map(why)).toEqual([refused, refused, refused])
    expect(why(verdicts([call(text)], [])[0]!)).toBe(refused)
  })

  it('may be missing in the response if it has no output', () => {
    expect(verdicts([said('a'), call('{}')], []).map(why)[0]).toBe('kept')
    expect(verdicts([said('a'), call('{}')], undefined).map(why)[0]).toBe('kept')
  })
})

describe('a stored stream', () => {
  const stream = (...events: object[]) =>
    events.map((event) => ({ event: '', data: JSON.stringify(event) }))
  const created = { type: 'response.created', sequence_number: 0 }

  it('loses keep-alives and padding, and is numbered again', () => {
    const kept = storedEvents([
      ...stream(created, { type: 'keepalive', sequence_number: 1 }),
      { event: '', data: 'ping' },
      ...stream(
        { type: 'response.output_text.delta', delta: 'x', obfuscation: 'kQ', sequence_number: 2 },
        { type: 'response.x', sequence_number: 3 },
      ),
      { event: '', data: '[DONE]' },
    ])
    expect(kept.map(({ data }) => data)).toEqual([
      JSON.stringify(created),
      '{"type":"response.output_text.delta","delta":"x","sequence_number":1}',
      '{"type":"response.x","sequence_number":2}',
      '[DONE]',
    ])
  })

  it('keeps the bytes of every other value if padding is taken out', () => {
    const data =
      '{ "obfuscation" : "x,\\"}" ,"type":"a", "logprobs": [{"logprob":-9999.0, "n":1e2}],"10":1.50}'
    expect(storedEvents([{ event: 'a', data }])).toEqual([
      { event: 'a', data: '{"type":"a","logprobs":[{"logprob":-9999.0, "n":1e2}],"10":1.50}' },
    ])
  })

  it('keeps the numbers of a server that numbers in its own way', () => {
    const events = stream({ type: 'a' }, { type: 'keepalive' }, { type: 'b', sequence_number: 7 })
    expect(storedEvents(events).map(({ data }) => data)).toEqual([
      '{"type":"a"}',
      '{"type":"b","sequence_number":7}',
    ])
  })

  it('is JSON if stream_options were sent', () => {
    const of = (stream_options: unknown) => ownOptions({ stream_options } as never)
    for (const none of [undefined, null, {}, [], 'x']) expect(of(none)).toBeUndefined()
    expect(of({ include_obfuscation: false })).toEqual({ include_obfuscation: false })
  })
})
