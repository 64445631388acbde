import { describe, expect, it } from 'vitest'
import { gateway } from '../support/gateway.ts'

const healthy = { fetch: () => new Response('ok') }

/** In development, everyone sees the details. */
const SHOWN = { ENVIRONMENT: 'development' }

describe('/health', () => {
  it('answers ok even if the dependencies are down', async () => {
    const { get } = gateway({ hosts: { qdrant: undefined, litellm: undefined } })
    const answer = await get('/health')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ status: 'ok' })
  })

  it('shows each dependency with its latency if called with ?verbose', async () => {
    const { get } = gateway({
      env: { ...SHOWN, MLFLOW_URL: 'http://mlflow', SEMANTIC_JUDGE_API_KEY: 'sk-judge' },
      hosts: { qdrant: healthy, mlflow: healthy },
    })
    const answer = await get('/health?verbose')
    expect(await answer.json()).toEqual({
      status: 'ok',
      dependencies: {
        litellm: { ok: true, latency_ms: expect.any(Number) },
        qdrant: { ok: true, latency_ms: expect.any(Number) },
        mlflow: { ok: true, latency_ms: expect.any(Number) },
        'semantic-judge': { ok: true, latency_ms: expect.any(Number) },
      },
      breaker: 'closed',
      near_tiers: { memory: 'on', colo: 'on' },
      rate_limits: { standard: 'off', high: 'off', address: 'off' },
      semantic_verification: 'on',
    })
  })

  it('reports degraded without Qdrant, and down without LiteLLM', async () => {
    const noQdrant = gateway({ env: SHOWN, hosts: { qdrant: undefined } })
    const degraded = await noQdrant.get('/health?verbose')
    expect(degraded.status).toBe(200)
    expect(await degraded.json()).toMatchObject({ status: 'degraded' })
    const noLiteLlm = gateway({ env: SHOWN, hosts: { qdrant: healthy, litellm: undefined } })
    const down = await noLiteLlm.get('/health?verbose')
    expect(down.status).toBe(503)
    expect(await down.json()).toMatchObject({ status: 'down' })
  })

  it('shows whether semantic hits can be verified by asking the judge for a verdict', async () => {
    const { get, litellm } = gateway({
      env: { ...SHOWN, SEMANTIC_JUDGE_API_KEY: 'sk-judge' },
      hosts: { qdrant: healthy },
    })
    litellm.judge = () => new Response('no', { status: 400 })
    const answer = (await (await get('/health?verbose')).json()) as Record<string, unknown>
    expect(answer).toMatchObject({
      status: 'degraded',
      dependencies: { 'semantic-judge': { ok: false } },
    })
    const off = gateway({ env: { ...SHOWN, SEMANTIC_VERIFY: 'off' }, hosts: { qdrant: healthy } })
    const without = (await (await off.get('/health?verbose')).json()) as Record<string, object>
    expect(without['semantic_verification']).toBe('off')
    expect(without['dependencies']).not.toHaveProperty('semantic-judge')
    expect(off.litellm.judged).toEqual([])
    const own = gateway({ env: SHOWN, hosts: { qdrant: healthy } })
    const callers = (await (await own.get('/health?verbose')).json()) as Record<string, unknown>
    expect(callers['semantic_verification']).toBe("with each caller's key")
  })

  it('shows no details in production without ADMIN_KEY', async () => {
    const keys = JSON.stringify([{ sha256: 'a'.repeat(64), tenant: 'acme' }])
    const env = { AUTH_MODE: 'keys', GATEWAY_KEYS: keys }
    const { get } = gateway({ env, hosts: { qdrant: healthy } })
    expect(await (await get('/health?verbose')).json()).toEqual({ status: 'ok' })
  })

  it('shows details only to the holder of ADMIN_KEY', async () => {
    const { get } = gateway({ env: { ADMIN_KEY: 'admin' }, hosts: { qdrant: healthy } })
    expect(await (await get('/health?verbose')).json()).toEqual({ status: 'ok' })
    const shown = await get('/health?verbose', { authorization: 'Bearer admin' })
    expect(await shown.json()).toHaveProperty('dependencies')
  })

  it('has headers that forbid loading, framing and storing its page', async () => {
    const { headers } = await gateway().get('/health')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
