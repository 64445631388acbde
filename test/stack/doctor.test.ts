import { beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/doctor/check.ts'
import { addresses, control, recovered } from './client.ts'
import { edge } from './edge-command.ts'
import { keyedLiteLlm, ownGateway } from './own-parts.ts'

const MODELS = ['--model', 'local-chat-model', '--embedding-model', 'local-embed-model']
const COLLECTION = 'litellm_doctor'

let litellm: Awaited<ReturnType<typeof keyedLiteLlm>>
/** A gateway for LiteLLM keys, as in production. */
let url: string

beforeAll(async () => {
  litellm = await keyedLiteLlm(COLLECTION)
  url = await ownGateway('gateway-doctor', {
    ADMIN_KEY: addresses.adminKey,
    EDGE_TTL_SECONDS: '0',
    AUTH_MODE: 'litellm',
    LITELLM_API_KEY: '',
    LITELLM_URL: litellm.url,
    SEMANTIC_COLLECTION: COLLECTION,
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

/** Runs this while parts are down. */
async function without(parts: readonly string[], work: () => Promise<void>): Promise<void> {
  for (const part of parts) await control('stop', part)
  try {
    await work()
  } finally {
    for (const part of parts) await control('start', part)
    await recovered()
  }
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

  it('names the judge and the embedding server if they are down, which LiteLLM does not', () =>
    without(['judge', 'embeddings'], async () => {
      const { code, lines } = await diagnose()
      expect(lines).toEqual({
        ...NEAR_TIERS,
        'litellm: embedding dimension': 'failed',
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
    const collection = `${addresses.qdrant}/collections/${COLLECTION}`
    await fetch(collection, { method: 'DELETE' })
    const made = await fetch(collection, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ vectors: { size: 8, distance: 'Cosine' } }),
    })
    expect(made.status).toBe(200)
    const { code, lines } = await diagnose()
    expect(lines).toMatchObject({
      'litellm: embedding dimension': 'failed',
      'semantic layer: reworded question': 'failed',
      'isolation: other tenant': 'warning',
    })
    expect(code).toBe(1)
  })

  // After this one, the gateway skips Qdrant for some seconds.
  it('names Qdrant if that is down', () =>
    without(['qdrant'], async () => {
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
    await litellm.stop()
    const down = await diagnose()
    expect(down.lines).toMatchObject({ 'litellm: reach': 'failed', 'litellm: key': 'skipped' })
    expect([wrong.code, down.code]).toEqual([1, 1])
  })
})
