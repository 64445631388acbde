import { GatewayError } from '../errors.ts'
import type { BodyStream } from './pending-body.ts'
import { decoded } from '../stream/content-coding.ts'
import { IdleTimer } from '../stream/timeout.ts'

/** LiteLLM's address, and how long it may take. */
export interface LiteLlmOptions {
  readonly url: string
  /** Until the status line. For a JSON answer, that includes the whole generation. */
  readonly firstByteTimeoutMs: number
  /** Between two chunks of a body. */
  readonly idleTimeoutMs: number
  readonly now: () => number
}

/** One request to LiteLLM. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Headers
  readonly body?: string | BodyStream
  readonly apiKey: string
  readonly requestId: string
  readonly traceparent?: string
  /** Fires when no caller waits for the answer any more. */
  readonly signal: AbortSignal
}

/** The only access to LiteLLM. Never retries: a second generation costs money. */
export interface Upstream {
  /**
   * LiteLLM's answer, whatever its status. Its body errors if it stalls. Throws a `GatewayError`
   * `upstream_unreachable` (502) or `upstream_timeout` (504) if there is none.
   */
  ask(request: UpstreamRequest): Promise<Response>
}

/** LiteLLM over `fetch`. */
export function litellm(options: LiteLlmOptions): Upstream {
  const { url } = options
  return {
    // Not async, which would keep the body alive until LiteLLM answers.
    ask({ method, path, headers, body, apiKey, requestId, traceparent, signal }) {
      headers.set('authorization', `Bearer ${apiKey}`)
      headers.set('x-litellm-call-id', requestId)
      if (traceparent !== undefined) headers.set('traceparent', traceparent)
      const watch = new AbortController()
      const sent = fetch(url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: bodyOf(body) }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, watch.signal]),
      })
      return answerTo(sent, watch, signal, options)
    },
  }
}

/** Waits for the answer to a request. Aborts `connection` if it takes too long. */
async function answerTo(
  sent: Promise<Response>,
  connection: AbortController,
  caller: AbortSignal,
  options: LiteLlmOptions,
): Promise<Response> {
  const timer = setTimeout(() => connection.abort(new Stalled()), options.firstByteTimeoutMs)
  const response = await sent
    .catch((error: unknown) => {
      if (connection.signal.aborted) throw stalled('did not begin to answer')
      if (caller.aborted) throw error
      throw unreachable('could not be reached')
    })
    .finally(() => clearTimeout(timer))
  if (isPlatformError(response)) {
    response.body?.cancel().catch(() => {})
    throw PLATFORM_TIMEOUTS.has(response.status)
      ? stalled('did not answer')
      : unreachable('could not be reached')
  }
  const text = response.body && readable(response.body, response.headers)
  const watched = text && endIfIdle(text, options, connection, caller)
  return new Response(watched, response)
}

/** Declares the body's length, so that it need not be chunked. */
function bodyOf(body: string | BodyStream): BodyInit {
  if (typeof body === 'string') return body
  return body.stream.pipeThrough(new FixedLengthStream(body.length))
}

class Stalled extends Error {
  override readonly name = 'Stalled'
}

const unreachable = (how: string) => new GatewayError('upstream_unreachable', `LiteLLM ${how}.`)
const stalled = (how: string) => new GatewayError('upstream_timeout', `LiteLLM ${how} in time.`)

/** Cloudflare's time-outs: of the connection, and of the answer. */
const PLATFORM_TIMEOUTS = new Set([522, 524])

/**
 * Codings that the platform decodes by itself
 * (https://developers.cloudflare.com/workers/runtime-apis/fetch/).
 */
const UNDONE_CODINGS = new Set(['', 'identity', 'gzip', 'br'])

/** Decodes a body. Throws `upstream_unsound` for an unsupported content coding. */
function readable(body: ReadableStream<Uint8Array>, headers: Headers): ReadableStream<Uint8Array> {
  const coding = (headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (UNDONE_CODINGS.has(coding)) return body
  if (coding === 'deflate') return decoded(body, coding)
  body.cancel().catch(() => {})
  throw new GatewayError('upstream_unsound', "LiteLLM's answer has an unsupported content coding.")
}

/** 520–530 without LiteLLM's headers means that Cloudflare could not reach the origin. */
function isPlatformError({ status, headers }: Response): boolean {
  if (status < 520 || status > 530) return false
  return ![...headers.keys()].some((name) => name.startsWith('x-litellm-'))
}

/**
 * Passes the bytes on, and aborts the connection if none arrives for `idleTimeoutMs`. Errors with a
 * `GatewayError`: `upstream_timeout` in that case, `upstream_unreachable` if LiteLLM breaks off.
 */
function endIfIdle(
  source: ReadableStream<Uint8Array>,
  { idleTimeoutMs, now }: LiteLlmOptions,
  connection: AbortController,
  caller: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const idle = new IdleTimer(idleTimeoutMs, () => connection.abort(new Stalled()), now)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      idle.start()
      try {
        const { done, value } = await reader.read()
        idle.pause()
        if (!done) return controller.enqueue(value)
        idle.stop()
        controller.close()
      } catch (error) {
        idle.stop()
        if (connection.signal.aborted) throw stalled('did not continue')
        throw caller.aborted ? error : unreachable('broke off')
      }
    },
    async cancel(reason) {
      idle.stop()
      await reader.cancel(reason)
    },
  })
}
