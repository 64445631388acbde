import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { complaints, doctored, EVERYTHING } from '../support/doctored.ts'
import { settle } from '../support/coalescing.ts'
import { embed } from '../support/embedding-model.ts'
import { completion, keyInfo, litellmError, verdict } from '../support/fake-litellm.ts'
import type { Asked } from '../support/fake-litellm.ts'
import { chat } from '../support/gateway.ts'
import type { GatewayOptions } from '../support/gateway.ts'

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

type Doctored = Awaited<ReturnType<typeof doctored>>
type State = 'warning' | 'failed' | 'skipped'

interface Fault extends GatewayOptions {
  readonly is: string
  readonly how?: (made: Doctored) => unknown
  readonly body?: object
  /** The lines that are not ok. */
  readonly lines: Readonly<Record<string, State>>
  /** A part of the cure of the first line. */
  readonly cure: RegExp
}

/** Skips the checks that need this one. */
const skips = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, 'skipped' as const]))

const QDRANT_LINES = [
  'qdrant: version',
  'qdrant: collection',
  'qdrant: indexes',
  'qdrant: write, read, delete',
  'qdrant: clock',
  'qdrant: search for LiteLLM',
]
const REWORDED = 'semantic layer: reworded question'
const ISOLATION = 'isolation: other tenant'

/** Answers requests to this path with this, and passes the others on. */
const instead =
  (path: RegExp, response: () => Response) =>
  ({ qdrant, collection }: Doctored) => {
    const { fetch } = qdrant
    qdrant.fetch = (request) => {
      const { pathname } = new URL(request.url)
      const own = `${request.method} ${pathname.replace(collection, 'exact')}`
      return path.test(own) ? response() : fetch(request)
    }
  }
const status = (code: number) => () => new Response('no', { status: code })
const error = (code: number, message: string) => () =>
  Response.json({ status: { error: message } }, { status: code })
const diagnostics =
  (over: object) =>
  ({ litellm }: Doctored) => {
    litellm.diagnostics = () =>
      Response.json({ litellm_version: '1.105.3', cache: 'qdrant-semantic', ...over })
  }
const indexed =
  (field: string, schema: unknown) =>
  ({ qdrant, collection }: Doctored) => {
    const { indexes } = qdrant.collections.get(collection)!
    if (schema === undefined) indexes.delete(field)
    else indexes.set(field, schema)
  }

/** A model behind a LiteLLM that caches nothing. */
async function withoutCache(asked: Asked, finish_reason = 'stop'): Promise<Response> {
  if (asked.path === '/v1/embeddings') return embed(asked)
  await settle() // until an identical request has joined
  const message = { role: 'assistant', content: 'Air scatters.' }
  return completion({ choices: [{ index: 0, finish_reason, message }] })
}

