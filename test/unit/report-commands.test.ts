import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { AdminClient } from '../../infra/cli/admin-client.ts'
import { reportCommand } from '../../infra/cli/report.ts'
import { reportsCommand } from '../../infra/cli/reports.ts'
import { exportedPairs } from '../../src/admin/reports.ts'
import type { ReportStore } from '../../src/store/report-store.ts'
import { wrongAnswer } from '../contract/report-contract.ts'
import { pairsOf } from '../semantic-eval/pairs.ts'

const KEY = '0c7d1f7e-0000-0000-0000-000000000001'
const NOW = 1_790_000_000_000

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Runs a command against a gateway that answers like this; what it prints, and what it sent. */
async function run(args: readonly string[], answer: unknown, json = false) {
  const asked: { readonly url: string; readonly method: string; readonly body: unknown }[] = []
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const body = init.body === undefined ? undefined : (JSON.parse(String(init.body)) as unknown)
    asked.push({ url: input, method: init.method ?? '', body })
    const isBody = typeof answer === 'string' || answer instanceof ReadableStream
    return isBody ? new Response(answer) : Response.json(answer)
  })
  const printed: { value: unknown; text: string }[] = []
  const output = {
    json,
    result: (value: unknown, text: string) => void printed.push({ value, text }),
    note: () => {},
  }
  const url = 'http://gateway'
  const admin = new AdminClient({ url, adminKey: 'admin' })
  const program = new Command().exitOverride()
  for (const add of [reportCommand, reportsCommand]) add(program, () => ({ admin, url, output }))
  await program.parseAsync(args, { from: 'user' })
  return { asked, ...printed[0]! }
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'pairs.jsonl')
}

describe('the command report', () => {
  const done = { layer: 'semantic', purged: 1, pair_refused: true, near_tiers_until: NOW }

  it('reports by key, and says what was done', async () => {
    const { asked, text, value } = await run(['report', '--key', KEY, '--reason', 'swapped'], done)
    const [{ url, method, body }] = asked as [(typeof asked)[number]]
    expect([method, url, body]).toEqual([
      'POST',
      'http://gateway/admin/report',
      { key: KEY, reason: 'swapped' },
    ])
    expect(value).toEqual(done)
    expect(text).toContain('Deleted 1 entry.')
    expect(text).toContain('never matched again')
    expect(text).toContain(new Date(NOW).toISOString())
  })

  it('reports by request id and tenant', async () => {
    const args = ['report', '--request-id', 'req-1', '--tenant', 'acme']
    const { asked, text } = await run(args, { ...done, layer: 'exact', purged: 2 })
    expect(asked[0]?.body).toEqual({ request_id: 'req-1', tenant: 'acme' })
    expect(text).toContain('Deleted 2 entries.')
    expect(text).not.toContain('semantic')
  })

  it('says that a pair is not known, and so can match again', async () => {
    const { text } = await run(['report', '--key', KEY], { ...done, pair_refused: false })
    expect(text).toContain('can match again')
  })

  it.each([[[]], [['--key', KEY, '--request-id', 'req-1']]])(
    'needs one of --key and --request-id: %j',
    async (args) => {
      await expect(run(['report', ...args], done)).rejects.toMatchObject({
        message: 'Which answer?',
      })
    },
  )
})

describe('the command reports', () => {
  const { v: _, a, b, ...listed } = wrongAnswer()

  it('writes no file if the export breaks off', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error('terminated')),
    })
    const file = temporaryFile()
    await expect(run(['reports', '--export', file], broken)).rejects.toMatchObject({
      name: 'CommandError',
      message: 'The answer broke off: terminated.',
    })
    expect(existsSync(file)).toBe(false)
  })

  it('lists reports, with their questions if asked for, and names the next page', async () => {
    const answer = { reports: [{ id: KEY, ...listed, content: { a, b } }], next: KEY }
    const { asked, text } = await run(['reports', '--tenant', 'acme', '--content'], answer)
    expect(asked[0]?.url).toBe('http://gateway/admin/reports?tenant=acme&content=1')
    for (const part of [a!, b!, listed.key, 'another direction', `--cursor ${KEY}`]) {
      expect(text).toContain(part)
    }
  })

  it('prints no control characters of callers, which a terminal would obey', async () => {
    const hostile = '\u001b[2J\u0007\n'
    const report = { id: KEY, ...listed, tenant: hostile, model: hostile, reason: hostile }
    const content = { a: hostile, b: hostile }
    const { text } = await run(['reports'], { reports: [{ ...report, content }], next: null })
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('says that there are none', async () => {
    expect((await run(['reports'], { reports: [], next: null })).text).toBe('No reports.')
  })

  it('exports pairs that make semantic-eval reads', async () => {
    const stored = [
      { id: KEY, report: wrongAnswer({ a: 'Line\nbreak "quoted"' }) },
      { id: KEY, report: wrongAnswer({ a: undefined, b: undefined }) },
    ]
    const page: ReportStore['page'] = async () => ({ reports: stored, next: undefined })
    let lines = ''
    for await (const some of exportedPairs({}, { page })) lines += some
    const file = temporaryFile()
    const { value } = await run(['reports', '--export', file], lines)
    expect(value).toEqual({ file, pairs: 1 })
    expect(readFileSync(file, 'utf8')).toBe(lines)
    expect(pairsOf(file)).toEqual([
      {
        id: KEY,
        category: 'reported',
        language: 'und',
        same: false,
        a: 'Line\nbreak "quoted"',
        b: 'Convert 10 km to miles',
      },
    ])
  })

  it('names a file that cannot be written', async () => {
    const saving = run(['reports', '--export', '/nowhere/pairs.jsonl'], '')
    await expect(saving).rejects.toMatchObject({ cure: 'Name another file.' })
  })
})
