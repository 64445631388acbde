import type { Context } from 'hono'
import { tryDecodeURIComponent } from 'hono/utils/url'
import type { EntryCatalog } from '../store/entry-catalog.ts'
import { entrySummary } from '../admin/entry-summary.ts'
import { lookupQuery } from '../admin/lookup.ts'
import type { LookupAnswer } from '../admin/lookup.ts'
import type { Api } from '../apis/api.ts'
import { cachedApis } from '../apis/cached-apis.ts'
import { keyBodyOf, keyBodyOfOne } from '../apis/embeddings/key.ts'
import { textInputs } from '../apis/text-inputs.ts'
import { canonicalRequest } from '../cache/canonical.ts'
import type { Identity } from '../cache/canonical.ts'
import { controlHeaders } from '../cache/controls.ts'
import type { JsonObject } from '../cache/json.ts'
import { keyOf } from '../cache/key.ts'
import type { Key } from '../cache/key.ts'
import type { Policies } from '../cache/policy.ts'
import { endUserTenant, tenantParts } from '../cache/tenant.ts'
import type { AppEnv } from '../env.ts'
import { GatewayError } from '../errors.ts'
import { fromQdrant } from '../routes/admin.ts'
import { answer, queryOf } from '../routes/admin-input.ts'
import type { MemoryBudget } from '../stream/memory-budget.ts'
import { countedHeaders } from '../upstream/headers.ts'
import { readRequest } from './read-request.ts'
import type { ReadRequestOptions } from './read-request.ts'
import { RequestMemo } from './request-memo.ts'

export interface FindEntriesOptions extends ReadRequestOptions {
  readonly catalog: EntryCatalog
  readonly memory: MemoryBudget
  readonly policies: Policies
}

/** Azure's path: the model is in it, and replaces the body's. */
const AZURE = /^\/openai\/deployments\/(?<model>.+?)(?<path>\/(?:chat\/)?completions|\/embeddings)$/

/** Further paths of `app.ts`, besides those without `/v1`. */
const ALIASES: Readonly<Record<string, string>> = {
  '/openai/v1/responses': '/v1/responses',
  '/v2/rerank': '/v1/rerank',
}

/**
 * `POST /admin/lookup`: the entries that would answer the posted request, which is sent as its caller
 * would send it: the same body, the same headers but for the key.
 */
export const findEntries = (options: FindEntriesOptions) => async (c: Context<AppEnv>) => {
  const { path, tenant, user } = queryOf(c, lookupQuery)
  const { api, model, version } = routeOf(path)
  const { raw } = c.req
  const held = options.memory.holdingOf('', raw)
  try {
    const origin = {
      callerId: '',
      path: version === null ? api.path : `${api.path}?api-version=${encodeURIComponent(version)}`,
      model,
      controls: controlHeaders(raw.headers),
      counted: countedHeaders(raw.headers),
    }
    const memo = new RequestMemo()
    const { facts, body, passedOn } = await readRequest(raw, api, origin, held, {
      ...options,
      memo,
    })
    const { owner } = tenantParts(tenant)
    const policy = options.policies.for({ model: facts.model, path: api.path, tenant: owner })
    const bypass = passedOn ?? (policy.caches ? facts.bypass : `policy ${policy.name}`)
    if (bypass !== undefined || !('value' in body)) {
      return answer(c, { bypass: bypass ?? 'not a JSON object', inputs: [] })
    }
    const identity = {
      tenant: user === undefined ? tenant : endUserTenant(tenant, user),
      path: origin.path,
      namespace: facts.controls.namespace,
      headers: origin.counted,
    }
    const keys = await keysOf(body.value, api, identity)
    return answer(c, { bypass: null, inputs: await fromQdrant(() => found(keys, options)) })
  } finally {
    held.close()
  }
}

function routeOf(given: string) {
  const url = URL.parse(given, 'https://gateway')
  const azure = AZURE.exec(url?.pathname ?? '')?.groups
  const asked = azure?.['path'] ?? url?.pathname ?? ''
  const path = ALIASES[asked] ?? asked
  const api = cachedApis.find((one) => one.path === path || one.path === `/v1${path}`)
  if (api === undefined || url === null) {
    const known = cachedApis.map((one) => one.path).join(', ')
    throw new GatewayError('invalid_request', `path: must be a cached route: ${known}.`, 'path')
  }
  const version = url.searchParams.get('api-version')
  const model = azure?.['model']
  // As Hono decodes parameters.
  return { api, model: model && tryDecodeURIComponent(model), version }
}

/** The keys of a request: one, or one for each input of a batch of embeddings. */
async function keysOf(body: JsonObject, api: Api, identity: Identity): Promise<Key[]> {
  const { counted = [], keyBody } = api
  const isBatch = keyBody === keyBodyOf && api.expected(body).separable === true
  const inputs = isBatch ? (textInputs(body['input']) ?? []) : []
  const bodies =
    inputs.length > 1
      ? inputs.map((input) => keyBodyOfOne(body, input))
      : [keyBody === undefined ? body : keyBody(body)]
  const keys: Key[] = []
  for (const one of bodies) {
    keys.push(await keyOf(canonicalRequest({ ...identity, body: one, counted })))
  }
  return keys
}

async function found(
  keys: readonly Key[],
  { catalog, now }: FindEntriesOptions,
): Promise<LookupAnswer['inputs']> {
  const filter = { keys: keys.map(({ id }) => id) }
  const page = await catalog.page(filter, { limit: keys.length, withContent: false })
  const entries = new Map(page.entries.map((entry) => [entry.key, entry]))
  return keys.map(({ id, proof }) => {
    const entry = entries.get(id)
    if (entry === undefined) return { key: id, state: 'absent', entry: null }
    const summary = entrySummary(entry, false, now())
    const { readable, expires_at } = summary
    if (!readable) return { key: id, state: 'unreadable', entry: summary }
    if (entry.payload['proof'] !== proof) return { key: id, state: 'other request', entry: null }
    return { key: id, state: (expires_at ?? 0) > now() ? 'fresh' : 'expired', entry: summary }
  })
}
