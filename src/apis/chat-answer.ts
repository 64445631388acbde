import * as z from 'zod'
import { inadmissible, admissible } from '../cache/admission.ts'
import type { Usage, Admissibility, Expected } from '../cache/admission.ts'

/** The finish reasons of a complete answer. */
const FINISHED = new Set(['stop', 'tool_calls', 'function_call'])
/**
 * The same in providers' own words, which routers pass on beside OpenAI's
 * (https://openrouter.ai/docs/api-reference/overview). An unknown word costs a miss.
 */
const NATIVE_FINISHED = new Set([
  ...FINISHED,
  'end_turn',
  'stop_sequence',
  'tool_use',
  'complete',
  'completed',
  'eos',
  'eos_token',
])

const functionCall = z.object({ name: z.string().min(1), arguments: z.string() })
const toolCall = z.union([
  z.object({ function: functionCall }),
  z.object({ custom: z.object({ name: z.string().min(1) }) }),
])
/** Where LiteLLM puts the provider's own word if it has translated it. */
const nativeReason = z.object({ native_finish_reason: z.string().nullish() }).nullish().catch(null)
const message = z.object({
  content: z.union([z.string(), z.array(z.unknown())]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  function_call: functionCall.nullish(),
  audio: z
    .object({
      data: z.string().optional(),
      expires_at: z.number().optional().catch(undefined),
    })
    .nullish(),
})

/** The members of a chat completion that decide about storing it. Others are ignored. */
const completion = z.object({
  id: z.string().min(1).optional().catch(undefined),
  created: z.number().int().nonnegative().optional().catch(undefined),
  choices: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      finish_reason: z.string().nullish(),
      native_finish_reason: z.string().nullish(),
      provider_specific_fields: nativeReason,
      message,
    }),
  ),
  usage: z.unknown().optional(),
})

const usageShape = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: z.number().int().nonnegative().default(0),
  total_tokens: z.number().int().nonnegative(),
})

/** Whether a chat completion may be stored (https://platform.openai.com/docs/api-reference/chat). */
export function admitCompletion(answer: unknown, { count }: Expected): Admissibility {
  if (hasError(answer)) return inadmissible('error in the body')
  const parsed = completion.safeParse(answer)
  if (!parsed.success) return inadmissible('not a chat completion')
  const { choices, created, id, usage } = parsed.data
  const indexes = new Set(choices.map(({ index }) => index).filter((index) => index < count))
  if (choices.length !== count || indexes.size !== count) return inadmissible('choices missing')
  for (const choice of choices) {
    const { finish_reason, message, native_finish_reason, provider_specific_fields } = choice
    if (!FINISHED.has(finish_reason ?? '')) {
      return inadmissible(`finish_reason ${finish_reason ?? 'missing'}`)
    }
    const natives = [native_finish_reason, provider_specific_fields?.native_finish_reason]
    const unfinished = natives.find((word) => word && !NATIVE_FINISHED.has(word.toLowerCase()))
    if (unfinished) return inadmissible(`native_finish_reason ${unfinished}`)
    if (finish_reason === 'tool_calls' && !message.tool_calls?.length) {
      return inadmissible('tool calls missing')
    }
    if (isEmpty(message)) return inadmissible('empty answer')
    if (!argumentsParse(message)) return inadmissible('tool-call arguments are not JSON')
  }
  const expiries = choices.flatMap(({ message }) => message.audio?.expires_at ?? [])
  return admissible({
    usage: readUsage(usage),
    created: created ?? null,
    id: id ?? null,
    ...(expiries.length === 0 ? {} : { expiresAt: Math.min(...expiries) }),
  })
}

/**
 * Whether an answer or a chunk reports an error: at the top, in a choice, in its message, or in what
 * LiteLLM passes on from the provider.
 */
export function hasError(answer: unknown): boolean {
  const top = membersOf(answer)
  const { choices } = top
  const inChoices = (Array.isArray(choices) ? choices : []).flatMap((one) => {
    const choice = membersOf(one)
    return [choice, membersOf(choice['message']), membersOf(choice['delta'])]
  })
  return [top, ...inChoices].some(
    (place) => place['error'] || membersOf(place['provider_specific_fields'])['error'],
  )
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The token counts of an answer; null if it has none. */
export function readUsage(usage: unknown): Usage | null {
  return usageShape.safeParse(usage).data ?? null
}

type Message = z.output<typeof message>

function isEmpty({ content, refusal, tool_calls, function_call, audio }: Message): boolean {
  const said = typeof content === 'string' ? content.trim() : content?.filter(saysSomething)
  return !said?.length && !refusal?.trim() && !tool_calls?.length && !function_call && !audio?.data
}

/** An empty text part says nothing; any other part does. */
function saysSomething(part: unknown): boolean {
  const { type, text } = membersOf(part)
  return type !== 'text' || typeof text !== 'string' || text.trim() !== ''
}

function argumentsParse({ tool_calls, function_call }: Message): boolean {
  const calls = (tool_calls ?? []).flatMap((call) => ('function' in call ? call.function : []))
  return [...calls, function_call].every((call) => !call || isJson(call.arguments))
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
