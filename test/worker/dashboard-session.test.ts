import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/cache/key.ts'
import { ADMIN_KEY, cookieOf, dashboard, ORIGIN } from '../support/dashboard.ts'
import { gateway } from '../support/gateway.ts'

const LOGIN = '/dashboard/login'
const EIGHT_HOURS_MS = 8 * 60 * 60 * 1000
const DATA = 'Hit ratio by layer'

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

/** Whether this cookie shows the data. */
async function opens(cookie: string, made = dashboard()): Promise<boolean> {
  const answer = await made.get('/dashboard', { cookie })
  return (await answer.text()).includes(DATA)
}

/** An HMAC-SHA-256 in base64, as signed cookies have it. */
async function signature(text: string, secret: string): Promise<string> {
  const [bytes, secretBytes] = [text, secret].map((part) => new TextEncoder().encode(part))
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secretBytes!, hmac, false, ['sign'])
  const signed = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes!))
  return btoa(String.fromCharCode(...signed))
}

describe('without ADMIN_KEY', () => {
  it.each([
    '/dashboard',
    '/dashboard/login',
    '/dashboard/logout',
    '/dashboard/style.css',
    '/dashboard/icon.svg',
    '/dashboard/export/models.csv',
  ])('%s does not exist, in development neither', async (path) => {
    for (const env of [{}, { ENVIRONMENT: 'development' }]) {
      const { send } = gateway({ env })
      for (const method of ['GET', 'POST']) {
        expect((await send(new Request(`${ORIGIN}${path}`, { method }))).status).toBe(404)
      }
    }
  })
})

describe('logging in to the dashboard', () => {
  it('is asked for by a form that shows no data and may not be stored', async () => {
    const answer = await dashboard().get('/dashboard')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const page = await answer.text()
    expect(page).toContain('<form class="card login" method="post"')
    expect(page).not.toContain(DATA)
    expect(page).not.toContain('acme')
  })

  it('with the ADMIN_KEY leads back to the view in the URL, with a cookie that shows the data', async () => {
    const made = dashboard()
    const answer = await made.post(`${LOGIN}?range=7d&tenant=a%26b&refresh=60`, { key: ADMIN_KEY })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/dashboard?range=7d&tenant=a%26b&refresh=60')
    expect(await opens(cookieOf(answer), made)).toBe(true)
  })

  it('sets a cookie for this host alone, that no script reads and no other site sends', async () => {
    const answer = await dashboard().post(LOGIN, { key: ADMIN_KEY })
    const [pair, ...attributes] = answer.headers.get('set-cookie')!.split('; ')
    expect(pair).toMatch(/^__Host-dashboard=\d+\./)
    expect(attributes.toSorted()).toEqual(
      ['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=Lax', 'Secure'].toSorted(),
    )
  })

  it.each([
    ['another key', 'the-admin-kex'],
    ['no key', ''],
    ['a part of the key', ADMIN_KEY.slice(0, -1)],
  ])('with %s is refused, without a cookie', async (_, key) => {
    const answer = await dashboard().post(LOGIN, { key })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.text()).toContain('This is not the ADMIN_KEY.')
  })

  it('goes to no other site, whatever the URL says', async () => {
    const { post } = dashboard()
    for (const query of [
      'next=//evil.example',
      'tenant=//evil.example',
      'url=https://evil.example',
    ]) {
      const answer = await post(`${LOGIN}?${query}`, { key: ADMIN_KEY })
      expect(answer.headers.get('location')).toMatch(/^\/dashboard\?range=24h(&|$)/)
    }
  })

  it('is stopped for an address that tried too many keys, also with the right one', async () => {
    const seen: string[] = []
    const limiter = {
      limit: async ({ key }: { key: string }) => {
        seen.push(key)
        return { success: seen.length <= 2 }
      },
    }
    const { post, get } = dashboard({ env: { RATE_LIMIT_ADDRESS: limiter } })
    const from = { 'cf-connecting-ip': '192.0.2.1' }
    expect((await post(LOGIN, { key: 'guess 1' }, from)).status).toBe(401)
    expect((await get('/dashboard', { ...from, authorization: 'Bearer guess' })).status).toBe(401)
    const stopped = await post(LOGIN, { key: 'guess 3' }, from)
    expect(stopped.status).toBe(429)
    expect(stopped.headers.get('retry-after')).toBe('60')
    expect(await stopped.text()).toContain('Too many requests')
    const right = await post(LOGIN, { key: ADMIN_KEY }, from)
    expect(right.status).toBe(429)
    expect(right.headers.get('set-cookie')).toBeNull()
    expect(seen).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1'])
  })

  it('reads no large form', async () => {
    const answer = await dashboard().post(LOGIN, { key: 'x'.repeat(20_000) })
    expect(answer.status).toBe(413)
  })
})

