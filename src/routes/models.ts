import type { Context } from 'hono'
import type { Steps } from '../steps.ts'
import { forwardedHeaders, returnedHeaders } from '../upstream/headers.ts'
import type { Upstream } from '../upstream/litellm.ts'

/** `GET /v1/models`: LiteLLM's list, passed on. */
export const models =
  ({ upstream, apiKey }: { upstream: Upstream; apiKey: string }) =>
  async (c: Context<Steps>) => {
    const answer = await upstream.ask({
      method: 'GET',
      path: '/v1/models',
      headers: forwardedHeaders(c.req.raw.headers),
      apiKey,
      requestId: c.var.requestId,
      signal: c.req.raw.signal,
    })
    return new Response(answer.body, {
      status: answer.status,
      headers: returnedHeaders(answer.headers),
    })
  }
