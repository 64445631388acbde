import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../../src/config.ts'

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
const readme = read('README.md')
const makefile = read('Makefile')
const errors = read('src/errors.ts')

/** The rows of the section's tables, cell by cell. */
function rows(section: string): string[][] {
  const [, text = ''] = readme.split(`\n## ${section}\n`)
  return text
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

const code = (cell = '') => /^`([^`]+)`/.exec(cell)?.[1]

describe('the README', () => {
  it('lists every setting with its default, and no other', () => {
    const defaults = settings
      .partial({ LITELLM_URL: true, LITELLM_API_KEY: true, QDRANT_URL: true })
      .parse({}) as Record<string, unknown>
    const listed = rows('Configure').slice(1)
    expect(listed.map(([name]) => code(name))).toEqual(Object.keys(settings.shape))
    for (const [name, fallback] of listed) {
      const value = defaults[code(name)!]
      if (value === undefined) expect(fallback).toMatch(/^(required|none)/)
      else expect(code(fallback)).toBe(String(value))
    }
  })

  it('lists every error code with its status', () => {
    const inCode = [...errors.matchAll(/^ {2}(\w+): \[(\d{3}),/gm)].map(([, name, status]) => [
      status,
      name,
    ])
    const listed = rows('Use it')
      .filter(([status]) => /^\d{3}$/.test(status!))
      .map(([status, name]) => [status, code(name)])
    expect(listed).toEqual(inCode)
  })

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
