import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

describe('make semantic-eval', () => {
  it('prints the rates at each threshold, draws them, and finds them again through LiteLLM', () => {
    const CHART = join(mkdtempSync(join(tmpdir(), 'eval-')), 'eval.svg')
    const { status, stdout } = spawnSync('make', ['semantic-eval'], {
      cwd: resolve(import.meta.dirname, '../..'),
      encoding: 'utf8',
      // Not the test split: it is not for being looked at with every run.
      env: { ...process.env, SPLIT: 'tune', PAIRS: '600', SAMPLE: '6', CHART },
    })
    console.log(stdout)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\| en \(\d+\) \|/m)
    expect(stdout).toMatch(/^Near misses that pass at 0\.70: /m)
    const rows = stdout.split('\n').filter((line) => /^\| 0\.\d\d \|/.test(line))
    expect(rows).toHaveLength(9)
    const [, ...rates] = rows[2]!.match(/[\d.]+(?= %| \|)/g)!.map(Number) as [number, ...number[]]
    const [paraphrases, nearMisses, guardedParaphrases, guardedNearMisses] = rates as [
      number,
      number,
      number,
      number,
    ]
    expect(paraphrases).toBeGreaterThan(guardedParaphrases)
    expect(guardedParaphrases).toBeGreaterThan(40)
    // The goal: ten times fewer wrong answers than by the threshold alone.
    expect(guardedNearMisses * 10).toBeLessThan(nearMisses)
    expect(stdout).toMatch(/Through LiteLLM at its threshold: \d+ of \d+ paraphrases/)
    expect(readFileSync(CHART, 'utf8')).toMatch(/^<svg [^>]+>[\s\S]+<\/svg>\n$/)
  }, 180_000)
})
