import type { Context } from 'hono'
import * as z from 'zod'
import { matchesModel } from '../auth/caller.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { forwardedHeaders, returnedHeaders } from '../upstream/headers.ts'
import type { Upstream } from '../upstream/litellm.ts'

/**
 * OpenAI's list of models; unknown members are kept
 * (https://platform.openai.com/docs/api-reference/models).
 */
const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) })

/** `GET /v1/models`: LiteLLM's list, without models that this caller may not use. */
export const models = (upstream: Upstream) => async (c: Context<AppEnv>) => {
  const answer = await askForList(upstream, c)
  const { status } = answer
  const headers = returnedHeaders(answer.headers)
  const { models, unlisted } = c.var.caller
  if (status !== 200 || unlisted === 'bypassed' || models.includes('*')) {
    return new Response(answer.body, { status, headers })
  }
  const list = await listIn(answer)
  const data = list.data.filter(({ id }) => matchesModel(id, models))
  return Response.json({ ...list, data }, { headers })
}

/**
 * `GET /v1/models/{id}`: one model of that list. Its name may contain slashes. Throws
 * `model_not_found` (404) if this caller has no such model.
 */
export const model = (upstream: Upstream) => async (c: Context<AppEnv>) => {
  const answer = await askForList(upstream, c)
  const headers = returnedHeaders(answer.headers)
  if (answer.status !== 200) return new Response(answer.body, { status: answer.status, headers })
  const id = c.req.param('model') ?? ''
  const { models, unlisted } = c.var.caller
  const { data } = await listIn(answer)
  const found = data.find((one) => one.id === id)
  if (found === undefined || (unlisted === 'refused' && !matchesModel(id, models))) {
    throw new GatewayError('model_not_found', `There is no model "${id}" for this key.`, 'model')
  }
  return Response.json(found, { headers })
}

/** Parses the list. Throws `upstream_unsound` (502) if it is not one. */
async function listIn(answer: Response): Promise<z.output<typeof modelList>> {
  const parsed = modelList.safeParse(await answer.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new GatewayError('upstream_unsound', "LiteLLM's answer is not a list of models.")
}

function askForList(upstream: Upstream, c: Context<AppEnv>): Promise<Response> {
  return upstream.ask({
    method: 'GET',
    path: '/v1/models',
    headers: forwardedHeaders(c.req.raw.headers),
    apiKey: c.var.caller.upstreamKey,
    requestId: c.var.requestId,
    signal: c.req.raw.signal,
  })
}
