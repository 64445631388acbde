import type { Context } from 'hono'
import * as z from 'zod'
import { matchesModel } from '../auth/caller.ts'
import type { AppEnv } from '../env.ts'
import { forwardedHeaders, returnedHeaders } from '../upstream/headers.ts'
import type { Upstream } from '../upstream/litellm.ts'

/** `GET /v1/models`: LiteLLM's list, less what this caller may not use. */
export const models = (upstream: Upstream) => async (c: Context<AppEnv>) => {
  const answer = await upstream.ask({
    method: 'GET',
    path: '/v1/models',
    headers: forwardedHeaders(c.req.raw.headers),
    apiKey: c.var.caller.upstreamKey,
    requestId: c.var.requestId,
    signal: c.req.raw.signal,
  })
  const { status } = answer
  const headers = returnedHeaders(answer.headers)
  const { models, unlisted } = c.var.caller
  if (status !== 200 || unlisted === 'bypassed' || models.includes('*')) {
    return new Response(answer.body, { status, headers })
  }
  const list = modelList.parse(await answer.json())
  const data = list.data.filter(({ id }) => matchesModel(id, models))
  return Response.json({ ...list, data }, { headers })
}

/** As OpenAI lists models; what else it says is kept (https://platform.openai.com/docs/api-reference/models). */
const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
