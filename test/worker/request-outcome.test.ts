import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Answer } from '../support/fake-litellm.ts'
import { ledger } from '../support/ledger.ts'
import { chat } from '../support/gateway.ts'
import { traced } from '../support/traced-gateway.ts'

const CHAT = '/v1/chat/completions'
const DAY_MS = 86_400_000

afterEach(() => void vi.restoreAllMocks())

/** The outcome of a request in its log line, its trace and the ledger. */
function observed({ answer }: { readonly answer?: Answer } = {}) {
  const lines: Record<string, unknown>[] = []
  for (const method of ['warn', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>)
    })
  }
  const { namespace, reader } = ledger()
  const env = { LOG_LEVEL: 'debug', LEDGER_OBJECTS: namespace }
  const made = traced({}, { ...(answer && { answer }), env })
  const outcomes = async () => {
    await made.settled()
    const now = Date.now()
    const range = { from: now - DAY_MS, to: now + DAY_MS, stepMs: DAY_MS, tenant: undefined }
    return {
      log: lines.find(({ event }) => event === 'request')?.['outcome'],
      trace: made.roots()[0]?.attributes['cache.outcome'],
      ledger: (await reader.report(range)).outcomes[0]?.outcome,
    }
  }
  return { ...made, outcomes }
}

describe('log line, trace and ledger', () => {
  it('agree on a miss', async () => {
    const { post, outcomes } = observed()
    await post(CHAT, chat())
    expect(await outcomes()).toEqual({ log: 'miss', trace: 'miss', ledger: 'miss' })
  })

  it('agree on a request that was refused', async () => {
    const { post, outcomes } = observed()
    await post(CHAT, '{')
    const rejected = 'rejected'
    expect(await outcomes()).toEqual({ log: rejected, trace: rejected, ledger: rejected })
  })

  it('agree on a miss whose caller left before there was an answer', async () => {
    const caller = new AbortController()
    const answer = () => {
      caller.abort()
      return new Promise<Response>(() => {})
    }
    const { send, outcomes } = observed({ answer })
    const body = JSON.stringify(chat())
    const { signal } = caller
    const request = new Request(`https://gateway${CHAT}`, { method: 'POST', body, signal })
    await send(request).catch(() => {})
    expect(await outcomes()).toEqual({ log: 'miss', trace: 'miss', ledger: 'miss' })
  })
})
