import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorInput } from '../../src/admin/doctor.ts'
import { MOST_TOKENS } from '../../src/doctor/canary.ts'
import { CANARY_MS } from '../../src/doctor/gateway.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const page = read('docs/doctor.md')

describe('docs/doctor.md', () => {
  it('lists every option of the command, and every field of the body', () => {
    const options = [...read('infra/cli/doctor.ts').matchAll(/\.option\('(--[a-z-]+)/g)]
    expect(options.length).toBeGreaterThan(4)
    for (const [, option] of options) expect(page).toContain(`| \`${option}\``)
    for (const field of Object.keys(doctorInput.shape)) expect(page).toContain(`"${field}": `)
  })

  it('states the limits in the code', () => {
    expect(page).toContain(`limited to ${MOST_TOKENS} tokens`)
    expect(page).toContain(`the canary ${CANARY_MS / 1000} s`)
    const code = read('src/doctor/check.ts') + read('src/doctor/judge.ts')
    expect(code).toMatch(/\bTIMEOUT_MS = 5_000/)
    expect(code).toMatch(/\bLONGEST_MS = 15_000/)
    expect(page).toContain('Each has 5 s, the judge 15 s')
  })

  it('starts with a command whose admin key is that of `make dev`', () => {
    const [, key = ''] = /const ADMIN_KEY = '([^']+)'/.exec(read('infra/local/dev.ts')) ?? []
    expect(key).not.toBe('')
    expect(read('Makefile')).toMatch(new RegExp(`^doctor:.*\\n\\t.*ADMIN_KEY=${key} `, 'm'))
  })
})
