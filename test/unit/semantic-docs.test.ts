import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(resolve(root, 'docs/semantic-cache.md'), 'utf8')
const folder = resolve(root, 'src/semantic')
const code = readdirSync(folder)
  .map((file) => readFileSync(resolve(folder, file), 'utf8'))
  .join('\n')

describe('docs/semantic-cache.md', () => {
  const reasons = [...code.matchAll(/['`]semantic: ([a-z ]+[a-z])/g)].map(([, reason]) => reason!)

  it('explains every reason that Cache-Status gives for a refused hit', () => {
    expect(new Set(reasons).size).toBeGreaterThan(8)
    for (const reason of reasons) expect(page).toContain(`\`semantic: ${reason}`)
  })

  it('names only make targets that exist', () => {
    const makefile = readFileSync(resolve(root, 'Makefile'), 'utf8')
    for (const [, target] of page.matchAll(/`make ([a-z-]+)/g)) {
      expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
    }
  })

  it('lists the members that an eligible request may have', () => {
    const [, listed = ''] = /new Set\(\[([^\]]*)\.\.\.Object/.exec(code) ?? []
    const members = [...listed.matchAll(/'(\w+)'/g)].map(([, name]) => name!)
    expect(members.length).toBeGreaterThan(10)
    for (const name of members.filter((one) => one !== 'messages')) {
      expect(page).toContain(`\`${name}\``)
    }
  })
})
