import * as z from 'zod'
import { admissible, inadmissible } from '../../cache/admissibility.ts'
import type { Admissibility, Expected } from '../../cache/admissibility.ts'
import { hasError, readUsage } from './chat-answer.ts'
import { finishShape, whyUnfinished } from './finish-reason.ts'

/** The finish reasons of a complete answer. */
const FINISHED = new Set(['stop'])

/** The members of a legacy completion that decide about storing it. Others are ignored. */
const completion = z.object({
  id: z.string().min(1).optional().catch(undefined),
  created: z.number().int().nonnegative().optional().catch(undefined),
  choices: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      ...finishShape,
      text: z.string().nullish(),
      logprobs: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  usage: z.unknown().optional(),
})

/**
 * Whether a legacy completion may be stored
 * (https://platform.openai.com/docs/api-reference/completions/object).
 */
export function admitTextCompletion(
  answer: unknown,
  { count, logprobs: wantsLogprobs = false }: Expected,
): Admissibility {
  if (hasError(answer)) return inadmissible('error in the body')
  const parsed = completion.safeParse(answer)
  if (!parsed.success) return inadmissible('not a completion')
  const { choices, created, id, usage } = parsed.data
  // LiteLLM's streams give the texts of all choices the index 0.
  const indexes = new Set(choices.map(({ index }) => index).filter((index) => index < count))
  if (choices.length !== count || indexes.size !== count) return inadmissible('choices missing')
  for (const choice of choices) {
    const unfinished = whyUnfinished(choice, FINISHED)
    if (unfinished !== undefined) return inadmissible(unfinished)
    if (!choice.text?.trim()) return inadmissible('empty answer')
    // LiteLLM's streams lack them, which would be wrong for a JSON request.
    if (wantsLogprobs && !choice.logprobs) return inadmissible('log probabilities missing')
  }
  return admissible({ usage: readUsage(usage), created: created ?? null, id: id ?? null })
}
