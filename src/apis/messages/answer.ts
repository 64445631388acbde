import * as z from 'zod'
import { admissible, inadmissible } from '../../cache/admissibility.ts'
import type { Admissibility, Usage } from '../../cache/admissibility.ts'
import { isObject } from '../../cache/json.ts'
import type { Json, JsonObject } from '../../cache/json.ts'
import type { ServerSentEvent } from '../../stream/sse.ts'
import { hasError } from '../completions/chat-answer.ts'
import { isToolUse } from './block.ts'
import { mergeMessage } from './merge.ts'

/**
 * The stop reasons of a complete answer
 * (https://docs.anthropic.com/en/api/handling-stop-reasons). An unknown one costs a miss.
 */
const FINISHED = new Set(['end_turn', 'tool_use', 'stop_sequence'])

/** The members of a message that decide about storing it. Others are ignored. */
const messageShape = z.object({
  type: z.literal('message'),
  id: z.string().min(1).optional().catch(undefined),
  content: z.array(z.custom<JsonObject>((block) => typeOf(block as Json) !== undefined)),
  stop_reason: z.string().nullish(),
  container: z.unknown().optional(),
  usage: z.unknown().optional(),
})

const tokens = z.number().int().nonnegative()
const usageShape = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens.nullish(),
  cache_read_input_tokens: tokens.nullish(),
})

/** Whether a message may be stored (https://docs.anthropic.com/en/api/messages). */
export function admitMessage(answer: unknown): Admissibility {
  if (hasError(answer)) return inadmissible('error in the body')
  const parsed = messageShape.safeParse(answer)
  if (!parsed.success) return inadmissible('not a message')
  const { id, content, stop_reason, container, usage } = parsed.data
  if (!FINISHED.has(stop_reason ?? '')) {
    return inadmissible(`stop_reason ${stop_reason ?? 'missing'}`)
  }
  // The provider deletes it, and with it what the next request would build on.
  if (container !== undefined && container !== null) return inadmissible('server-side container')
  if (content.some(hasError)) return inadmissible('error in the body')
  if (content.some(reportsFailure)) return inadmissible('a tool failed')
  const calls = content.filter(isToolUse)
  if (stop_reason === 'tool_use' && !calls.some(({ type }) => type === 'tool_use')) {
    return inadmissible('tool calls missing')
  }
  if (!calls.every(({ input = null }) => isObject(input))) {
    return inadmissible('tool input is not an object')
  }
  if (!content.some(saysSomething)) return inadmissible('empty answer')
  const counted = readMessageUsage(usage)
  // A replay as a stream repeats the counts.
  if (counted === undefined) return inadmissible('usage missing')
  return admissible({ usage: counted, created: null, id: id ?? null })
}

/** Whether a stream is a complete message that may be stored. */
export function admitMessageStream(events: readonly ServerSentEvent[]): Admissibility {
  const merged = mergeMessage(events)
  return 'why' in merged ? inadmissible(merged.why) : admitMessage(JSON.parse(merged.text))
}

/** All tokens of the input count, also those that the provider read from its cache or wrote to it. */
function readMessageUsage(usage: unknown): Usage | undefined {
  const { data } = usageShape.safeParse(usage)
  if (data === undefined) return undefined
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = data
  const prompt = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
  return {
    prompt_tokens: prompt,
    completion_tokens: output_tokens,
    total_tokens: prompt + output_tokens,
  }
}

function typeOf(block: Json): string | undefined {
  const type = isObject(block) ? block['type'] : undefined
  return typeof type === 'string' ? type : undefined
}

/** Whether a block is the result of a tool on the provider's side that did not work. */
function reportsFailure({ content = null, is_error }: JsonObject): boolean {
  return is_error === true || typeOf(content)?.endsWith('_error') === true
}

/** Thinking is no answer, and an empty text says nothing. Any other block does. */
function saysSomething({ type, text }: JsonObject): boolean {
  if (type === 'thinking' || type === 'redacted_thinking') return false
  return type !== 'text' || (typeof text === 'string' && text.trim() !== '')
}
