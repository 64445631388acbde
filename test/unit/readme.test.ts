import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
const readme = read('README.md')
const makefile = read('Makefile')

describe('README.md', () => {
  it('names only make targets and scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const [, target] of readme.matchAll(/`make ([a-z-]+)/g)) {
      expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
    }
    for (const [, script] of readme.matchAll(/`npm run ([a-z-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
  })
})
