import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ParsedRequest } from '../apis/request.ts'
import type { AppEnv, RequestBody } from '../env.ts'
import type { RecentRequestsClient } from '../explain/client.ts'
import { digestsOf } from '../explain/digests.ts'
import { lookupReason, nearestReason } from '../explain/explanation.ts'
import { fingerprintOf } from '../explain/fingerprint.ts'
import { shortText } from '../explain/recent-request.ts'
import type { ComparedRequest } from '../explain/recent-request.ts'
import { warn } from '../telemetry/log.ts'

export interface RecentRequestsOptions {
  /** Undefined if requests are not recorded. */
  readonly recent: RecentRequestsClient | undefined
  readonly now: () => number
}

/** A larger request is neither recorded nor compared: its digests would take too long. */
const LARGEST_COMPARED_BYTES = 262_144

/**
 * Records each request that is forwarded, after its answer, so that later misses can be explained.
 * Explains this one if its caller wants to know.
 */
export const recentRequests = (options: RecentRequestsOptions) =>
  // Not async, which would keep the body alive until LiteLLM answers.
  createMiddleware<AppEnv>((c, next) => {
    const { body } = c.var
    const answering = next() // begins the call, and releases the body
    const compared = compare(c, body, options)
    explainMiss(c, compared, options)
    return compared === undefined ? answering : recorded(c, answering, compared, options)
  })

/** Explains a miss that is not forwarded, if its caller wants to know. */
export function explainUnforwarded(c: Context<AppEnv>, options: RecentRequestsOptions): void {
  if (c.var.explain) explainMiss(c, compare(c, c.var.body, options), options)
}

/** What the request is compared by. Undefined if it is not compared; never rejects. */
function compare(
  { var: { request, forward } }: Context<AppEnv>,
  body: RequestBody | undefined,
  { recent }: RecentRequestsOptions,
): Promise<ComparedRequest | undefined> | undefined {
  const isComparable =
    body !== undefined &&
    'value' in body &&
    forward.outcome !== 'bypass' &&
    request.bodyBytes <= LARGEST_COMPARED_BYTES
  if (!isComparable || !recent?.admits(request.identity.tenant, request.bodyBytes)) return undefined
  return comparedBy(request, body).catch((error: unknown) => {
    warn('request not compared', error)
    return undefined
  })
}

async function comparedBy(
  { api, identity, model, key }: ParsedRequest,
  body: Extract<RequestBody, { readonly value: unknown }>,
): Promise<ComparedRequest> {
  // After the upstream call has left: until then, every millisecond is the caller's.
  await new Promise((resume) => setTimeout(resume, 0))
  const { counted = [], keyBody } = api
  const keyed = keyBody === undefined ? body.value : keyBody(body.value)
  const digest = await digestsOf(identity.tenant)
  return {
    key: key?.id ?? '',
    api: api.path,
    model: shortText(model),
    fingerprint: await fingerprintOf({ ...identity, body: keyed, counted }, digest),
  }
}

function explainMiss(
  c: Context<AppEnv>,
  compared: Promise<ComparedRequest | undefined> | undefined,
  options: RecentRequestsOptions,
): void {
  if (c.var.explain) c.set('explanation', explanation(c, compared, options))
}

/** Never rejects. */
async function explanation(
  { var: { request, forward } }: Context<AppEnv>,
  compared: Promise<ComparedRequest | undefined> | undefined,
  { recent, now }: RecentRequestsOptions,
): Promise<string> {
  const known = lookupReason(forward, request.controls, now())
  if (known !== undefined) return known
  if (recent === undefined) return 'recent requests are not recorded by this gateway'
  if (request.bodyBytes > LARGEST_COMPARED_BYTES) return 'too large to be compared'
  const by = await compared
  if (by === undefined) return 'too many requests to compare now'
  try {
    return nearestReason(await recent.nearest(request.identity.tenant, by), now())
  } catch {
    return 'the recent requests could not be read'
  }
}

/** Records the request once it is known what became of its answer. */
async function recorded(
  c: Context<AppEnv>,
  answering: Promise<void>,
  compared: Promise<ComparedRequest | undefined>,
  { recent }: RecentRequestsOptions,
): Promise<void> {
  await answering
  const { observed, requestId, request } = c.var
  const record = async () => {
    await observed.settled
    const { kept, pairId } = observed
    // That a request is not eligible says nothing about its answer.
    const note = 'text' in request.eligibility ? observed.semantic : undefined
    const by = await compared
    // Without an answer of its own, the request it shared the call with is recorded.
    if (kept === undefined || by === undefined) return
    await recent?.record(request.identity.tenant, {
      ...by,
      requestId: shortText(requestId),
      kept: 'why' in kept ? { why: shortText(kept.why) } : kept,
      ...(note === undefined ? {} : { note: shortText(note) }),
      ...(pairId === undefined ? {} : { pairId }),
    })
  }
  c.executionCtx.waitUntil(record())
}
