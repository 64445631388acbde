import * as z from 'zod'
import { admissible, inadmissible } from '../../cache/admissibility.ts'
import type { Admissibility, Usage } from '../../cache/admissibility.ts'
import { hasError, isJson } from '../completions/chat-answer.ts'

const text = z.string().min(1)
const call = { call_id: text }
const part = z.union([
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
])

/**
 * The output items that a client can use or needs to continue, and what each must have
 * (https://platform.openai.com/docs/api-reference/responses/object). Items of other types are made
 * by tools that run on a server.
 */
const item = z.union([
  z.object({ type: z.literal('message'), content: z.array(part) }),
  z.object({ type: z.literal('reasoning') }),
  z.object({ type: z.literal('compaction'), encrypted_content: text }),
  z.object({ type: z.literal('function_call'), ...call, name: text, arguments: z.string() }),
  z.object({ type: z.literal('custom_tool_call'), ...call, name: text, input: z.string() }),
  z.object({ type: z.literal('local_shell_call'), ...call, action: z.looseObject({}) }),
  z.object({ type: z.literal('shell_call'), ...call, action: z.looseObject({}) }),
  z.object({ type: z.literal('apply_patch_call'), ...call, operation: z.looseObject({}) }),
  z.object({ type: z.literal('computer_call'), ...call }),
  z.object({ type: z.literal('tool_search_call'), ...call, execution: z.literal('client') }),
])

type Item = z.output<typeof item>

/** The members of a response that decide about storing it. Others are ignored. */
const response = z.object({
  object: z.literal('response'),
  id: text.optional().catch(undefined),
  created_at: z.number().nonnegative().optional().catch(undefined),
  status: z.string().nullish(),
  incomplete_details: z.unknown().optional(),
  output: z.array(z.looseObject({ type: z.string(), status: z.string().nullish() })),
  usage: z.unknown().optional(),
})

const usageShape = z.object({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  total_tokens: z.number().int().nonnegative(),
})

/** Whether a response may be stored. */
export function admitResponse(answer: unknown): Admissibility {
  if (hasError(answer)) return inadmissible('error in the body')
  const parsed = response.safeParse(answer)
  if (!parsed.success) return inadmissible('not a response')
  const { status, incomplete_details, output, usage, created_at, id } = parsed.data
  if (status !== 'completed') return inadmissible(`status ${status ?? 'missing'}`)
  if (incomplete_details) return inadmissible('incomplete')
  const items: Item[] = []
  for (const one of output) {
    if ((one.status ?? 'completed') !== 'completed') {
      return inadmissible(`${one.type} ${one.status}`)
    }
    const known = item.safeParse(one)
    if (!known.success) return inadmissible(`output item ${one.type}`)
    items.push(known.data)
  }
  if (!items.every(argumentsParse)) return inadmissible(BAD_ARGUMENTS)
  if (!items.some(isUsable)) return inadmissible('empty answer')
  return admissible({
    usage: readResponseUsage(usage),
    created: created_at === undefined ? null : Math.floor(created_at),
    id: id ?? null,
  })
}

/** Why a function call is refused whose arguments do not parse. */
export const BAD_ARGUMENTS = 'tool-call arguments are not JSON'

/** Whether the arguments of an item are JSON, if it is a function call. An empty text is not. */
export function argumentsParse(item: {
  readonly type?: unknown
  readonly arguments?: unknown
}): boolean {
  const { type, arguments: text } = item
  return type !== 'function_call' || (typeof text === 'string' && isJson(text))
}

/** Whether a client can do something with it: show a text, run a call, continue from it. */
function isUsable(one: Item): boolean {
  if (one.type === 'reasoning') return false
  if (one.type !== 'message') return true
  return one.content.some((part) => ('text' in part ? part.text : part.refusal).trim() !== '')
}

/** The token counts in the names of entries; null if there are none. */
function readResponseUsage(usage: unknown): Usage | null {
  const { data } = usageShape.safeParse(usage)
  if (data === undefined) return null
  const { input_tokens, output_tokens, total_tokens } = data
  return { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens }
}
