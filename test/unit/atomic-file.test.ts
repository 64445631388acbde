import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAtomically } from '../../infra/cli/atomic-file.ts'

const MODULE = resolve(import.meta.dirname, '../../infra/cli/atomic-file.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file that is written atomically', () => {
  it('has all parts, and only its owner may read it', async () => {
    const file = join(folder, 'a')
    await writeAtomically(file, texts('one', 'two'))
    expect(readFileSync(file, 'utf8')).toBe('onetwo')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('is not there, nor a part of it, if its text ends in an error', async () => {
    async function* broken() {
      yield 'one'
      throw new Error('broken')
    }
    await expect(writeAtomically(join(folder, 'a'), broken())).rejects.toThrow('broken')
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind if %s ends the command', async (signal, code) => {
    const script = `
      import { writeAtomically } from ${JSON.stringify(MODULE)}
      async function* endless() {
        yield 'one'
        console.log('begun')
        await new Promise(() => setInterval(() => {}, 1_000))
      }
      await writeAtomically('a', endless())`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder })
    await new Promise((begun) => child.stdout.once('data', begun))
    expect(readdirSync(folder)).toHaveLength(1)
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    expect(await ended).toBe(code)
    expect(readdirSync(folder)).toEqual([])
  })
})

async function* texts(...all: string[]) {
  yield* all
}
