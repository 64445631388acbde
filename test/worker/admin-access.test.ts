import { describe, expect, it, vi } from 'vitest'
import { operations } from '../../src/admin/operations.ts'
import { gateway } from '../support/gateway.ts'
import { operator } from '../support/operator.ts'

const routes = Object.keys(operations).map((name) => name.split(' ') as ['get' | 'post', string])
const calls = (made: ReturnType<typeof gateway>, method: 'get' | 'post', path: string) =>
  method === 'get' ? made.get(path) : made.post(path, {})

describe.each(routes)('%s %s', (method, path) => {
  it("rejects a caller's key and no key with 401", async () => {
    for (const withKey of [true, false]) {
      const made = operator({ withKey })
      const answer = await calls(made, method, path)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
      expect(made.qdrant.requests).toEqual([])
    }
  })

  it('does not exist without ADMIN_KEY, not even in development', async () => {
    const made = gateway({ env: { ENVIRONMENT: 'development', AUTH_MODE: 'none' } })
    expect((await calls(made, method, path)).status).toBe(404)
  })

  it('answers another method with 405', async () => {
    const made = operator()
    const other = await calls(made, method === 'get' ? 'post' : 'get', path)
    const allow = method === 'get' ? 'GET, HEAD' : 'POST'
    expect([other.status, other.headers.get('allow')]).toEqual([405, allow])
  })
})

describe('the admin API', () => {
  it('serves its OpenAPI document', async () => {
    const document = await operator().operate<{ openapi: string; paths: object }>(
      '/admin/openapi.json',
    )
    expect(document.openapi).toBe('3.1.1')
    expect(Object.keys(document.paths)).toEqual([...new Set(routes.map(([, path]) => path))])
  })

  it.each([
    ['no JSON', '{', 400, null],
    ['a list', [], 400, null],
    ['an unknown member', { filters: {} }, 400, 'filter'],
    ['an unknown member of the filter', { filter: { tenat: 'acme' } }, 400, 'filter.tenat'],
    ['a value of the wrong type', { filter: { tenant: 1 } }, 400, 'filter.tenant'],
    ['a key that is none', { filter: { key: 'abc' } }, 400, 'filter.key'],
    ['an empty filter', { filter: {} }, 400, 'filter'],
    ['a filter of nothing', { filter: { tenant: undefined } }, 400, 'filter'],
    ['an age of null', { filter: { older_than_seconds: null } }, 400, 'filter.older_than_seconds'],
    ['an empty age', { filter: { older_than_seconds: '' } }, 400, 'filter.older_than_seconds'],
    [
      'an age of false',
      { filter: { newer_than_seconds: false } },
      400,
      'filter.newer_than_seconds',
    ],
    ['everything and something', { filter: { all: true, tenant: 'acme' } }, 400, 'filter'],
    ['all, which is not true', { filter: { all: false } }, 400, 'filter.all'],
  ])('names what is wrong with %s, and deletes nothing', async (_, body, status, param) => {
    const made = operator()
    expect(await made.refusedBy('/admin/purge', body)).toMatchObject({ status, param })
    expect(made.qdrant.deletes).toEqual([])
  })

  it('names an unknown or malformed parameter', async () => {
    const { refusedBy } = operator()
    expect(await refusedBy('/admin/entries?tenat=acme')).toMatchObject({ param: 'tenat' })
    const age = 'older_than_seconds'
    expect(await refusedBy(`/admin/entries?${age}=`)).toMatchObject({ param: age })
    expect(await refusedBy('/admin/entries?limit=0')).toMatchObject({ param: 'limit' })
    expect(await refusedBy('/admin/entries?limit=11&content=1')).toMatchObject({ param: 'limit' })
    expect(await refusedBy('/admin/entries/count?by=tag')).toMatchObject({ param: 'by' })
  })

  it('rejects a body of more than 16 MiB', async () => {
    const answer = await operator().call('/admin/purge', 'x'.repeat(16 * 1024 * 1024 + 1))
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'request_too_large' } })
  })

  it.each([
    ['/admin/entries', undefined],
    ['/admin/entries/count', undefined],
    ['/admin/purge', { filter: { all: true } }],
    ['/admin/erase', { tenant: 'acme' }],
  ])('says that Qdrant failed on %s, and not how', async (path, body) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const secret = { fetch: () => new Response('the inner secret', { status: 500 }) }
    const { refusedBy } = operator({ hosts: { qdrant: secret } })
    const refused = await refusedBy(path, body)
    expect(refused).toMatchObject({ status: 503, code: 'store_unavailable' })
    expect(refused.message).not.toContain('secret')
    expect(warned).toHaveBeenCalled()
    warned.mockRestore()
  })
})
