import { createExecutionContext, env as bindings, waitOnExecutionContext } from 'cloudflare:test'
import { onTestFinished, vi } from 'vitest'
import worker from '../../src/index.ts'
import { FakeLiteLlm } from './fake-litellm.ts'
import type { Answer } from './fake-litellm.ts'
import { FakeQdrant } from './fake-qdrant.ts'
import { coalescers } from './coalescers.ts'
import { network } from './network.ts'
import type { Host } from './network.ts'

export interface GatewayOptions {
  /** Settings and bindings. */
  readonly env?: Record<string, unknown>
  readonly answer?: Answer
  /** Further hosts, or replacements for `qdrant` and `litellm`. */
  readonly hosts?: Record<string, Host | undefined>
  /** Whether requests use the real Durable Object, whose settings are in vitest.config.ts. */
  readonly realCoalescer?: boolean
  /** Whether requests without a key get this gateway's default key. */
  readonly withKey?: boolean
  readonly key?: string
}

/** Without near tiers, for tests that change what Qdrant holds. */
export const QDRANT_ONLY = { EDGE_TTL_SECONDS: '0' }
/** Without keys, for tests in which LiteLLM cannot check one. */
export const WITHOUT_KEYS = { ENVIRONMENT: 'development', AUTH_MODE: 'none' }

const KEYS = ['authorization', 'x-api-key', 'api-key', 'x-litellm-api-key']

/** A gateway on fakes, with its own settings. */
export function gateway({
  env = {},
  answer,
  hosts = {},
  realCoalescer = false,
  withKey = true,
  key = `sk-${crypto.randomUUID()}`,
}: GatewayOptions = {}) {
  const litellm = new FakeLiteLlm(answer)
  const qdrant = new FakeQdrant()
  const settings = {
    LITELLM_URL: 'http://litellm',
    QDRANT_URL: 'http://qdrant',
    // A collection per test, because the Cache API outlives a test.
    QDRANT_COLLECTION: realCoalescer ? 'llm_exact_cache' : `test_${crypto.randomUUID()}`,
    // Each request would be a batch of its own, so only tests that bring a ledger have one.
    LEDGER: env['LEDGER_OBJECTS'] === undefined ? 'off' : 'on',
    // The gateway's own key, for modes in which callers' keys are not sent upstream.
    ...(env['AUTH_MODE'] === undefined ? {} : { LITELLM_API_KEY: 'sk-upstream' }),
    // A test waits for what a request leaves behind; lines about requests are one test's business.
    TRACE_FLUSH_MS: '0',
    LEDGER_FLUSH_SECONDS: '0',
    LOG_LEVEL: 'warn',
    ...env,
  } as unknown as Env
  const coalescing = coalescers(settings)
  Object.assign(settings, { COALESCER: realCoalescer ? bindings.COALESCER : coalescing })
  const running: ExecutionContext[] = []
  const settled = async () => {
    await Promise.all(running.splice(0).map((context) => waitOnExecutionContext(context)))
    await coalescing.settled()
  }
  onTestFinished(async () => {
    const quiet = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await settled()
    quiet.mockRestore()
  })
  // Registered last, so it is closed first and nothing waits for a host that never answers.
  network({ litellm, qdrant, ...hosts }, { unbound: realCoalescer })

  /** The Worker's response, possibly before its body has arrived. */
  const answerTo = (request: Request): Promise<Response> => {
    if (withKey && !KEYS.some((name) => request.headers.has(name)))
      request.headers.set('authorization', `Bearer ${key}`)
    const context = createExecutionContext()
    running.push(context)
    const asked = request as Request<unknown, IncomingRequestCfProperties>
    return Promise.resolve(worker.fetch(asked, settings, context))
  }
  const send = async (request: Request): Promise<Response> => {
    const answer = await answerTo(request)
    // Reads the body as a client does, so that the work after the last byte runs.
    const streams = answer.headers.get('content-type')?.startsWith('text/event-stream')
    return streams ? answer : new Response(await answer.arrayBuffer(), answer)
  }

  return {
    litellm,
    qdrant,
    send,
    answerTo,
    settings,
    /** The key of requests without one. */
    key,
    coalescing,
    get: (path: string, headers: Record<string, string> = {}) =>
      send(new Request(`https://gateway${path}`, { headers })),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(
        new Request(`https://gateway${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    /** Resolves when all background work is done. */
    settled,
  }
}

/** A chat request, with anything in it replaced. */
export function chat(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'small', messages: [{ role: 'user', content: 'Why is the sky blue?' }], ...over }
}
