/** What a cell of the matrix is about; the keys are in the order of the columns. */
export const CAPABILITIES = {
  chat: 'answer',
  stream: 'stream',
  tools: 'tools',
  structured: 'structured output',
  embeddings: 'embeddings',
  models: 'models',
  errors: 'errors',
  hit: 'hits',
  headers: 'headers',
  abort: 'abort',
  retry: 'retry after 429',
} as const
export type Capability = keyof typeof CAPABILITIES

/** An answer: its text, and everything that the SDK makes of it, as JSON. */
export interface Answer {
  readonly text: string
  readonly whole?: unknown
}

/** A failed call, as the SDK raises it. */
export interface Refusal {
  /** The class of the SDK's error and those it extends. */
  readonly classes: readonly string[]
  readonly status: number | null
}

/** The structured output that every client asks for. */
export interface Weather {
  readonly city: string
  readonly celsius: number
}

/**
 * What one client does with one API. Each call sends the question `asked` in the way that the SDK's
 * own documentation shows, and returns what a program would work with.
 */
export interface Client {
  chat(asked: string): Promise<Answer>
  /** The text, and the number of pieces it came in. */
  stream(asked: string): Promise<Answer & { readonly pieces: number }>
  /** Offers the tool `weather`, runs it in each city that the model names, and sends the results. */
  tools(asked: string): Promise<Answer & { readonly cities: readonly string[] }>
  structured(asked: string): Promise<Weather>
  embeddings(asked: string): Promise<readonly (readonly number[])[]>
  models(): Promise<{ readonly ids: readonly string[]; readonly one: string }>
  /** A request with a key that nobody has. */
  wrongKey(asked: string): Promise<Refusal>
  /** A request that the provider answers with a 400. */
  badRequest(asked: string): Promise<Refusal>
  /** The response's headers, as the SDK gives them to a program. */
  headers(asked: string): Promise<Readonly<Record<string, string>>>
  /** Reads the first piece of a stream and leaves; returns what it read, and what the SDK raised. */
  abort(asked: string): Promise<{ readonly text: string; readonly raised: readonly string[] }>
  close?(): void
}

/** Where a client sends its requests. */
export interface Address {
  /** Without `/v1`. */
  readonly url: string
  readonly key: string
}

/** Sent by every client: the questions differ only in an id, so a semantic hit would match them. */
export const HEADERS = { 'x-cache-semantic': 'off' }

/**
 * Models of LiteLLM whose provider is scripted. For the Responses API it must be one that LiteLLM
 * knows: for any other it requests the whole answer and makes a stream of it.
 */
export const MODELS = {
  openai: 'openai/scripted',
  responses: 'openai/gpt-5-mini',
  anthropic: 'anthropic/claude-scripted',
} as const

/** The tool that every client offers, as JSON Schema (https://json-schema.org). */
export const WEATHER = {
  name: 'weather',
  description: 'Tells the weather in a city.',
  schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
}

/** The tool's result. */
export const weatherIn = (city: string): string => `It is sunny in ${city}.`

/** The names of an error's class and of those it extends. */
export function classesOf(error: unknown): string[] {
  const names: string[] = []
  for (
    let one = Object.getPrototypeOf(error) as object | null;
    one !== null && one !== Object.prototype;
    one = Object.getPrototypeOf(one) as object | null
  ) {
    names.push((one.constructor as { name: string }).name)
  }
  if (error instanceof Error) names.push(error.name)
  return names
}

/** What a call raised. Throws if it did not fail. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call
  } catch (error) {
    const { status, statusCode } = error as { status?: number; statusCode?: number }
    return { classes: classesOf(error), status: status ?? statusCode ?? null }
  }
  throw new Error('The call did not fail.')
}

/** Reads the first pieces of a stream until there is text, aborts, and reads on until it fails. */
export async function abandon(
  pieces: AsyncIterable<string>,
  abort: () => void,
): Promise<{ text: string; raised: string[] }> {
  let text = ''
  try {
    for await (const piece of pieces) {
      const isFirst = text === ''
      text += piece
      if (isFirst && text !== '') abort()
    }
    return { text, raised: [] }
  } catch (error) {
    return { text, raised: classesOf(error) }
  }
}

/** The text of a stream, and the number of its pieces. */
export async function collect(
  pieces: AsyncIterable<string>,
): Promise<{ text: string; pieces: number }> {
  const all = await Array.fromAsync(pieces)
  const withText = all.filter((piece) => piece !== '')
  return { text: withText.join(''), pieces: withText.length }
}