describe('a session of the dashboard', () => {
  it('cannot be forged', async () => {
    const made = dashboard()
    const { cookie } = await made.session()
    expect(await opens(cookie, made)).toBe(true)
    const later = String(Date.now() + EIGHT_HOURS_MS)
    const [name, value] = cookie.split('=') as [string, string]
    const [endsAt, signed] = decodeURIComponent(value).split('.') as [string, string]
    const forged = [
      '',
      later,
      `${later}.`,
      `${later}.${signed}`,
      `${Number(endsAt) + 1}.${signed}`,
      `${endsAt}.${signed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      `${later}.${await signature(later, ADMIN_KEY)}`,
      `${later}.${await signature(later, await sha256(ADMIN_KEY))}`,
    ]
    for (const one of forged) {
      expect(await opens(`${name}=${encodeURIComponent(one)}`, made), one).toBe(false)
    }
    // Without its prefix, another host of the domain could have set it.
    expect(await opens(cookie.replace('__Host-', ''), made)).toBe(false)
  })

  it('ends after eight hours, whatever the browser keeps', async () => {
    let now = Date.now()
    const made = dashboard({ dependencies: { now: () => now } })
    const { cookie } = await made.session()
    now += EIGHT_HOURS_MS - 1
    expect(await opens(cookie, made)).toBe(true)
    now += 1
    expect(await opens(cookie, made)).toBe(false)
  })

  it('ends with a new ADMIN_KEY', async () => {
    const { cookie } = await dashboard().session()
    expect(await opens(cookie)).toBe(true)
    expect(await opens(cookie, dashboard({ env: { ADMIN_KEY: 'a new key' } }))).toBe(false)
  })

  it('ends in this browser with a logout', async () => {
    const made = dashboard()
    const answer = await made.post('/dashboard/logout', {}, await made.session())
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/dashboard')
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-dashboard=; Max-Age=0;.* Secure/)
  })
})

describe("another site's form", () => {
  it.each([
    ['from its own origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from a sibling host', { origin: 'https://other.gateway', 'sec-fetch-site': 'same-site' }],
    ['from an opaque origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('is refused %s', async (_, headers) => {
    const { post } = dashboard()
    for (const path of [LOGIN, '/dashboard/logout']) {
      const answer = await post(path, { key: ADMIN_KEY }, headers)
      expect(answer.status).toBe(403)
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  })

  it('is refused under a content type that forms cannot have', async () => {
    const { fetch } = dashboard()
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const body = `key=${ADMIN_KEY}`
    const answer = await fetch(LOGIN, { method: 'POST', body, headers })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([415, null])
  })

  it('is refused without any origin', async () => {
    const { fetch } = dashboard()
    const body = new URLSearchParams({ key: ADMIN_KEY })
    expect((await fetch(LOGIN, { method: 'POST', body })).status).toBe(403)
  })
})

describe('a script', () => {
  it('gets the page and the tables with the ADMIN_KEY in a header', async () => {
    const { get } = dashboard()
    const headers = { authorization: `Bearer ${ADMIN_KEY}` }
    expect(await (await get('/dashboard', headers)).text()).toContain(DATA)
    expect((await get('/dashboard/export/models.csv', headers)).status).toBe(200)
  })

  it('with a wrong key, or with none, gets no table', async () => {
    const { get } = dashboard()
    const wrong = { authorization: 'Bearer wrong' }
    for (const path of ['/dashboard', '/dashboard/export/models.csv']) {
      expect((await get(path, wrong)).status).toBe(401)
    }
    const answer = await get('/dashboard/export/models.csv')
    expect(answer.status).toBe(401)
    expect(await answer.text()).not.toContain('gpt-5-mini')
  })
})