const faults: readonly Fault[] = [
  {
    is: 'Qdrant is down',
    hosts: { qdrant: undefined },
    lines: {
      'qdrant: reach': 'failed',
      ...skips(...QDRANT_LINES, 'litellm: embedding dimension'),
      // Reports of wrong answers cannot be read either.
      [REWORDED]: 'failed',
      [ISOLATION]: 'warning',
    },
    cure: /QDRANT_URL/,
  },
  {
    is: 'Qdrant refuses the key',
    how: instead(/./, status(403)),
    lines: {
      'qdrant: reach': 'failed',
      ...skips(...QDRANT_LINES, 'litellm: embedding dimension'),
      // Reports of wrong answers cannot be read either.
      [REWORDED]: 'failed',
      [ISOLATION]: 'warning',
    },
    cure: /QDRANT_API_KEY/,
  },
  {
    is: 'Qdrant answers later than lookups wait',
    env: { QDRANT_TIMEOUT_MS: '20' },
    how: ({ qdrant }) => {
      const { fetch } = qdrant
      qdrant.fetch = async (request) => {
        await new Promise((resume) => setTimeout(resume, 60))
        return fetch(request)
      }
    },
    lines: {
      'qdrant: write, read, delete': 'failed',
      [REWORDED]: 'failed',
      [ISOLATION]: 'warning',
    },
    cure: /QDRANT_TIMEOUT_MS/,
  },
  {
    is: 'Qdrant is too old for conditional writes',
    how: ({ qdrant }) => (qdrant.version = '1.15.3'),
    lines: { 'qdrant: version': 'failed' },
    cure: /1\.15\.4 or later/,
  },
  {
    is: 'something else answers at / of Qdrant',
    how: instead(/^GET \/$/, () => new Response('<html>', { status: 404 })),
    lines: { 'qdrant: version': 'warning', 'qdrant: clock': 'skipped' },
    cure: /at least 1\.15\.4/,
  },
  {
    is: 'the collection is missing',
    how: instead(/^GET \/collections\/exact$/, error(404, 'Not found')),
    lines: {
      'qdrant: collection': 'warning',
      ...skips('qdrant: indexes', 'qdrant: write, read, delete'),
    },
    cure: /QDRANT_COLLECTION/,
  },
  {
    is: 'the collection is red',
    how: instead(/^GET \/collections\/exact$/, () =>
      Response.json({ result: { status: 'red', points_count: 1 } }),
    ),
    lines: { 'qdrant: collection': 'failed', 'qdrant: indexes': 'warning' },
    cure: /Qdrant's log/,
  },
  {
    is: 'an index is missing',
    how: indexed('answer_id', undefined),
    lines: { 'qdrant: indexes': 'warning' },
    cure: /deployment\.md/,
  },
  {
    is: 'an index is of the wrong type',
    how: indexed('tenant', 'text'),
    lines: { 'qdrant: indexes': 'failed' },
    cure: /Delete these indexes/,
  },
  {
    is: 'the index of the expiry cannot filter ranges',
    how: indexed('expires_at', { type: 'integer', lookup: true, range: false }),
    lines: { 'qdrant: indexes': 'failed' },
    cure: /Delete these indexes/,
  },
  {
    is: 'the key may not write',
    how: instead(/^PUT \/collections\/exact\/points$/, status(403)),
    lines: { 'qdrant: write, read, delete': 'failed' },
    cure: /the key may write/,
  },
  {
    is: 'a write has no effect',
    how: instead(/^PUT \/collections\/exact\/points$/, () => Response.json({ result: {} })),
    lines: { 'qdrant: write, read, delete': 'failed' },
    cure: /proxy/,
  },
  {
    is: 'a deletion has no effect',
    how: instead(/^POST \/collections\/exact\/points\/delete$/, () =>
      Response.json({ result: {}, status: 'ok', time: 0 }),
    ),
    lines: { 'qdrant: write, read, delete': 'failed' },
    cure: /proxy/,
  },
  {
    is: "Qdrant's clock is ahead",
    how: ({ qdrant }) => (qdrant.skewMs = 5_000),
    lines: { 'qdrant: clock': 'warning' },
    cure: /NTP/,
  },
  {
    is: "Qdrant's clock is behind",
    how: ({ qdrant }) => (qdrant.skewMs = -5_000),
    lines: { 'qdrant: clock': 'warning' },
    cure: /NTP/,
  },
  {
    is: 'Qdrant no longer has the search that LiteLLM uses',
    how: instead(/points\/search$/, status(404)),
    lines: { 'qdrant: search for LiteLLM': 'failed' },
    cure: /version of Qdrant/,
  },
  {
    is: "LiteLLM's collection is in another Qdrant",
    how: ({ qdrant }) => qdrant.collections.delete('litellm_semantic_cache'),
    lines: skips('qdrant: search for LiteLLM', 'litellm: embedding dimension'),
    cure: /SEMANTIC_COLLECTION/,
  },
  {
    is: 'LiteLLM is down',
    hosts: { litellm: undefined },
    lines: {
      'litellm: reach': 'failed',
      ...skips('litellm: key', 'litellm: version', 'litellm: cache'),
      'litellm: embedding dimension': 'skipped',
      'judge: same question': 'failed',
      'judge: other question': 'failed',
      'gateway: request': 'failed',
      ...skips('gateway: same request', 'coalescing: two at once', REWORDED, ISOLATION),
    },
    cure: /LITELLM_URL/,
  },
  {
    is: 'LiteLLM refuses the key',
    how: ({ litellm }) => (litellm.models = () => litellmError(401, 'auth_error')),
    body: { ...EVERYTHING, key: 'sk-expired', other_key: 'sk-unknown' },
    lines: {
      'litellm: key': 'failed',
      ...skips('litellm: version', 'litellm: cache', 'litellm: embedding dimension'),
      'gateway: request': 'failed',
      ...skips('gateway: same request', 'coalescing: two at once', REWORDED, ISOLATION),
    },
    cure: /Replace the key/,
  },
  {
    is: 'LiteLLM is a version with malicious code',
    how: diagnostics({ litellm_version: '1.82.8' }),
    lines: { 'litellm: version': 'failed' },
    cure: /replace every key/,
  },
  {
    is: 'LiteLLM has a known hole',
    how: diagnostics({ litellm_version: '1.83.6' }),
    lines: { 'litellm: version': 'warning' },
    cure: /Upgrade/,
  },
  {
    is: 'LiteLLM has no scoped semantic cache',
    how: diagnostics({ litellm_version: '1.90.0' }),
    lines: { 'litellm: version': 'warning' },
    cure: /Upgrade/,
  },
  {
    is: "LiteLLM's cache is off",
    how: diagnostics({ cache: null }),
    lines: { 'litellm: cache': 'failed' },
    cure: /cache: true/,
  },
  {
    is: "LiteLLM's cache is not semantic",
    how: diagnostics({ cache: 'redis' }),
    lines: { 'litellm: cache': 'failed' },
    cure: /cache_params/,
  },
  {
    is: "LiteLLM's semantic cache is another one",
    how: diagnostics({ cache: { type: 'redis-semantic' } }),
    lines: { 'litellm: cache': 'warning' },
    cure: /cache_params/,
  },
  {
    is: 'LiteLLM shows its cache to other keys only',
    how: ({ litellm }) => (litellm.diagnostics = () => new Response('no', { status: 403 })),
    lines: skips('litellm: version', 'litellm: cache'),
    cure: /readiness\/details/,
  },
  {
    is: "the embedding model's vectors do not fit the collection",
    how: ({ qdrant }) =>
      qdrant.collections.set('litellm_semantic_cache', {
        points: new Map(),
        indexes: new Map(),
        vectors: { size: 1_536, distance: 'Cosine' },
      }),
    lines: { 'litellm: embedding dimension': 'failed' },
    cure: /vector_size to 4/,
  },
  {
    is: 'there are several embedding models',
    how: ({ litellm }) =>
      (litellm.models = () =>
        Response.json({
          data: ['one', 'two']
            .map((id) => ({ id, mode: 'embedding' }))
            .concat({ id: 'small', mode: 'chat' }),
        })),
    lines: { 'litellm: embedding dimension': 'skipped' },
    cure: /--embedding-model/,
  },
  {
    is: 'the embedding model does not exist',
    body: { ...EVERYTHING, embedding_model: 'gone' },
    how: ({ litellm }) => {
      const { answer } = litellm
      litellm.answer = (asked) =>
        asked.body['model'] === 'gone' ? new Response('no', { status: 400 }) : answer(asked)
    },
    lines: { 'litellm: embedding dimension': 'failed' },
    cure: /model_list/,
  },
  {
    is: 'the key may not use the embedding model, which LiteLLM itself may',
    body: { ...EVERYTHING, embedding_model: 'embedder' },
    how: ({ litellm }) => {
      const { answer } = litellm
      litellm.answer = (asked) =>
        asked.path === '/v1/embeddings' ? new Response('no', { status: 403 }) : answer(asked)
    },
    lines: skips('litellm: embedding dimension'),
    cure: /--key-file/,
  },
  {
    is: 'the judge is down',
    how: ({ litellm }) => (litellm.judge = () => new Response('no', { status: 500 })),
    lines: {
      'judge: same question': 'failed',
      'judge: other question': 'failed',
      [REWORDED]: 'failed',
      [ISOLATION]: 'warning',
    },
    cure: /SEMANTIC_JUDGE_MODEL/,
  },
  {
    is: 'MLflow is down',
    hosts: { mlflow: undefined },
    lines: { 'mlflow: span': 'failed' },
    cure: /MLFLOW_URL/,
  },
  {
    is: 'MLflow wants a password',
    how: ({ mlflow }) => (mlflow.refusal = 401),
    lines: { 'mlflow: span': 'failed' },
    cure: /MLFLOW_USERNAME/,
  },
  {
    is: 'the experiment does not exist',
    how: ({ mlflow }) => (mlflow.refusal = 404),
    lines: { 'mlflow: span': 'failed' },
    cure: /MLFLOW_EXPERIMENT_ID/,
  },
  {
    is: 'MLflow loses spans',
    how: ({ mlflow }) => (mlflow.loses = true),
    lines: { 'mlflow: span': 'failed' },
    cure: /MLFLOW_EXPERIMENT_ID/,
  },
  {
    is: 'MLflow puts spans into another experiment',
    how: ({ mlflow }) => (mlflow.experiment = '0'),
    lines: { 'mlflow: span': 'failed' },
    cure: /MLFLOW_EXPERIMENT_ID/,
  },
  {
    is: 'MLflow lets nobody read',
    how: ({ mlflow }) => (mlflow.hides = 403),
    lines: { 'mlflow: span': 'warning' },
    cure: /may read traces/,
  },
  {
    is: 'tracing is off',
    env: { MLFLOW_URL: '' },
    lines: { 'mlflow: span': 'skipped' },
    cure: /to trace requests/,
  },
  {
    is: 'the judge finds nothing the same',
    how: ({ litellm }) => (litellm.judge = () => verdict(0.31)),
    lines: { 'judge: same question': 'failed', [REWORDED]: 'failed', [ISOLATION]: 'warning' },
    cure: /make semantic-eval/,
  },
  {
    is: 'the judge finds everything the same',
    how: ({ litellm }) => (litellm.judge = () => verdict(0.97)),
    lines: { 'judge: other question': 'failed' },
    cure: /SEMANTIC=off now/,
  },
  {
    is: 'the judge takes questions for attempts to steer it',
    how: ({ litellm }) =>
      (litellm.judge = ({ pair }) => verdict(pair.b.includes('sky') ? 0.97 : 0, 0.9)),
    lines: { 'judge: same question': 'failed', [REWORDED]: 'failed', [ISOLATION]: 'warning' },
    cure: /make semantic-eval/,
  },
  {
    is: 'each caller pays for verdicts, and the key may not use the judge',
    env: { SEMANTIC_JUDGE_API_KEY: '' },
    how({ litellm }) {
      litellm.judge = () => new Response('no', { status: 403 })
      litellm.models = () =>
        Response.json({ data: [{ id: 'small' }, { id: 'embedder', mode: 'embedding' }] })
    },
    body: { ...EVERYTHING, key: 'sk-without-judge', other_key: 'sk-without-judge-too' },
    lines: {
      'settings: verification': 'warning',
      'judge: same question': 'failed',
      'judge: other question': 'failed',
      [REWORDED]: 'failed',
      [ISOLATION]: 'warning',
    },
    cure: /SEMANTIC_JUDGE_API_KEY/,
  },
  {
    is: 'the semantic layer is off',
    env: { SEMANTIC: 'off' },
    lines: {
      ...skips('settings: verification', 'qdrant: search for LiteLLM', 'litellm: cache'),
      ...skips(
        'litellm: embedding dimension',
        'judge: same question',
        'judge: other question',
        REWORDED,
      ),
    },
    cure: /on or shadow/,
  },
  {
    is: 'semantic hits are not served yet',
    env: { SEMANTIC: 'shadow' },
    lines: skips(REWORDED),
    cure: /dashboard/,
  },
  {
    is: 'LiteLLM never finds a similar question',
    answer: withoutCache,
    lines: { [REWORDED]: 'failed', [ISOLATION]: 'warning' },
    cure: /litellm: cache/,
  },
  {
    is: 'the model does not exist',
    answer: (asked) =>
      asked.path === '/v1/embeddings' ? embed(asked) : litellmError(400, 'invalid_request_error'),
    lines: {
      'gateway: request': 'failed',
      ...skips('gateway: same request', 'coalescing: two at once', REWORDED, ISOLATION),
    },
    cure: /--model/,
  },
  {
    is: "the model's answer is too long to be stored",
    answer: (asked) => withoutCache(asked, 'length'),
    lines: {
      'gateway: request': 'warning',
      ...skips('gateway: same request', REWORDED, ISOLATION),
    },
    cure: /--model/,
  },
  {
    is: 'the key may not use the model, so that its requests bypass the cache',
    body: { ...EVERYTHING, model: 'large' },
    lines: {
      'gateway: request': 'failed',
      ...skips('gateway: same request', 'coalescing: two at once', REWORDED, ISOLATION),
    },
    cure: /operations\.md/,
  },
  {
    is: 'nothing can be stored',
    env: { EDGE_TTL_SECONDS: '0' },
    how: instead(/^PUT \/collections\/exact\/points$/, status(500)),
    lines: {
      'settings: near tiers': 'warning',
      'qdrant: write, read, delete': 'failed',
      'gateway: same request': 'failed',
      ...skips(REWORDED, ISOLATION),
    },
    cure: /some seconds/,
  },
  {
    is: 'Qdrant failed lately, so that this isolate skips it',
    env: { EDGE_TTL_SECONDS: '0' },
    async how(made) {
      vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
      const { fetch } = made.qdrant
      instead(/^POST \/collections\/exact\/points$/, status(500))(made)
      for (let n = 0; n < 5; n += 1) await made.post('/v1/chat/completions', chat({ seed: n }))
      made.qdrant.fetch = fetch
    },
    lines: {
      'gateway: same request': 'failed',
      'settings: near tiers': 'warning',
      ...skips(REWORDED, ISOLATION),
    },
    cure: /Every 5 s/,
  },
  {
    is: 'coalescing is off',
    env: { COALESCE: 'off' },
    lines: skips('coalescing: two at once'),
    cure: /to on/,
  },
  {
    is: 'the coalescing pool does not answer',
    answer: withoutCache,
    env: { SEMANTIC: 'shadow' },
    how: ({ coalescing }) => (coalescing.onTheWay = () => Promise.reject(new Error('lost'))),
    lines: { 'coalescing: two at once': 'failed', ...skips(REWORDED) },
    cure: /COALESCER/,
  },
  {
    is: 'both keys belong to one team that shares a cache',
    env: { CACHE_SCOPE: 'team' },
    how: ({ litellm }) => (litellm.keyInfo = () => keyInfo({ team_id: 'red' })),
    body: { ...EVERYTHING, key: 'sk-red-one', other_key: 'sk-red-two' },
    lines: skips(ISOLATION),
    cure: /another tenant/,
  },
  {
    is: 'the second key is invalid',
    how({ litellm }) {
      const { models } = litellm
      litellm.models = (key, isCheck) =>
        key === 'sk-expired-two' ? litellmError(401, 'auth_error') : models(key, isCheck)
    },
    body: { ...EVERYTHING, other_key: 'sk-expired-two' },
    lines: skips(ISOLATION),
    cure: /--other-key-file/,
  },
  {
    is: 'the ledger is off',
    env: { LEDGER: 'off' },
    lines: { 'settings: ledger': 'warning', 'sweep: age': 'skipped' },
    cure: /LEDGER_OBJECTS/,
  },
]

describe('the doctor', () => {
  it.each(faults)('names what is wrong if $is', async (fault) => {
    const { how, body, lines, cure } = fault
    const made = await doctored(fault)
    await how?.(made)
    const found = await made.diagnose(body)
    const complained = complaints(found)
    const states = Object.entries(complained).map(([what, { state }]) => [what, state])
    expect(Object.fromEntries(states)).toEqual(lines)
    expect(found.status).toBe(worst(Object.values(lines)))
    expect(found.response.status).toBe(200)
    expect(complained[Object.keys(lines)[0]!]?.cure).toMatch(cure)
  })
})

const worst = (found: readonly State[]) =>
  (['failed', 'warning'] as const).find((state) => found.includes(state)) ?? 'ok'
