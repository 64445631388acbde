import type { Asked } from './fake-litellm.ts'

type Input = string | readonly number[]

/** The number of dimensions unless a request says otherwise. */
const DIMENSIONS = 4

/** The vector of an input: different for different inputs, and exact in 32 bits. */
export function vectorOf(input: Input, dimensions: number = DIMENSIONS): number[] {
  const text = typeof input === 'string' ? `s${input}` : `t${input.join()}`
  let state = 2_166_136_261
  for (const character of text) {
    state = Math.imul(state ^ character.codePointAt(0)!, 16_777_619) >>> 0
  }
  return Array.from({ length: dimensions }, (_, at) =>
    Math.fround(Math.sin(state + at) * (at === 0 ? 1e-3 : 1)),
  )
}

/** The number of tokens that an input counts. */
export const tokensOf = (input: Input) => input.length

/** Vectors in base64, as OpenAI's servers encode them. */
export function base64Of(vector: readonly number[]): string {
  const bytes = new Uint8Array(Float32Array.from(vector).buffer)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** The inputs of a request, one for each vector. */
export function inputsIn(input: unknown): Input[] {
  if (!Array.isArray(input) || typeof input[0] === 'number') return [input as Input]
  return input as Input[]
}

/** Answers like an embedding model, in the requested encoding. */
export function embed({ body }: Pick<Asked, 'body'>): Response {
  const { input, model, dimensions = DIMENSIONS, encoding_format } = body
  const inputs = inputsIn(input)
  const data = inputs.map((one, index) => {
    const vector = vectorOf(one, dimensions as number)
    const embedding = encoding_format === 'base64' ? base64Of(vector) : vector
    return { object: 'embedding', index, embedding }
  })
  const tokens = inputs.reduce((sum, one) => sum + tokensOf(one), 0)
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  return Response.json({ object: 'list', data, model, usage })
}
