import { chunks, completion, eventStream } from './fake-litellm.ts'
import type { Answer, Asked } from './fake-litellm.ts'

/** How semantic hits look. */
export interface CredulousOptions {
  readonly similarity?: string
  /** Further headers of all answers. */
  readonly headers?: Readonly<Record<string, string>>
  /** The chunks of a streamed answer. */
  readonly stream?: (id: string) => readonly string[]
}

/** A LiteLLM that finds all questions alike and serves the first answer of a namespace. */
export function credulous({
  similarity = '0.9378',
  headers: more,
  stream,
}: CredulousOptions = {}): Answer {
  const kept = new Map<string, string>()
  let count = 0
  return ({ body }: Asked) => {
    const cache = body['cache'] as Record<string, unknown>
    const bucket = JSON.stringify([cache['namespace'], body['stream'] === true])
    const found = cache['no-cache'] === true ? undefined : kept.get(bucket)
    const id = found ?? `chatcmpl-${(count += 1)}`
    if (cache['no-store'] !== true && !kept.has(bucket)) kept.set(bucket, id)
    const headers: Record<string, string> =
      found === undefined
        ? { ...more }
        : {
            ...more,
            'x-litellm-cache-key': `${String(cache['namespace'])}:0`,
            'x-litellm-semantic-similarity': similarity,
          }
    if (body['stream'] === true) return eventStream(stream?.(id) ?? chunks({ id }), headers)
    const message = { role: 'assistant', content: `the answer ${id}` }
    const choices = [{ index: 0, finish_reason: 'stop', message }]
    return completion({ id, choices }, headers)
  }
}
