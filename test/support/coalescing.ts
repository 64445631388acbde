import { chat, gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'
import { cacheStatus } from './cache-status.ts'
import { chunks, completionBody } from './fake-litellm.ts'
import { scripted } from './scripted-answer.ts'

export const CHAT = '/v1/chat/completions'
export const STREAM = chat({ stream: true })
/** The fake's stream for a caller who did not ask for usage. */
export const WITHOUT_USAGE = chunks().filter((chunk) => !chunk.includes('"usage"'))
/** A complete JSON answer. */
export const json = JSON.stringify(completionBody({ id: 'the-one' }))

/** A gateway whose upstream calls the test answers step by step. */
export function coalesced(options: GatewayOptions = {}) {
  const { answer, call } = scripted()
  const made = gateway({ answer, ...options })
  /** A request whose caller can leave. */
  const leaving = (body: unknown) => {
    const caller = new AbortController()
    const request = new Request(`https://gateway${CHAT}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: caller.signal,
    })
    return { answer: made.send(request), leave: () => caller.abort() }
  }
  return { ...made, call, leaving }
}

/** The edge's member of `Cache-Status`. */
export const edge = (answer: Response) => cacheStatus(answer).at(-1)!
export const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

/** Lets pending work proceed. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resume) => setTimeout(resume, 0))
}
