import { TEXT, TOOL_CALLS } from './scripted-provider.ts'
import type { Prompt, Reply } from './scripted-provider.ts'

/** A model that LiteLLM knows: it makes streams of others by itself, from a JSON answer. */
export const RESPONSES_MODEL = 'openai/gpt-5-mini'

export const RESPONSE_USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 3 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 18,
}
/** What a structured answer contains. */
export const STRUCTURED = { city: 'Zürich', degrees: 21.5 }

interface Item {
  readonly id: string
  readonly type: string
  readonly [member: string]: unknown
}

interface Event {
  readonly type: string
  readonly [member: string]: unknown
}

const reasoning: Item = {
  id: 'rs_scripted',
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'Greetings in many languages' }],
  encrypted_content: 'gAAAAABscripted-_==',
}
const message = (text: string): Item => ({
  id: 'msg_scripted',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
})
const calls: Item[] = TOOL_CALLS.map(({ id, name, arguments: text }, at) => ({
  id: `fc_scripted_${at}`,
  type: 'function_call',
  status: 'completed',
  call_id: id,
  name,
  arguments: text,
}))

/** Calls if the request has tools and no results yet; JSON if it wants that; otherwise text. */
export function answerToResponse(prompt: Prompt): Reply {
  const response = responseTo(prompt)
  return prompt.stream ? { stream: streamOf(response) } : { json: response }
}

function responseTo({ tools = [], input = [], text, ...prompt }: Prompt) {
  const hasResults =
    Array.isArray(input) && input.some(({ type }) => type === 'function_call_output')
  const isStructured = text?.format?.type === 'json_schema'
  const said = message(isStructured ? JSON.stringify(STRUCTURED) : TEXT)
  const output = tools.length > 0 && !hasResults ? [reasoning, ...calls] : [reasoning, said]
  return {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    model: 'gpt-5-mini-scripted',
    output,
    parallel_tool_calls: true,
    store: false,
    tool_choice: 'auto',
    tools,
    usage: RESPONSE_USAGE,
    metadata: prompt.metadata ?? {},
    user: prompt.user ?? null,
    safety_identifier: prompt.safety_identifier ?? null,
    prompt_cache_key: prompt.prompt_cache_key ?? null,
  }
}

/** The stream of a response as OpenAI sends it, with keep-alives and padding. */
export function streamOf(response: ReturnType<typeof responseTo>, end = COMPLETED): string {
  const begun = { ...response, status: 'in_progress', output: [], usage: null }
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    { type: 'keepalive' },
    ...response.output.flatMap((item, output_index) => itemEvents(item, output_index)),
    { type: end, response: { ...response, ...ENDS[end] } },
  ]
  return events
    .map((event, sequence_number) => {
      const data = JSON.stringify({ ...event, sequence_number })
      return `event: ${event.type}\ndata: ${data}\n\n`
    })
    .join('')
}

const COMPLETED = 'response.completed'
/** What the last response says, by the event that it comes with. */
const ENDS: Record<string, object> = {
  'response.failed': { status: 'failed', error: { code: 'server_error', message: 'It broke.' } },
  'response.incomplete': {
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  },
}

function itemEvents(item: Item, output_index: number): Event[] {
  const open = { ...item, ...('content' in item ? { content: [] } : {}), status: 'in_progress' }
  const place = { item_id: item.id, output_index }
  return [
    { type: 'response.output_item.added', output_index, item: emptied(open) },
    ...innerEvents(item, place),
    { type: 'response.output_item.done', output_index, item },
  ]
}

/** An item without its text. */
function emptied(item: Item): object {
  return {
    ...item,
    ...('arguments' in item ? { arguments: '' } : {}),
    ...('summary' in item ? { summary: [], encrypted_content: null } : {}),
  }
}

function innerEvents(item: Item, place: object): Event[] {
  const padding = { obfuscation: 'pQ4x' }
  const text = item['arguments']
  if (typeof text === 'string') {
    const event = 'response.function_call_arguments'
    const pieces = text.match(/.{1,5}/gsu) ?? []
    const deltas = pieces.map((delta) => ({ type: `${event}.delta`, ...place, delta, ...padding }))
    return [...deltas, { type: `${event}.done`, ...place, arguments: text }]
  }
  const summary = (item['summary'] ?? []) as { text: string }[]
  const content = (item['content'] ?? []) as { text: string }[]
  return [
    ...summary.flatMap((part, summary_index) => {
      const event = 'response.reasoning_summary'
      const at = { ...place, summary_index }
      return [
        { type: `${event}_part.added`, ...at, part: { ...part, text: '' } },
        { type: `${event}_text.delta`, ...at, delta: part.text, ...padding },
        { type: `${event}_text.done`, ...at, text: part.text },
        { type: `${event}_part.done`, ...at, part },
      ]
    }),
    ...content.flatMap((part, content_index) => {
      const at = { ...place, content_index }
      const logprobs: unknown[] = []
      const deltas = Array.from(part.text, (delta) => ({
        type: 'response.output_text.delta',
        ...at,
        delta,
        logprobs,
        ...padding,
      }))
      return [
        { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
        ...deltas,
        { type: 'response.output_text.done', ...at, text: part.text, logprobs },
        { type: 'response.content_part.done', ...at, part },
      ]
    }),
  ]
}
