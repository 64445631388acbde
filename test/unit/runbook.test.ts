import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(resolve(root, 'docs/operations.md'), 'utf8')
const [, section = ''] = /\n## Runbook\n([\s\S]*?)\n## /.exec(page) ?? []
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| you see'))
  .map(
    (row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()) as [string, string, string],
  )

/** The test on the real stack that brings the situation of a row about, by its first cell. */
const EXERCISED: Readonly<Record<string, readonly [file: string, name: string]>> = {
  'a wrong answer with `x-cache: exact-hit`': [
    'runbook',
    'a wrong answer is gone everywhere after its report',
  ],
  'a wrong answer with `x-cache: semantic-hit`': [
    'report',
    'a reported semantic hit of the real stack is never matched again, and is exported',
  ],
  'answers of a prompt that was withdrawn': [
    'purge',
    'deletes the answers of a label only, and shows before what it would delete',
  ],
  'a customer wants their data erased': [
    'purge',
    'erases a tenant in both collections, and says what it cannot reach',
  ],
  'the same request is a miss every time': [
    'explain',
    'names the time stamp in a system prompt, and a changed setting',
  ],
  'answers of one model are never stored': [
    'explain',
    'says that an answer was never stored, and why',
  ],
  'nobody knows whether a request is cached': [
    'purge',
    'finds, purges and so refreshes the answer to a request, also in LiteLLM',
  ],
  'every answer is a miss': ['doctor', 'names Qdrant if that is down'],
  'no semantic hits': ['doctor', 'names the judge if that is down'],
  'every call fails with 401': ['doctor', 'tells a wrong key from a LiteLLM that is down'],
  'no new traces in MLflow': ['doctor', 'names MLflow if that hangs'],
  'answers live too long or too short, or `detail="policy …"`': [
    'runbook',
    'the rule that keeps a model from the cache is named',
  ],
  'the cache is cold after an upgrade or a move': [
    'warm',
    'stops when the budget is spent, and goes on with more where it stopped',
  ],
  'CI calls a real model': [
    'cassettes',
    'answers the same test from the cassette, in an empty cache and without LiteLLM',
  ],
  'the collection grows, and nobody knows why': [
    'purge',
    'lists and counts entries without content',
  ],
}

const helpOf = new Map<string, string>()
function help(command: string): string {
  const known =
    helpOf.get(command) ??
    execFileSync(process.execPath, [resolve(root, 'infra/cli/edge.ts'), command, '--help'], {
      encoding: 'utf8',
    })
  helpOf.set(command, known)
  return known
}

describe('the runbook', () => {
  it('has a test on the real stack for every row, and no other', () => {
    expect(rows.map(([seen]) => seen)).toEqual(Object.keys(EXERCISED))
    for (const [file, name] of Object.values(EXERCISED)) {
      const tests = readFileSync(resolve(root, `test/stack/${file}.test.ts`), 'utf8')
      expect(tests.includes(`it('${name}'`) || tests.includes(`it("${name}"`), name).toBe(true)
    }
  })

  it('names only commands and options that exist', () => {
    const commands = [...section.matchAll(/`edge ([a-z]+)([^`]*)`/g)]
    expect(commands.length).toBeGreaterThan(12)
    for (const [, command = '', options = ''] of commands) {
      for (const [option] of options.matchAll(/--[a-z-]+/g)) {
        expect(help(command), `edge ${command}`).toContain(`${option} `)
      }
      expect(help(command)).toContain(`edge-llm-cache ${command}`)
    }
  })
})
