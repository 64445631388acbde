import { dropFrames } from '../stream/strip-usage.ts'
import type { Question } from '../apis/request.ts'

/**
 * The answer as this caller asked for it: LiteLLM is always asked for the usage of a stream, and a
 * caller who did not ask for it doesn't get the chunk that tells it.
 */
export function forCaller({ api, identity }: Question, answer: Response): Response {
  const { modes } = api
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || answer.body === null || modes === undefined) return answer
  if (answer.status !== 200 || modes.wantsUsage(identity.body)) return answer
  return new Response(answer.body.pipeThrough(dropFrames(modes.isUsageFrame)), answer)
}
