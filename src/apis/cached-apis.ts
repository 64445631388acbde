import type { Api } from './api.ts'
import { chatCompletions } from './chat-completions.ts'
import { completions } from './completions.ts'
import { countTokens } from './count-tokens.ts'
import { decisions } from './decisions.ts'
import { embeddings } from './embeddings.ts'
import { messages } from './messages.ts'
import { moderations } from './moderations.ts'
import { rerank } from './rerank.ts'
import { responses } from './responses.ts'
import { systemone } from './systemone.ts'

/** The APIs whose answers are cached. Their identical requests may share an upstream call. */
export const cachedApis: readonly Api[] = [
  chatCompletions,
  completions,
  responses,
  embeddings,
  messages,
  countTokens,
  decisions,
  systemone,
  rerank,
  moderations,
]
