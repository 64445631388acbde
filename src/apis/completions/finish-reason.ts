import * as z from 'zod'

/**
 * The finish reason of a complete answer in providers' own words, which routers pass on beside
 * OpenAI's (https://openrouter.ai/docs/api-reference/overview). An unknown word costs a miss.
 */
const NATIVE_FINISHED = new Set([
  'stop',
  'tool_calls',
  'function_call',
  'end_turn',
  'stop_sequence',
  'tool_use',
  'complete',
  'completed',
  'eos',
  'eos_token',
])

/** Where LiteLLM puts the provider's own word if it has translated it. */
const nativeReason = z.object({ native_finish_reason: z.string().nullish() }).nullish().catch(null)

/** The members of a choice that say why it ended. */
export const finishShape = {
  finish_reason: z.string().nullish(),
  native_finish_reason: z.string().nullish(),
  provider_specific_fields: nativeReason,
}

/** Why a choice did not end by itself; undefined if it did. `finished` are OpenAI's words for that. */
export function whyUnfinished(
  choice: z.output<z.ZodObject<typeof finishShape>>,
  finished: ReadonlySet<string>,
): string | undefined {
  const { finish_reason, native_finish_reason, provider_specific_fields } = choice
  if (!finished.has(finish_reason ?? '')) return `finish_reason ${finish_reason ?? 'missing'}`
  const natives = [native_finish_reason, provider_specific_fields?.native_finish_reason]
  const unfinished = natives.find((word) => word && !NATIVE_FINISHED.has(word.toLowerCase()))
  return unfinished ? `native_finish_reason ${unfinished}` : undefined
}
