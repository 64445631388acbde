import { TEXT } from '../stack/scripted-provider.ts'

/** A server-sent event. OpenAI's chat and completion events have no name. */
export interface WireEvent {
  readonly name?: string
  readonly data: unknown
}

/** What the scripted model says: text, or calls of tools. */
export type Said = {
  /** The question's own part, which the answer's id repeats. */
  readonly id: string
} & (
  | { readonly text: string; readonly calls?: undefined }
  | { readonly calls: readonly { id: string; name: string; arguments: string }[] }
)

/** One API of a provider, in the form in which LiteLLM calls it. */
export interface Wire {
  json(said: Said): unknown
  events(said: Said): readonly WireEvent[]
  /** What ends a stream. */
  readonly end?: string
  /** An error with this message. */
  error(message: string): unknown
}

/** Two parallel calls whose arguments contain characters that are easily lost. */
const CALLS = [
  { id: 'call_a', name: 'weather', arguments: '{"city":"Zürich"}' },
  { id: 'call_b', name: 'weather', arguments: '{"city":"S\\u00e3o \\"Paulo\\"\\n"}' },
]

/** The structured output of the scripted model. */
export const REPORTED = { city: 'Zürich', celsius: 21 }
/** What it fills into any schema, by member. */
const FILLED: Readonly<Record<string, unknown>> = {
  ...REPORTED,
  content: 'Blue light scatters most.',
}

/** Members of a request, in any of the APIs, that the script reads. */
export interface Body {
  readonly stream?: boolean
  readonly tools?: readonly { name?: string; function?: { name: string } }[]
  readonly response_format?: { type?: string }
  readonly text?: { format?: { type?: string } }
  readonly output_format?: unknown
  readonly input?: unknown
  readonly encoding_format?: string
  readonly output_config?: { format?: unknown }
}

/** How a tool's result looks in chat completions, the Responses API and Anthropic's messages. */
const RESULTS = ['"role":"tool"', '"function_call_output"', '"tool_result"']

/** What the model says to this request, whatever its API. */
export function said(body: Body): Said {
  const [tool] = (body.tools ?? []).map((one) => one.function?.name ?? one.name ?? '')
  const asText = JSON.stringify(body)
  const id = idOf(asText)
  if (tool === 'weather') {
    return RESULTS.some((one) => asText.includes(one)) ? { id, text: TEXT } : { id, calls: CALLS }
  }
  const members = Object.keys(FILLED).filter((name) => asText.includes(`"${name}":{"`))
  const report = JSON.stringify(Object.fromEntries(members.map((name) => [name, FILLED[name]])))
  if (tool !== undefined) return { id, calls: [{ id: 'call_r', name: tool, arguments: report }] }
  return { id, text: isStructured(body) ? report : TEXT }
}

function isStructured({ response_format, text, output_format, output_config }: Body): boolean {
  const types = [response_format?.type, text?.format?.type]
  if (types.some((type) => type?.startsWith('json'))) return true
  return (output_format ?? output_config?.format ?? null) !== null
}

/** The part of a request that makes its question a new one. */
export const idOf = (request: string): string =>
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(request)?.[0] ?? 'scripted'

/** A text in pieces, as models send it. */
export const piecesOf = (text: string): string[] => text.match(/.{1,3}/gsu) ?? []
