import { describe, expect, it } from 'vitest'
import { parseEvents } from '../../src/stream/sse.ts'
import { eventStream } from '../support/fake-litellm.ts'
import type { Answer } from '../support/fake-litellm.ts'
import { gateway } from '../support/gateway.ts'
import { responseBody, responseEvents, RESPONSES } from '../support/responses.ts'
import { zstd } from '../support/zstd.ts'

type Item = Record<string, unknown>

/** What the model answers in each turn: it looks around, edits a file, and says so. */
const TURNS: Item[][] = [
  [
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAAone' },
    {
      type: 'local_shell_call',
      id: 'lsh_1',
      call_id: 'call_1',
      status: 'completed',
      action: { type: 'exec', command: ['ls', '-la'], env: { '2': 'b', '10': 'a' } },
    },
  ],
  [
    { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'gAAAAAtwo' },
    {
      type: 'custom_tool_call',
      id: 'ctc_2',
      call_id: 'call_2',
      status: 'completed',
      name: 'apply_patch',
      input: '*** Begin Patch\n*** Update File: a.txt\n*** End Patch',
    },
  ],
  [
    {
      type: 'message',
      id: 'msg_3',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Done. «ä»', annotations: [] }],
    },
  ],
]

/** A model that counts the tool results in the conversation. */
const model: Answer = ({ body }) => {
  const items = body['input'] as Item[]
  const turn = items.filter(({ type }) => String(type).endsWith('_output')).length
  const { prompt_cache_key } = body
  const response = responseBody({ id: `resp_${turn}`, output: TURNS[turn]!, prompt_cache_key })
  return eventStream(responseEvents(response))
}

/** A request as Codex builds it. */
const codexBody = (input: Item[], session: string, turn = crypto.randomUUID()) => ({
  model: 'small',
  instructions: 'You are a coding agent.',
  input,
  tools: [
    { type: 'function', name: 'update_plan', strict: false, parameters: { type: 'object' } },
    { type: 'local_shell' },
    { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark' } },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  reasoning: { effort: 'medium', summary: 'auto' },
  store: false,
  stream: true,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: session,
  client_metadata: {
    session_id: session,
    thread_id: session,
    turn_id: turn,
    'x-codex-window-id': `${session}:0`,
    'x-codex-turn-metadata': JSON.stringify({ turn_id: turn, sandbox: 'none' }),
  },
})
const codexHeaders = (session: string) => ({
  'content-type': 'application/json',
  'content-encoding': 'zstd',
  accept: 'text/event-stream',
  originator: 'codex_cli_rs',
  session_id: session,
  'openai-beta': 'responses=experimental',
  'user-agent': 'codex_cli_rs/0.140.0 (Linux; x86_64)',
})

type Send = ReturnType<typeof gateway>['send']

/** Plays a session: each turn sends the whole conversation so far, with the results of its calls. */
async function play(send: Send, session: string, settled: () => Promise<void>) {
  const input: Item[] = [
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Fix a.txt' }] },
  ]
  const outcomes: unknown[] = []
  const sent: string[] = []
  /** The session that each response names. */
  const sessions: unknown[] = []
  for (;;) {
    const turn = codexBody(input, session)
    const text = JSON.stringify(turn)
    sent.push(JSON.stringify({ ...turn, client_metadata: {} }))
    // Codex streams into the encoder, so that the frame does not tell its size.
    const body = await zstd(text, { ZSTD_c_contentSizeFlag: 0 })
    const request = new Request(`https://gateway${RESPONSES}`, {
      method: 'POST',
      headers: codexHeaders(session),
      body,
    })
    const answer = await send(request)
    outcomes.push(answer.headers.get('x-cache'))
    const events = parseEvents(await answer.text()).flatMap(({ data }) =>
      data === '[DONE]' ? [] : [JSON.parse(data) as { type: string; item?: Item; response?: Item }],
    )
    await settled()
    const last = events.at(-1)
    expect(last?.type).toBe('response.completed')
    sessions.push(last?.response?.['prompt_cache_key'])
    // Codex takes the items from these events, not from the last one.
    const items = events.flatMap(({ type, item }) =>
      type === 'response.output_item.done' && item !== undefined ? [item] : [],
    )
    input.push(...items)
    const calls = items.filter(({ call_id }) => call_id !== undefined)
    if (calls.length === 0) return { outcomes, sent, sessions, items }
    for (const { type, call_id } of calls) {
      input.push({ type: `${String(type)}_output`, call_id, output: 'ok' })
    }
  }
}

describe('a session of Codex', () => {
  it('consists of hits if it is played again, with the same conversation to the byte', async () => {
    const { send, settled, litellm } = gateway({ answer: model })
    const first = await play(send, 'session-a', settled)
    expect(first.outcomes).toEqual(['miss', 'miss', 'miss'])
    const again = await play(send, 'session-a', settled)
    expect(again.outcomes).toEqual(['exact-hit', 'exact-hit', 'exact-hit'])
    expect(again.sent).toEqual(first.sent)
    expect(again.items).toEqual(TURNS[2])
    expect(litellm.asked).toHaveLength(3)
    expect(litellm.asked[0]!.body).toMatchObject({
      store: false,
      stream: true,
      client_metadata: { session_id: 'session-a', turn_id: expect.any(String) as string },
    })
    expect(litellm.asked[0]!.headers.get('openai-beta')).toBe('responses=experimental')
    expect(litellm.asked[0]!.headers.has('session_id')).toBe(false)
  })

  it('consists of hits in another session, and its responses name that session', async () => {
    const { send, settled, litellm } = gateway({ answer: model })
    const first = await play(send, 'session-a', settled)
    expect(first.sessions).toEqual(['session-a', 'session-a', 'session-a'])
    const other = await play(send, 'session-b', settled)
    expect(other.outcomes).toEqual(['exact-hit', 'exact-hit', 'exact-hit'])
    expect(other.sessions).toEqual(['session-b', 'session-b', 'session-b'])
    expect(other.items).toEqual(TURNS[2])
    expect(litellm.asked).toHaveLength(3)
  })

  it('is played the same from answers that were stored as JSON', async () => {
    const asJson: Answer = async (asked) => {
      const events = parseEvents(await (await model(asked)).text())
      const { response } = JSON.parse(events.at(-2)!.data) as { response: unknown }
      return Response.json(response)
    }
    const { send, settled, litellm } = gateway({ answer: model })
    const first = await play(send, 'session-a', settled)
    const {
      post,
      send: sendOther,
      settled: settledOther,
      litellm: other,
    } = gateway({
      answer: asJson,
    })
    for (const text of first.sent) {
      const body = { ...(JSON.parse(text) as object), stream: false }
      await post(RESPONSES, body, { 'openai-beta': 'responses=experimental' })
      await settledOther()
    }
    const again = await play(sendOther, 'session-a', settledOther)
    expect(again.outcomes).toEqual(['exact-hit', 'exact-hit', 'exact-hit'])
    expect(again.sent).toEqual(first.sent)
    expect([litellm.asked.length, other.asked.length]).toEqual([3, 3])
  })

  it('bypasses the cache with a web search, which runs on a server', async () => {
    const { post, litellm } = gateway({ answer: model })
    const body = codexBody([], 'session-a')
    const tools = [...body.tools, { type: 'web_search', external_web_access: false }]
    for (const _ of [1, 2]) {
      const answer = await post(RESPONSES, { ...body, tools })
      expect(answer.headers.get('x-cache')).toBe('bypass')
      await answer.text()
    }
    expect(litellm.asked).toHaveLength(2)
  })
})
