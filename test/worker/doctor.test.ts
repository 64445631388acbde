import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import page from '../../docs/doctor.md?raw'
import { sha256 } from '../../src/cache/key.ts'
import { ADMIN_KEY, complaints, DOCTOR, doctored, EVERYTHING, SOUND } from '../support/doctored.ts'
import { gateway } from '../support/gateway.ts'

const MINUTE_MS = 60_000
const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }
/** The checks that send requests through the gateway. */
const OF_THE_CANARY = [
  'gateway: request',
  'gateway: same request',
  'coalescing: two at once',
  'semantic layer: reworded question',
  'isolation: other tenant',
]
/** The checks that cost money. */
const PAID = [
  'litellm: embedding dimension',
  'judge: same question',
  'judge: other question',
  ...OF_THE_CANARY,
]

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('POST /admin/doctor', () => {
  it('finds nothing wrong with a healthy gateway', async () => {
    const { diagnose } = await doctored()
    const { response, status, checks } = await diagnose()
    expect(complaints({ status, checks })).toEqual({})
    expect(status).toBe('ok')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('runs exactly the checks that docs/doctor.md lists, in their order', async () => {
    const { diagnose } = await doctored()
    const [, table = ''] = page.split('\n## Checks\n')
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, what]) => what)
    for (const { checks } of [
      await diagnose(),
      await diagnose({}),
      await diagnose({ free: true }),
    ]) {
      expect(checks.map(({ what }) => what)).toEqual(listed)
    }
  })

  it('makes at most as many subrequests as docs/doctor.md says', async () => {
    const { diagnose } = await doctored()
    const spies = [
      vi.spyOn(globalThis, 'fetch'),
      vi.spyOn(caches.default, 'match'),
      vi.spyOn(caches.default, 'put'),
    ]
    await diagnose()
    const subrequests = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    const [, about] = /makes about (\d+) subrequests/.exec(page) ?? []
    expect(subrequests).toBeLessThanOrEqual(Number(about))
  })

  it('examines a gateway whose keys keep their end users apart', async () => {
    const keyOf = async (key: string, tenant: string) => ({
      sha256: await sha256(key),
      tenant,
      scope: 'user',
    })
    const { diagnose } = await doctored({
      env: {
        AUTH_MODE: 'keys',
        LITELLM_API_KEY: 'sk-of-the-gateway',
        GATEWAY_KEYS: JSON.stringify([
          await keyOf(EVERYTHING.key, 'acme'),
          await keyOf(EVERYTHING.other_key, 'globex'),
        ]),
      },
    })
    expect(complaints(await diagnose())).toEqual({})
  })

  it('makes one call for two identical requests, and one for another tenant', async () => {
    const { diagnose, litellm } = await doctored()
    await diagnose()
    const chats = litellm.asked.filter(({ path }) => path === '/v1/chat/completions')
    const keys = chats.map(({ headers }) => headers.get('authorization'))
    // The reworded question reaches LiteLLM, whose cache answers it.
    expect(keys).toEqual(['Bearer sk-of-acme', 'Bearer sk-of-acme', 'Bearer sk-of-globex'])
    expect(chats.every(({ body }) => body['max_tokens'] === 300)).toBe(true)
  })

  it('leaves no entry that a request of a caller could meet, and each run meets its own only', async () => {
    const { diagnose, qdrant, collection } = await doctored()
    await diagnose()
    await diagnose()
    const left = [...qdrant.collections.get(collection)!.points.values()]
    expect(left.length).toBeGreaterThan(0)
    const namespaces = left.map(({ namespace }) => String(namespace))
    for (const namespace of namespaces) expect(namespace).toMatch(/^doctor-[0-9a-f-]{36}$/)
    expect(new Set(namespaces).size).toBe(2)
    for (const { stored_at, expires_at } of left) {
      expect(Number(expires_at) - Number(stored_at)).toBe(60 * MINUTE_MS)
    }
  })

  it('uses the coalescing pool of the data centre that it runs in', async () => {
    const { send, settled, coalescing } = await doctored()
    const request = new Request(`https://gateway${DOCTOR}`, {
      method: 'POST',
      headers: ADMIN,
      body: JSON.stringify(EVERYTHING),
      cf: { colo: 'TST' } as CfProperties,
    })
    await send(request)
    await settled()
    const names = [...coalescing.objects.keys()]
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(name).toMatch(/^TST:/)
  })

  it('writes and reads its span with the password of MLflow', async () => {
    const env = { MLFLOW_USERNAME: 'operator', MLFLOW_PASSWORD: 'pass' }
    const { diagnose, mlflow } = await doctored({ env })
    expect(complaints(await diagnose({ free: true }))).not.toHaveProperty(['mlflow: span'])
    expect([...mlflow.authorization]).toEqual([`Basic ${btoa('operator:pass')}`])
    expect(mlflow.traces.size).toBe(1)
  })

  it('skips what needs a model or a key, and says how to name them', async () => {
    const { diagnose } = await doctored()
    const withoutModel = await diagnose({ key: EVERYTHING.key })
    const withoutKey = await diagnose({ model: EVERYTHING.model })
    const withoutOther = await diagnose({ ...EVERYTHING, other_key: undefined })
    for (const [found, option] of [
      [withoutModel, '--model'],
      [withoutKey, '--key-file'],
    ] as const) {
      expect(found.status).toBe('ok')
      expect(Object.keys(complaints(found))).toEqual(OF_THE_CANARY)
      for (const { state, cure } of Object.values(complaints(found))) {
        expect([state, cure]).toEqual(['skipped', expect.stringContaining(option)])
      }
    }
    expect(complaints(withoutOther)).toEqual({
      'isolation: other tenant': {
        state: 'skipped',
        detail: 'It needs the keys of two tenants.',
        cure: 'Name the second one: edge doctor --other-key-file.',
      },
    })
  })

  it('refuses a body with unknown or malformed fields', async () => {
    const { post, litellm } = gateway({ env: SOUND })
    for (const body of [{ modle: 'small' }, { model: '' }, { key: 'two words' }, []]) {
      expect((await post(DOCTOR, body, ADMIN)).status).toBe(400)
    }
    expect(litellm.asked).toEqual([])
  })

  it('shows no key, not even if a server repeats it in an error', async () => {
    const telling = {
      fetch(request: Request): Response {
        const key = request.headers.get('authorization') ?? request.headers.get('api-key')
        throw new Error(`Refused ${key ?? 'nobody'}.`)
      },
    }
    const { diagnose } = await doctored({
      env: { MLFLOW_USERNAME: 'operator', MLFLOW_PASSWORD: 'the-mlflow-password' },
      hosts: { qdrant: telling, litellm: telling, mlflow: telling },
    })
    const { text, status } = await diagnose()
    expect(status).toBe('failed')
    expect(text).toContain('Refused ….')
    const secrets = [
      ...Object.values(EVERYTHING).slice(1),
      ADMIN_KEY,
      SOUND.QDRANT_API_KEY,
      SOUND.SEMANTIC_JUDGE_API_KEY,
      'the-mlflow-password',
      btoa('operator:the-mlflow-password'),
    ]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('costs nothing with "free", and skips what would', async () => {
    const { diagnose, litellm } = await doctored()
    const found = await diagnose({ ...EVERYTHING, free: true })
    expect(found.status).toBe('ok')
    expect(Object.keys(complaints(found))).toEqual(PAID)
    for (const { state, cure } of Object.values(complaints(found))) {
      expect([state, cure]).toEqual(['skipped', expect.stringContaining('--free')])
    }
    expect([litellm.asked, litellm.judged]).toEqual([[], []])
  })
})
