import type { Api } from './api.ts'
import { chatCompletions } from './chat-completions.ts'
import { embeddings } from './embeddings.ts'

/** The LLM APIs that the gateway answers; a new one is its file and a line here. */
export const servedApis: readonly Api[] = [chatCompletions, embeddings]
