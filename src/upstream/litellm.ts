import { GatewayError } from '../errors.ts'

export interface LiteLlmOptions {
  readonly url: string
  /** Until the status line: a JSON answer's comes after the whole generation. */
  readonly firstByteTimeoutMs: number
  /** Between two chunks of a body. */
  readonly idleTimeoutMs: number
}

/** One request to LiteLLM. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Headers
  readonly body?: string
  readonly apiKey: string
  readonly requestId: string
  readonly traceparent?: string
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** The only way to LiteLLM. Never asks twice: a second generation costs money. */
export interface Upstream {
  /**
   * LiteLLM's answer, whatever its status; its body errors when it stalls. Throws a `GatewayError`
   * `upstream_unreachable` (502) or `upstream_timeout` (504) when there is none.
   */
  ask(request: UpstreamRequest): Promise<Response>
}

/** LiteLLM over `fetch`. */
export function litellm({ url, firstByteTimeoutMs, idleTimeoutMs }: LiteLlmOptions): Upstream {
  return {
    async ask({ method, path, headers, body, apiKey, requestId, traceparent, signal }) {
      headers.set('authorization', `Bearer ${apiKey}`)
      headers.set('x-litellm-call-id', requestId)
      if (traceparent !== undefined) headers.set('traceparent', traceparent)
      const watch = new AbortController()
      const timer = setTimeout(() => watch.abort(new Stalled()), firstByteTimeoutMs)
      const response = await fetch(url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, watch.signal]),
      })
        .catch((error: unknown) => {
          if (watch.signal.aborted) throw stalled('did not begin to answer')
          if (signal.aborted) throw error
          throw unreachable('could not be reached')
        })
        .finally(() => clearTimeout(timer))
      if (isPlatformError(response)) {
        response.body?.cancel().catch(() => {})
        throw unreachable('could not be reached')
      }
      const watched = response.body && endIfIdle(response.body, idleTimeoutMs, watch, signal)
      return new Response(watched, response)
    },
  }
}

class Stalled extends Error {
  override readonly name = 'Stalled'
}

const unreachable = (how: string) => new GatewayError('upstream_unreachable', `LiteLLM ${how}.`)
const stalled = (how: string) => new GatewayError('upstream_timeout', `LiteLLM ${how} in time.`)

/** 520–530 without any of LiteLLM's headers is Cloudflare's word for an origin that is down. */
function isPlatformError({ status, headers }: Response): boolean {
  if (status < 520 || status > 530) return false
  return ![...headers.keys()].some((name) => name.startsWith('x-litellm-'))
}

/**
 * The same bytes; when none comes for `idleTimeoutMs` the connection ends. Errors with a
 * `GatewayError`: `upstream_timeout` then, `upstream_unreachable` when LiteLLM breaks off.
 */
function endIfIdle(
  source: ReadableStream<Uint8Array>,
  idleTimeoutMs: number,
  connection: AbortController,
  caller: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const timer = setTimeout(() => connection.abort(new Stalled()), idleTimeoutMs)
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        if (connection.signal.aborted) throw stalled('did not go on')
        throw caller.aborted ? error : unreachable('broke off')
      } finally {
        clearTimeout(timer)
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
