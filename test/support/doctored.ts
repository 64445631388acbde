import { INDEXES } from '../../src/store/qdrant.ts'
import { dependenciesFor } from '../../src/dependencies.ts'
import type { Diagnosis, Result } from '../../src/doctor/check.ts'
import { credulous } from './credulous-litellm.ts'
import { embed } from './embedding-model.ts'
import { verdict } from './fake-litellm.ts'
import { gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'
import { ledger } from './ledger.ts'
import { spansIn } from './otlp-decoder.ts'

export const ADMIN_KEY = 'the-admin-key'
export const DOCTOR = '/admin/doctor'

/** Settings without a warning, all in use. */
export const SOUND = {
  ADMIN_KEY,
  LITELLM_URL: 'https://litellm',
  QDRANT_URL: 'https://qdrant',
  QDRANT_API_KEY: 'the-qdrant-key',
  SEMANTIC_JUDGE_API_KEY: 'sk-the-judge-key',
  MLFLOW_URL: 'https://mlflow',
  MLFLOW_EXPERIMENT_ID: '7',
  TRACE_CONTENT: 'false',
}

/** What a POST says of itself to run every check. The keys belong to different tenants. */
export const EVERYTHING = { model: 'small', key: 'sk-of-acme', other_key: 'sk-of-globex' }

/** The number of dimensions of the fake embedding model. */
const DIMENSIONS = 4

const limiter = { limit: async () => ({ success: true }) }

interface DoctoredOptions extends GatewayOptions {
  /** When the last sweep ended, epoch ms; null if there was none. */
  readonly sweptAt?: number | null
}

/** A gateway on fakes that are all healthy, with whatever the test breaks. */
export async function doctored({
  env,
  hosts,
  sweptAt = Date.now(),
  ...options
}: DoctoredOptions = {}) {
  const { namespace, add } = ledger(1)
  const mlflow = fakeMlflow()
  const answer = credulous({ headers: { 'x-litellm-response-cost': '0.00005' } })
  const made: ReturnType<typeof gateway> = gateway({
    answer: async (asked) => {
      if (asked.path === '/v1/embeddings') return embed(asked)
      await partner(made.coalescing)
      return answer(asked)
    },
    ...options,
    env: {
      ...SOUND,
      // What the requests leave behind is not what the doctor examines, and would be waited for.
      TRACE_SAMPLE_RATE: '0',
      LEDGER_OBJECTS: namespace,
      LEDGER_SHARDS: '1',
      RATE_LIMIT_STANDARD: limiter,
      RATE_LIMIT_HIGH: limiter,
      RATE_LIMIT_ADDRESS: limiter,
      ...env,
    },
    hosts: { mlflow, ...hosts },
  })
  const { litellm, qdrant, settings } = made
  // Its waits pass at once.
  Object.assign(dependenciesFor(settings), { wait: async () => {} })
  litellm.models = () =>
    Response.json({
      data: [
        { id: 'small' },
        { id: 'embedder', mode: 'embedding' },
        { id: 'semantic-judge', mode: 'evaluation' },
      ],
    })
  litellm.judge = ({ pair }) => verdict(pair.b.includes('Germany') ? 0.05 : 0.97)
  const { QDRANT_COLLECTION: collection } = settings as unknown as { QDRANT_COLLECTION: string }
  qdrant.collections.set(collection, {
    points: new Map(),
    indexes: new Map<string, unknown>(Object.entries(INDEXES)),
  })
  qdrant.collections.set('litellm_semantic_cache', {
    points: new Map(),
    indexes: new Map(),
    vectors: { size: DIMENSIONS, distance: 'Cosine' },
  })

  if (sweptAt !== null) {
    await add({ gauges: [{ name: 'sweep_ended_at', value: sweptAt, at: sweptAt }] })
  }

  const admin = { authorization: `Bearer ${ADMIN_KEY}` }
  const read = async (answering: Promise<Response>) => {
    const response = await answering
    const text = await response.text()
    await made.settled()
    return { response, text, ...(JSON.parse(text) as Diagnosis) }
  }
  return {
    ...made,
    collection,
    mlflow,
    diagnose: (body: object = EVERYTHING) => read(made.post(DOCTOR, body, admin)),
  }
}

/** The checks that are not ok, by name. */
export function complaints({ checks }: Diagnosis): Record<string, Omit<Result, 'what'>> {
  return Object.fromEntries(
    checks.filter(({ state }) => state !== 'ok').map(({ what, ...finding }) => [what, finding]),
  )
}

/** Waits until an identical request has joined, if one comes. */
async function partner(pool: { readonly asked: number }): Promise<void> {
  for (let turn = 0; turn < 50 && pool.asked % 2 === 1; turn += 1) {
    await new Promise((resume) => setTimeout(resume, 0))
  }
}

/** An MLflow that keeps the traces it is sent. */
function fakeMlflow() {
  const made = {
    /** The experiment of each trace. */
    traces: new Map<string, string>(),
    authorization: new Set<string | null>(),
    /** Its answer to spans, if it refuses them. */
    refusal: undefined as number | undefined,
    /** Its answer to readers, if it refuses them. */
    hides: undefined as number | undefined,
    loses: false,
    /** Where it stores spans, whatever it is told. */
    experiment: undefined as string | undefined,
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url)
      made.authorization.add(request.headers.get('authorization'))
      if (pathname === '/v1/traces') {
        const bytes = new Uint8Array(await request.arrayBuffer())
        if (made.refusal !== undefined) return new Response('no', { status: made.refusal })
        const experiment = made.experiment ?? request.headers.get('x-mlflow-experiment-id') ?? ''
        if (made.loses) return new Response()
        for (const { traceId } of spansIn(bytes)) made.traces.set(traceId, experiment)
        return new Response()
      }
      if (made.hides !== undefined) return new Response('no', { status: made.hides })
      const [, traceId = ''] = /^\/api\/3\.0\/mlflow\/traces\/tr-(\w+)$/.exec(pathname) ?? []
      const experiment_id = made.traces.get(traceId)
      if (experiment_id === undefined) return new Response('{}', { status: 404 })
      const trace_location = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id } }
      return Response.json({ trace: { trace_info: { trace_id: traceId, trace_location } } })
    },
  }
  return made
}
