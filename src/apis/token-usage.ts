import * as z from 'zod'
import type { Usage } from '../cache/admissibility.ts'

const usageShape = z.object({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative().default(0),
})

/** The token counts of an answer that reports input and output tokens; null if it reports none. */
export function tokenUsage(tokens: unknown): Usage | null {
  const { data } = usageShape.safeParse(tokens)
  if (data === undefined) return null
  const { input_tokens, output_tokens } = data
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens: input_tokens + output_tokens,
  }
}
