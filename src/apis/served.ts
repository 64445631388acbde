import type { ErrorShape } from '../errors.ts'
import type { Api } from './api.ts'
import { chatCompletions } from './chat-completions.ts'
import { embeddings } from './embeddings.ts'
import { passedOnApis } from './passthrough.ts'

/** The LLM APIs that the gateway answers; a new one is its file and a line here. */
export const servedApis: readonly Api[] = [chatCompletions, embeddings, ...passedOnApis]

/** How errors look to whoever calls this path. */
export function errorShapeAt(path: string): ErrorShape {
  const served = servedApis.find((api) => [api.path, ...api.aliases].includes(path))
  return served?.errorShape ?? 'openai'
}
