import { embed, inputsIn } from './embedding-model.ts'
import { gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

export const EMBEDDINGS = '/v1/embeddings'

/** Different texts, by number. */
export const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `text ${from + at}`)

/** A request for embeddings, with anything in it replaced. */
export const embeddingBody = (input: unknown, over: Record<string, unknown> = {}) => ({
  model: 'embed',
  input,
  ...over,
})

export interface EmbeddingAnswer {
  readonly object: string
  readonly model: string
  readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[]
  readonly usage: unknown
}

/** A gateway in front of an embedding model, and what LiteLLM was asked. */
export function embedder(options: GatewayOptions = {}) {
  const made = gateway({ answer: embed, ...options })
  const { post, settled, litellm } = made
  return {
    ...made,
    /** Sends a request, and waits until its answer is stored. */
    async ask(input: unknown, over: Record<string, unknown> = {}, headers = {}) {
      const answer = await post(EMBEDDINGS, embeddingBody(input, over), headers)
      await settled()
      return { answer, value: await answer.clone().json<EmbeddingAnswer>() }
    },
    inputs: () => litellm.asked.map((asked) => inputsIn(asked.body['input'])),
  }
}

/** The vectors of an answer, in its order. */
export const vectorsIn = ({ data }: EmbeddingAnswer) => data.map(({ embedding }) => embedding)
