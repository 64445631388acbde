import { beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/doctor/check.ts'
import { addresses, control, recovered } from './client.ts'
import { edge } from './edge-command.ts'
import { ownGateway, proxiedLiteLlm } from './own-parts.ts'
import { SECOND_COLLECTION } from './second-litellm.ts'

const MODELS = ['--model', 'local-chat-model', '--embedding-model', 'local-embed-model']
let litellm: Awaited<ReturnType<typeof proxiedLiteLlm>>
/** A gateway for LiteLLM keys, as in production. */
let url: string

beforeAll(async () => {
  litellm = await proxiedLiteLlm()
  url = await ownGateway('gateway-doctor', {
    ADMIN_KEY: addresses.adminKey,
    EDGE_TTL_SECONDS: '0',
    AUTH_MODE: 'litellm',
    LITELLM_API_KEY: '',
    LITELLM_URL: litellm.url,
    SEMANTIC_COLLECTION: SECOND_COLLECTION,
    SEMANTIC_JUDGE_API_KEY: 'sk-carol',
  })
  // wrangler dev runs no cron by itself.
  await fetch(`${url}/cdn-cgi/handler/scheduled`)
  // In a new Qdrant, the first stored answer creates the collection.
  await diagnose()
}, 120_000)

/** Runs the command; the lines that are not ok, by name. */
async function diagnose(env: Record<string, string> = KEYS) {
  const { code, stdout, stderr } = await edge(['doctor', ...MODELS, '--json'], { url, env })
  expect(stderr).toBe('')
  const { checks } = JSON.parse(stdout) as Diagnosis
  const lines = checks.filter(({ state }) => state !== 'ok')
  for (const { state, what, detail } of lines) console.log(`          ${state}  ${what}  ${detail}`)
  return { code, lines: Object.fromEntries(lines.map(({ what, state }) => [what, state])) }
}

/** The keys of two tenants. */
const KEYS = { EDGE_KEY: 'sk-carol', EDGE_OTHER_KEY: 'sk-alice' }
/** `EDGE_TTL_SECONDS` is 0, so that Qdrant is really read. */
const NEAR_TIERS = { 'settings: near tiers': 'warning' }

/** Runs this while a part is down. */
async function without(part: string, work: () => Promise<void>): Promise<void> {
  await control('stop', part)
  try {
    await work()
  } finally {
    await control('start', part)
    await recovered()
  }
}

/** Makes LiteLLM's collection anew, for vectors of this size. */
async function collectionFor(size: number): Promise<void> {
  const collection = `${addresses.qdrant}/collections/${SECOND_COLLECTION}`
  const put = (path: string, body: object) =>
    fetch(`${collection}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await fetch(collection, { method: 'DELETE' })
  const made = await put('', { vectors: { size, distance: 'Cosine' } })
  await put('/index?wait=true', { field_name: 'litellm_cache_key', field_schema: 'keyword' })
  expect(made.status).toBe(200)
}

describe('the doctor on the real stack', () => {
  it('finds nothing wrong, and says so line by line', async () => {
    const { code, stdout } = await edge(['doctor', ...MODELS], { url, env: KEYS })
    console.log(stdout)
    expect(stdout).toMatch(/^ok +qdrant: indexes +All \d+ are there\.$/m)
    expect(stdout).toMatch(/^ok +litellm: embedding dimension +Both have 384 numbers\.$/m)
    expect(stdout).toMatch(
      /^ok +semantic layer: reworded question +It hit \(similarity=0\.\d\d; same=0\.9\d\)\.$/m,
    )
    expect(stdout).toMatch(/^ok +isolation: other tenant +Another tenant missed in both caches\.$/m)
    expect(stdout).toMatch(/^ok +mlflow: span /m)
    expect(stdout).toMatch(/\n\n\d+ ok, 1 warning\n$/)
    expect(code).toBe(0)
    const strict = await edge(['doctor', '--free', '--strict'], { url })
    expect(strict.code).toBe(2)
  })

  it('names the judge if that is down', () =>
    without('judge', async () => {
      const { code, lines } = await diagnose()
      expect(lines).toEqual({
        ...NEAR_TIERS,
        'judge: same question': 'failed',
        'judge: other question': 'failed',
        'semantic layer: reworded question': 'failed',
        'isolation: other tenant': 'warning',
      })
      expect(code).toBe(1)
    }))

  it('names MLflow if that hangs', async () => {
    await control('pause', 'mlflow')
    try {
      const { code, lines } = await diagnose()
      expect(lines).toEqual({ ...NEAR_TIERS, 'mlflow: span': 'failed' })
      expect(code).toBe(1)
    } finally {
      await control('resume', 'mlflow')
    }
  })

  it('finds that the vectors do not fit the collection, about which LiteLLM is silent', async () => {
    await collectionFor(8)
    try {
      const { code, lines } = await diagnose()
      expect(lines).toMatchObject({
        'litellm: embedding dimension': 'failed',
        'semantic layer: reworded question': 'failed',
        'isolation: other tenant': 'warning',
      })
      expect(code).toBe(1)
    } finally {
      await collectionFor(384)
    }
  })

  // After this one, the gateway skips Qdrant for some seconds.
  it('names Qdrant if that is down', () =>
    without('qdrant', async () => {
      const { code, lines } = await diagnose()
      expect(lines).toMatchObject({
        'qdrant: reach': 'failed',
        'qdrant: version': 'skipped',
        'gateway: same request': 'failed',
        'semantic layer: reworded question': 'skipped',
      })
      expect(lines).not.toHaveProperty(['gateway: request'])
      expect(code).toBe(1)
    }))

  it('tells a wrong key from a LiteLLM that is down', async () => {
    const wrong = await diagnose({ EDGE_KEY: 'sk-mallory' })
    expect(wrong.lines).toMatchObject({
      'litellm: key': 'failed',
      'litellm: cache': 'skipped',
      'gateway: request': 'failed',
    })
    expect(wrong.lines).not.toHaveProperty(['litellm: reach'])
    litellm.stop()
    const down = await diagnose()
    expect(down.lines).toMatchObject({ 'litellm: reach': 'failed', 'litellm: key': 'skipped' })
    expect([wrong.code, down.code]).toEqual([1, 1])
  })
})
