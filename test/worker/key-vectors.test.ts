import { describe, expect, it } from 'vitest'
import { cachedApis } from '../../src/apis/cached-apis.ts'
import { canonicalRequest, KEY_FORMAT } from '../../src/cache/canonical.ts'
import { parseJson } from '../../src/cache/parse-json.ts'
import type { JsonObject } from '../../src/cache/json.ts'
import { keyOf } from '../../src/cache/key.ts'
import golden from '../fixtures/keys/vectors.json'

describe('the golden key vectors', () => {
  it('have the current key format', () => expect(golden.format).toBe(KEY_FORMAT))

  for (const { name, request, canonical, key, proof, ...identity } of golden.vectors) {
    it(`give the same text, key and proof: ${name}`, async () => {
      const { value, faithful } = parseJson(request)
      expect(faithful).toBe(true)
      const headers = identity.headers as Record<string, string> | undefined
      const api = cachedApis.find(({ path }) => path === identity.path.split('?')[0])!
      const text = canonicalRequest({
        ...identity,
        headers: headers ?? {},
        body: api.keyBody?.(value as JsonObject) ?? (value as JsonObject),
        counted: api.counted ?? [],
      })
      expect(text).toBe(canonical)
      expect(await keyOf(text)).toEqual({ id: key, proof })
    })
  }
})
