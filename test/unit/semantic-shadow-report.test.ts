import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const script = resolve(import.meta.dirname, '../../infra/semantic-shadow-report.ts')

function report(input: string, env: Record<string, string> = { FILE: '-' }) {
  const { FILE: _file, OVERLAP: _overlap, ...rest } = process.env
  return spawnSync(process.execPath, [script], {
    input,
    encoding: 'utf8',
    env: { ...rest, ...env },
  })
}

const line = (over: object) =>
  JSON.stringify({ level: 'info', event: 'semantic shadow', similarity: 0.9, ...over })

const agreeing = line({ same: 0.98, verdict: 'hit', agrees: true, overlap: 1 })
const alike = line({ same: 0.92, verdict: 'hit', agrees: false, overlap: 0.6 })
const different = line({ same: 0.55, verdict: 'not the same (0.55)', agrees: false, overlap: 0.1 })
const injection = line({
  same: 0.99,
  verdict: 'speaks to the judge (0.90)',
  agrees: false,
  overlap: 0,
})
const unverified = line({ verdict: 'judge unavailable', agrees: true, overlap: 1 })
const incomparable = line({ same: 0.96, verdict: 'hit' })

/** The cells of the row for a threshold. */
function row(output: string, threshold: string): string[] | undefined {
  const found = output.split('\n').find((text) => text.startsWith(`| ${threshold} |`))
  return found
    ?.split('|')
    .slice(2, -1)
    .map((cell) => cell.trim())
}

describe('make semantic-shadow-report', () => {
  const log = [agreeing, alike, different, injection, unverified, incomparable].join('\n')

  it('counts the hits at each threshold and how their answers compare', () => {
    const { stdout, status } = report(log)
    expect(status).toBe(0)
    expect(row(stdout, 'similarity alone')).toEqual(['6', '3 (60.0 %)', '2 (40.0 %)'])
    expect(row(stdout, '0.50')).toEqual(['4', '2 (66.7 %)', '1 (33.3 %)'])
    expect(row(stdout, '0.90')).toEqual(['3', '2 (100.0 %)', '0 (0.0 %)'])
    expect(row(stdout, '0.97')).toEqual(['1', '1 (100.0 %)', '0 (0.0 %)'])
    expect(row(stdout, '0.99')).toEqual(['0', '0', '0'])
    expect(stdout.match(/^\| 0\.\d\d \|/gm)).toHaveLength(10)
    expect(stdout).toContain(
      'Verdicts: hit 3, not the same 1, speaks to the judge 1, judge unavailable 1. ' +
        'Not comparable, and so in neither of the last columns: 1.',
    )
  })

  it('takes the overlap from which two answers count as alike from OVERLAP', () => {
    const { stdout } = report(log, { FILE: '-', OVERLAP: '0.7' })
    expect(row(stdout, '0.90')).toEqual(['3', '1 (50.0 %)', '1 (50.0 %)'])
    expect(stdout).toContain('at least 70 %')
  })

  it('skips other lines and reads log lines with a prefix', () => {
    const others = ['Listening on 8787', '{"event":"other"}', '{ half a line', '']
    const { stdout } = report([...others, `gateway | ${agreeing}`, ...others].join('\n'))
    expect(row(stdout, 'similarity alone')).toEqual(['1', '1 (100.0 %)', '0 (0.0 %)'])
  })

  it.each([0, 4])('reads the events of wrangler tail, indented by %i', (indent) => {
    const event = {
      outcome: 'ok',
      logs: [
        { message: ['something else', 3, null], level: 'log' },
        { message: [agreeing], level: 'log' },
        { message: [different], level: 'log' },
      ],
      exceptions: [],
    }
    const text = JSON.stringify(event, null, indent)
    const { stdout } = report(`${text}\n${text}\n${alike}\n`)
    expect(row(stdout, 'similarity alone')).toEqual(['5', '3 (60.0 %)', '2 (40.0 %)'])
  })

  it.each<[string, string, Record<string, string>, RegExp]>([
    ['without FILE', log, {}, /^make semantic-shadow-report FILE=/],
    ['with an OVERLAP that is not a share', log, { FILE: '-', OVERLAP: '50' }, /\[OVERLAP=0\.5\]/],
    ['with a FILE that does not exist', log, { FILE: '/nowhere' }, /^\/nowhere cannot be read/],
    ['with a log without shadow lines', 'hello', { FILE: '-' }, /holds no line of SEMANTIC/],
  ])('exits with 1 and an error message %s', (_, input, env, message) => {
    const { status, stdout, stderr } = report(input, env)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
