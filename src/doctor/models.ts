import * as z from 'zod'
import { matchesModel } from '../auth/caller.ts'

/** A model as LiteLLM lists it. */
export interface ListedModel {
  readonly id: string
  /** `chat`, `embedding`, …; undefined if LiteLLM does not know. */
  readonly mode: string | undefined
}

const listShape = z.object({
  data: z.array(z.object({ id: z.string(), mode: z.string().nullish() })),
})

/**
 * The models in LiteLLM's list, with its wildcards, but without the names that a wildcard covers.
 * Throws if the text is none.
 */
export function readModels(text: string): readonly ListedModel[] {
  const listed = listShape.parse(JSON.parse(text)).data
  const wildcards = listed.map(({ id }) => id).filter((id) => id.includes('*'))
  return listed
    .filter(({ id }) => id.includes('*') || !matchesModel(id, wildcards))
    .map(({ id, mode }) => ({ id, mode: mode ?? undefined }))
}

/** The model of these modes, if there is exactly one; a wildcard stands for none. */
export function onlyModel(
  models: readonly ListedModel[],
  modes: readonly (string | undefined)[],
): string | undefined {
  const [only, ...others] = models.filter(
    ({ id, mode }) => !id.includes('*') && modes.includes(mode),
  )
  return others.length === 0 ? only?.id : undefined
}
