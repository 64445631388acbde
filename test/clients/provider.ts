import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { idOf, said } from './wire.ts'
import type { Body, Wire, WireEvent } from './wire.ts'
import { messages } from './wire-messages.ts'
import { chat, completions, embeddings } from './wire-openai.ts'
import { responses } from './wire-responses.ts'

/** The APIs that LiteLLM calls, by path. */
const WIRES: Readonly<Record<string, Wire>> = {
  '/v1/chat/completions': chat,
  '/v1/responses': responses,
  '/v1/completions': completions,
  '/v1/messages': messages,
}

/** What a question can ask of the provider. Anything else gets an answer. */
export const SCRIPTS = {
  /** A 400. */
  refuse: 'Refuse this.',
  /** A 429 with `retry-after`, until `allow` is called for this question. */
  limit: 'Be limited.',
  /** A stream that never ends by itself, until `allow` is called for this question. */
  forever: 'Talk on and on.',
} as const

/** In seconds. */
export const RETRY_AFTER_SECONDS = 1
/** The piece that an endless stream repeats. */
const MORE = 'on '

/** A provider of all the models, behind LiteLLM. */
export interface Provider {
  /** How often LiteLLM has sent requests that contain this text. */
  asked(text: string): number
  /** Whether a request with this text contained that one, too. */
  wasTold(text: string, told: string): boolean
  /** From now on, questions with this text are answered. */
  allow(text: string): void
  /** Resolves when the stream with this text has lost its reader. */
  left(text: string): Promise<void>
  close(): void
}

/** Starts the provider. */
export async function startProvider(port: number): Promise<Provider> {
  const requests: string[] = []
  const allowed: string[] = []
  const left = new EventEmitter()
  const leavers: string[] = []
  const server = createServer((request, response) => {
    // LiteLLM may ask for the provider's models.
    if (request.method !== 'POST') return void response.writeHead(404).end()
    void json(request).then((received) => {
      // Parsed and written again, because LiteLLM escapes what is not ASCII.
      const body = JSON.stringify(received)
      requests.push(body)
      const isAllowed = allowed.some((one) => body.includes(one))
      response.on('close', () => {
        if (response.writableFinished) return
        leavers.push(body)
        left.emit('left')
      })
      answer(request.url?.split('?')[0] ?? '', body, isAllowed, response)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    asked: (part) => requests.filter((one) => one.includes(part)).length,
    wasTold: (part, told) => requests.some((one) => one.includes(part) && one.includes(told)),
    allow: (part) => void allowed.push(part),
    async left(part) {
      while (!leavers.some((one) => one.includes(part))) await once(left, 'left')
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Follows the script of a request. */
function answer(path: string, text: string, isAllowed: boolean, response: ServerResponse): void {
  const body = JSON.parse(text) as Body
  if (path === '/v1/embeddings') return send(response, 200, embeddings(body))
  const wire = WIRES[path]
  if (wire === undefined) return send(response, 404, { error: { message: `no ${path}` } })
  if (text.includes(SCRIPTS.refuse)) return send(response, 400, wire.error('too hot'))
  if (text.includes(SCRIPTS.limit) && !isAllowed) {
    const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
    return send(response, 429, wire.error('slow down'), headers)
  }
  if (body.stream !== true) return send(response, 200, wire.json(said(body)))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (text.includes(SCRIPTS.forever) && !isAllowed) {
    return talk(response, wire.events({ id: idOf(text), text: MORE }))
  }
  for (const event of wire.events(said(body))) response.write(frameOf(event))
  response.end(wire.end === undefined ? '' : `data: ${wire.end}\n\n`)
}

function send(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(json))
}

const PIECE_EVERY_MS = 50

/** Repeats the event that carries the text until the reader leaves. */
function talk(response: ServerResponse, events: readonly WireEvent[]): void {
  const at = events.findIndex((event) => frameOf(event).includes(MORE))
  for (const event of events.slice(0, at)) response.write(frameOf(event))
  const talking = setInterval(() => response.write(frameOf(events[at]!)), PIECE_EVERY_MS)
  response.on('close', () => clearInterval(talking))
}

const frameOf = ({ name, data }: WireEvent): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
