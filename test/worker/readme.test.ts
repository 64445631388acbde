import { expect, it } from 'vitest'
import { gateway, WITHOUT_KEYS } from '../support/gateway.ts'
import readme from '../../README.md?raw'

/** Each curl command of the README with a body, and the key in the headers that are shown below it. */
const shown = [
  ...readme.matchAll(
    /curl -i \S+?(\/v1\/\S+)[^`]*?-d '([^']+)'\n```\n\n[^`]*```\n[^`]*?key="([^"]+)"/g,
  ),
]

it("the README's requests have the cache keys that it shows", async () => {
  expect(shown).toHaveLength(3)
  for (const [, path = '', body = '', key] of shown) {
    const { post } = gateway({ env: WITHOUT_KEYS })
    const response = await post(path, JSON.parse(body) as Record<string, unknown>)
    expect(response.headers.get('x-cache-key')).toBe(key)
  }
})
