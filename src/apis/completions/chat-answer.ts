import * as z from 'zod'
import { inadmissible, admissible } from '../../cache/admissibility.ts'
import type { Usage, Admissibility, Expected } from '../../cache/admissibility.ts'
import { finishShape, whyUnfinished } from './finish-reason.ts'

/** The finish reasons of a complete answer. */
const FINISHED = new Set(['stop', 'tool_calls', 'function_call'])

const functionCall = z.object({ name: z.string().min(1), arguments: z.string() })
const toolCall = z.union([
  z.object({ function: functionCall }),
  z.object({ custom: z.object({ name: z.string().min(1) }) }),
])
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
      ...finishShape,
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
    const { finish_reason, message } = choice
    const unfinished = whyUnfinished(choice, FINISHED)
    if (unfinished !== undefined) return inadmissible(unfinished)
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

/** Where an answer has its parts: a list, or an object with their names. */
const PARTS = ['choices', 'results', 'answers'] as const

/**
 * Whether an answer or a chunk reports an error: at the top, in a choice or another part, in its
 * message, or in what LiteLLM passes on from the provider.
 */
export function hasError(answer: unknown): boolean {
  const top = membersOf(answer)
  const parts = PARTS.flatMap((name) => Object.values(membersOf(top[name]))).flatMap((one) => {
    const part = membersOf(one)
    return [part, membersOf(part['message']), membersOf(part['delta'])]
  })
  return [top, ...parts].some(
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
