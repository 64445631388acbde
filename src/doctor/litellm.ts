import * as z from 'zod'
import type { QdrantProbe } from '../store/qdrant-probe.ts'
import type { Upstream } from '../upstream/litellm.ts'
import {
  blockedBy,
  failed,
  NotExamined,
  ok,
  once,
  semanticOff,
  skipped,
  UNPAID,
  warning,
} from './check.ts'
import type { Check, Finding } from './check.ts'
import { versionFinding } from './litellm-version.ts'
import { onlyModel, readModels } from './models.ts'
import type { ListedModel } from './models.ts'

export interface LiteLlmOptions {
  readonly upstream: Upstream
  /** The key that LiteLLM is asked with; undefined if the gateway has none of its own. */
  readonly key: string | undefined
  readonly probe: QdrantProbe
  /** LiteLLM's collection; undefined if the semantic layer is off. */
  readonly semanticCollection: string | undefined
  /** The model that LiteLLM's cache embeds with, if the operator names it. */
  readonly embeddingModel: string | undefined
  /** Whether a check may cost money. */
  readonly mayPay: boolean
}

const REACH = 'litellm: reach'
const KEY = 'litellm: key'

const WITHOUT_KEY = new NotExamined(
  'The gateway has no LiteLLM key of its own.',
  'Name a file with one: edge doctor --key-file.',
)
/** What LiteLLM answers to a key that may not, or has no budget or rate left. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 429])

const detailsShape = z.object({ litellm_version: z.string(), cache: z.unknown() })
const embeddingShape = z.object({
  data: z.tuple([z.object({ embedding: z.array(z.number()).nonempty() })]),
})

/** Examines LiteLLM and its semantic cache. */
export function litellmChecks(options: LiteLlmOptions): readonly Check[] {
  const { upstream, key, probe, semanticCollection, embeddingModel, mayPay } = options

  const ask = async (path: string, signal: AbortSignal, body?: object) => {
    const response = await upstream.ask({
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers: new Headers(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      apiKey: key ?? '',
      requestId: crypto.randomUUID(),
      signal,
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  const alive = once((signal) => ask('/health/liveliness', signal))
  const listed = once((signal) => ask('/v1/models?return_wildcard_routes=true', signal))
  /** LiteLLM's diagnostics, for keys that may read them. Older versions show them to everyone. */
  const diagnostics = once(async (signal) => {
    for (const path of ['/health/readiness/details', '/health/readiness']) {
      const { status, text } = await ask(path, signal)
      const read = status === 200 ? detailsShape.safeParse(parsed(text)).data : undefined
      if (read !== undefined) return read
    }
    return undefined
  })
  const embedded = once(async (signal) => {
    const model = embeddingModel ?? onlyModel(await models(signal), ['embedding'])
    if (model === undefined) {
      throw new NotExamined(
        "It is not known which embedding model LiteLLM's cache uses.",
        'Name it: edge doctor --embedding-model.',
      )
    }
    const cache = { 'no-cache': true, 'no-store': true }
    const body = { model, input: 'doctor', encoding_format: 'float', cache }
    return { model, ...(await ask('/v1/embeddings', signal, body)) }
  })

  async function reached(signal: AbortSignal): Promise<void> {
    const isAlive = await alive(signal).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (!isAlive) throw blockedBy(REACH)
  }
  async function withKey(signal: AbortSignal): Promise<void> {
    if (key === undefined) throw WITHOUT_KEY
    await reached(signal)
  }
  /** The models that the key may use, if LiteLLM accepts it. */
  async function models(signal: AbortSignal): Promise<readonly ListedModel[]> {
    await withKey(signal)
    const { status, text } = await listed(signal)
    if (status !== 200) throw blockedBy(KEY)
    return readModels(text)
  }

  return [
    {
      what: REACH,
      cure: 'Check LITELLM_URL, that LiteLLM runs, and what is between it and the gateway.',
      async examine(signal) {
        const { status } = await alive(signal)
        return status === 200
          ? ok('LiteLLM answers.')
          : failed(`/health/liveliness answered ${status}.`, 'Check LITELLM_URL.')
      },
    },
    {
      what: KEY,
      cure: 'Check what is between gateway and LiteLLM.',
      async examine(signal) {
        await withKey(signal)
        const { status, text } = await listed(signal)
        if (status === 200) return ok(`It may use ${readModels(text).length} models.`)
        return failed(
          `LiteLLM answered ${status} to /v1/models.`,
          status < 500
            ? 'Replace the key: it is wrong, expired, blocked, or not allowed to list models.'
            : "See LiteLLM's log: it could not check the key, often for want of its database.",
        )
      },
    },
    {
      what: 'litellm: version',
      cure: "See LiteLLM's log.",
      async examine(signal) {
        await models(signal)
        const said = (await diagnostics(signal))?.litellm_version
        // Answers of models carry it too, for keys that may not read the diagnostics.
        const version = said ?? (mayPay ? await versionOf(embedded(signal)) : undefined)
        return version === undefined ? notShown : versionFinding(version)
      },
    },
    {
      what: 'litellm: cache',
      cure: "See LiteLLM's log.",
      async examine(signal) {
        if (semanticCollection === undefined) return semanticOff
        await models(signal)
        const read = await diagnostics(signal)
        return read === undefined ? notShown : cacheFinding(read.cache)
      },
    },
    {
      what: 'litellm: embedding dimension',
      cure: 'Check that the embedding model answers: LiteLLM treats its failures as misses.',
      async examine(signal) {
        if (semanticCollection === undefined) return semanticOff
        if (!mayPay) throw UNPAID
        await models(signal)
        const { model, status, text } = await embedded(signal)
        if (REFUSALS.has(status)) {
          return skipped(
            `The key may not use the embedding model ${model} now: LiteLLM answered ${status}. Its cache needs no key for it.`,
            'Name a key that may use it, and has budget: edge doctor --key-file.',
          )
        }
        if (status !== 200) {
          return failed(
            `LiteLLM answered ${status} for the embedding model ${model}.`,
            "Check its entry in LiteLLM's model_list and its server. Until then nothing hits.",
          )
        }
        const [{ embedding }] = embeddingShape.parse(JSON.parse(text)).data
        const collection = await probe.collection(semanticCollection, signal).catch(() => undefined)
        return dimensionFinding(embedding.length, collection?.vectorSize, semanticCollection)
      },
    },
  ]
}

/** For keys that may not read LiteLLM's diagnostics. */
const notShown = skipped(
  'LiteLLM shows this to some keys only.',
  "Name a key that may read /health/readiness/details, or look in LiteLLM's configuration.",
)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const versionOf = (answer: Promise<{ readonly headers: Headers }>) =>
  answer.then(
    ({ headers }) => headers.get('x-litellm-version') ?? undefined,
    () => undefined,
  )

/** `cache` is a name, or for Redis an object with one. */
function cacheFinding(cache: unknown): Finding {
  const type = typeof cache === 'object' ? (cache as { type?: unknown } | null)?.type : cache
  if (type === 'qdrant-semantic') return ok('It is on, with qdrant-semantic.')
  const cure = 'Set cache: true and cache_params as in litellm-config.yaml, then restart LiteLLM.'
  if (typeof type !== 'string') return failed('It is off, so there are no semantic hits.', cure)
  return type.endsWith('-semantic')
    ? warning(`It is of the type ${type}, which this gateway was never tested with.`, cure)
    : failed(`It is of the type ${type}, which finds no reworded question.`, cure)
}

function dimensionFinding(length: number, size: number | undefined, collection: string): Finding {
  if (size === undefined) {
    return skipped(
      `The vectors of ${collection} are unknown. The model's have ${length} numbers.`,
      'Compare with qdrant_semantic_cache_vector_size, and with the collection in its Qdrant.',
    )
  }
  return length === size
    ? ok(`Both have ${size} numbers.`)
    : failed(
        `The model's vectors have ${length} numbers, those of ${collection} have ${size}: every lookup fails silently.`,
        `Set qdrant_semantic_cache_vector_size to ${length}, delete the collection and restart LiteLLM.`,
      )
}
