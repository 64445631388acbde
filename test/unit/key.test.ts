import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

const run = (...args: string[]) => ['infra/key.ts', ...args]

describe('npm run key', () => {
  it('prints a new key and its GATEWAY_KEYS entry with the digest', () => {
    const printed = [1, 2].map(() =>
      execFileSync(process.execPath, run('acme', 'openai/*'), { encoding: 'utf8' }),
    )
    const keys = printed.map((text) => {
      const [key = ''] = /gw-[0-9a-f]{48}/.exec(text) ?? []
      const entry = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '') as Record<string, unknown>
      expect(entry).toEqual({
        sha256: createHash('sha256').update(key).digest('hex'),
        tenant: 'acme',
        models: ['openai/*'],
      })
      return key
    })
    expect(new Set(keys).size).toBe(2)
  })

  it('prints its usage and exits with 1 if the tenant is missing or invalid', () => {
    for (const args of [[], [''], ['["acme"]'], ['team:acme'], ['user:acme']]) {
      const { status, stderr } = spawnSync(process.execPath, run(...args), { encoding: 'utf8' })
      expect(status).toBe(1)
      expect(stderr).toContain('npm run key -- tenant')
    }
  })
})
