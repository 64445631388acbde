import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endUserTenant, tenantParts } from '../../src/cache/tenant.ts'

describe('the tenant of an end user', () => {
  it('has the tenant and the end user that it was made of, whatever they contain', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (owner, user) => {
        expect(tenantParts(endUserTenant(owner, user))).toEqual({ owner, user })
      }),
    )
  })

  it.each(['acme', '', '[', '["acme"]', '["a","b","c"]', '["a", "b"]', '["\\q","b"]', '[1,2]'])(
    'is not taken for one if it is %s',
    (tenant) => {
      expect(tenantParts(tenant)).toEqual({ owner: tenant })
    },
  )
})
