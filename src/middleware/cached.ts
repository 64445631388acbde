import { createMiddleware } from 'hono/factory'
import type { Entry } from '../cache/entry.ts'
import { ageSeconds, refusal, ttlSeconds } from '../cache/policy.ts'
import { statusHeaders } from '../cache/status.ts'
import type { Question } from '../flight/question.ts'
import type { Store } from '../store/store.ts'
import { replay } from '../stream/replay.ts'
import { warn } from '../telemetry/log.ts'
import type { Steps } from './context.ts'

export interface CachedOptions {
  readonly store: Store
  /** What a lookup may take; after it the request goes on as a miss. */
  readonly timeoutMs: number
  readonly traceContent: boolean
  readonly now: () => number
}

/** Answers a question that was answered before; everything else goes on. Any failure is a miss. */
export const cached = (options: CachedOptions) =>
  createMiddleware<Steps>(async (c, next) => {
    const { question, trace } = c.var
    const { key, api, identity, stream } = question
    if ('bypass' in key) return next()

    const span = trace.child('cache lookup', 'client')
    const looked = await lookUp(key.id, options)
    const now = options.now()
    const entry = looked.entry !== undefined && answers(looked.entry, question, now)
    const answer = entry
      ? replay(entry, stream, api.modes?.wantsUsage(identity.body) ?? false, api)
      : undefined
    span.attributes['cache.hit'] = answer !== undefined
    trace.end(span, looked.failure)
    c.set('lookupFailure', looked.failure)
    if (!entry || answer === undefined) return next()

    if (options.traceContent && trace.sampled) {
      const { preview } = api
      trace.root.attributes['mlflow.spanInputs'] = JSON.stringify(preview.input(identity.body))
      trace.root.attributes['mlflow.spanOutputs'] = JSON.stringify(
        preview.output(entry.body, entry.mode),
      )
    }
    const semantic = entry.source === 'semantic' ? `; semantic ${entry.similarity ?? ''}` : ''
    trace.root.attributes['cache.outcome'] = 'exact-hit'
    return c.body(answer.body, 200, {
      'content-type': answer.contentType,
      age: String(ageSeconds(entry, now)),
      ...statusHeaders('exact-hit', key.id, [
        {
          cache: 'edge',
          hit: true,
          ttlSeconds: ttlSeconds(entry, now),
          key: key.id,
          detail: `qdrant${semantic.trimEnd()}`,
        },
      ]),
    })
  })

/** The entry, if it may answer this question now. */
function answers(entry: Entry, { key, identity, scope }: Question, now: number): Entry | undefined {
  if ('bypass' in key) return undefined
  const wanted = { ...identity, proof: key.proof, semantic: scope !== undefined }
  const refused = refusal(entry, wanted, now)
  if (refused === 'collision' || refused === 'tenant') warn('entry refused', refused)
  return refused === undefined ? entry : undefined
}

async function lookUp(
  id: string,
  { store, timeoutMs }: CachedOptions,
): Promise<{ entry?: Entry | undefined; failure?: string }> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return { entry: await store.get(id, signal) }
  } catch (error) {
    warn('lookup failed', error)
    return { failure: signal.aborted ? 'lookup timed out' : 'lookup failed' }
  }
}
