import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AdminClient } from '../../infra/cli/admin-client.ts'
import { cassetteLines } from '../../infra/cli/cassette-file.ts'
import type { AddCommand } from '../../infra/cli/command.ts'
import { exportCommand } from '../../infra/cli/export.ts'
import { importCommand } from '../../infra/cli/import.ts'
import { warmCommand } from '../../infra/cli/warm.ts'
import type { CassetteEntry } from '../../src/admin/cassette.ts'
import type { ExportPage } from '../../src/admin/export.ts'
import type { Import } from '../../src/admin/import.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cassettes-'))
  file = join(folder, 'answers.jsonl')
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

/** A gateway as the commands see it: what it answers, by path, and what it was asked. */
function gateway(
  answers: Readonly<Record<string, (body: never, call: number) => object | Response>>,
) {
  const asked: { readonly path: string; readonly headers: Headers; readonly body: unknown }[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const path = new URL(request.url).pathname
    const text = await request.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    asked.push({ path, headers: request.headers, body })
    const calls = asked.filter((one) => one.path === path).length
    const answer = answers[path]?.(body as never, calls) ?? new Response('', { status: 404 })
    return answer instanceof Response ? answer : Response.json(answer)
  }
  vi.stubGlobal('fetch', fetch)
  return asked
}

/** Runs a command; resolves with its result, and with what it printed for people. */
async function run(command: AddCommand, ...args: string[]) {
  const results: [unknown, string][] = []
  const url = 'http://gateway'
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  command(program, () => ({
    admin: new AdminClient({ url, adminKey: 'admin' }),
    url,
    output: {
      json: false,
      result: (value, text) => void results.push([value, text]),
      note: () => {},
    },
  }))
  for (const added of program.commands) added.exitOverride().configureOutput({ writeErr: () => {} })
  await program.parseAsync(args, { from: 'user' })
  const [[value, text]] = results as [[unknown, string]]
  return { value, text }
}

const entry = (at: number, over: Partial<CassetteEntry['entry']> = {}): CassetteEntry => ({
  key: `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
  entry: {
    v: 1,
    proof: 'f'.repeat(64),
    tenant: 'ci',
    path: '/v1/chat/completions',
    model: 'small',
    namespace: '',
    tags: [],
    stored_at: 1,
    expires_at: 2,
    status: 200,
    content_type: 'application/json',
    mode: 'json',
    body: '{}',
    usage: null,
    cost_usd: null,
    latency_ms: 1,
    source: 'llm',
    created: null,
    ...over,
  },
})

const entries = (count: number) => Array.from({ length: count }, (_, at) => entry(at))

async function recorded(all: readonly CassetteEntry[]): Promise<void> {
  async function* each() {
    yield* all
  }
  const lines = await Array.fromAsync(cassetteLines({ created_at: 1, filter: {} }, each()))
  writeFileSync(file, lines.join(''))
}

/** The answer of a gateway that takes everything. */
const taken = ({ entries }: { entries: readonly CassetteEntry[] }): Import => ({
  imported: entries.length,
  expired: 0,
  too_large: 0,
  reported: 0,
  unreachable: [],
})

describe('edge export', () => {
  const pageOf = (all: readonly CassetteEntry[], next: string | null): ExportPage => ({
    entries: [...all],
    unreadable: 1,
    next,
  })

  it('follows the pages with one filter, and says whose entries it wrote', async () => {
    const [one, two] = entries(2) as [CassetteEntry, CassetteEntry]
    const asked = gateway({
      '/admin/entries/count': () => ({ total: 2 }),
      '/admin/export': (_, call) => (call === 1 ? pageOf([one], two.key) : pageOf([two], null)),
    })
    const { value, text } = await run(exportCommand, 'export', '--tag', 'ci', '--output', file)
    expect(asked.map(({ body }) => body)).toEqual([
      undefined,
      { filter: { tag: 'ci' } },
      { filter: { tag: 'ci' }, cursor: two.key },
    ])
    const tenants = [{ tenant: 'ci', entries: 2 }]
    expect(value).toEqual({ file, exported: 2, unreadable: 2, tenants })
    expect(text).toContain('2 of tenant ci')
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5)
  })

  it('leaves the file of before alone if it fails in the middle, and nothing else', async () => {
    writeFileSync(file, 'of before')
    gateway({
      '/admin/entries/count': () => ({ total: 2 }),
      '/admin/export': (_, call) =>
        call === 1 ? pageOf(entries(1), 'next') : new Response('', { status: 503 }),
    })
    await expect(run(exportCommand, 'export', '--all', '--output', file)).rejects.toThrow('503')
    expect(readdirSync(folder)).toEqual(['answers.jsonl'])
    expect(readFileSync(file, 'utf8')).toBe('of before')
  })

  it('asks which entries, rather than take all', async () => {
    const asked = gateway({})
    await expect(run(exportCommand, 'export', '--output', file)).rejects.toThrow('Which entries?')
    expect(asked).toEqual([])
  })
})

describe('edge import', () => {
  it.each([
    ['was changed', (text: string) => text.replace('small', 'large')],
    ['was cut off', (text: string) => text.slice(0, -2)],
    ['is no cassette', () => '{"path":"/v1/chat/completions","body":{}}\n'],
  ])('imports nothing of a file that %s', async (_, change) => {
    await recorded(entries(500))
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const asked = gateway({ '/admin/import': taken })
    await expect(run(importCommand, 'import', file)).rejects.toThrow('The file')
    expect(asked).toEqual([])
  })

  it('sends every entry once, in requests that a gateway takes, with a new life of a day', async () => {
    const large = Array.from({ length: 5 }, (_, at) =>
      entry(1_000 + at, { body: 'x'.repeat(1_000_000) }),
    )
    const all = [...entries(450), ...large]
    await recorded(all)
    const asked = gateway({ '/admin/import': taken })
    const { value } = await run(importCommand, 'import', file)
    const bodies = asked.map(
      ({ body }) => body as { entries: CassetteEntry[]; ttl_seconds: number },
    )
    expect(bodies.flatMap((body) => body.entries)).toEqual(all)
    for (const body of bodies) {
      expect(body.entries.length).toBeLessThanOrEqual(200)
      expect(JSON.stringify(body).length).toBeLessThan(3_000_000)
      expect(body.ttl_seconds).toBe(86_400)
    }
    expect(value).toEqual({
      file,
      imported: 455,
      expired: 0,
      too_large: 0,
      reported: 0,
      unreachable: [],
    })
    expect(process.exitCode).toBeUndefined()
  })

  it('keeps the expiry if it should', async () => {
    await recorded(entries(1))
    const asked = gateway({ '/admin/import': taken })
    await run(importCommand, 'import', file, '--keep-expiry')
    expect(asked[0]!.body).not.toHaveProperty('ttl_seconds')
  })

  it('fails if it answers nobody, and names the tenants that are missing', async () => {
    await recorded(entries(300))
    const unreachable = ({ entries: { length } }: { entries: unknown[] }) => [
      { tenant: 'ci', entries: length },
    ]
    gateway({
      '/admin/import': (body: { entries: CassetteEntry[] }) => ({
        ...taken(body),
        unreachable: unreachable(body),
      }),
    })
    const { value, text } = await run(importCommand, 'import', file)
    expect(value).toMatchObject({ imported: 300, unreachable: [{ tenant: 'ci', entries: 300 }] })
    expect(text).toContain('300 of tenant ci')
    expect(process.exitCode).toBe(1)
  })
})

describe('edge warm', () => {
  const PATH = '/v1/chat/completions'
  const filled = () =>
    Response.json(
      {},
      { headers: { 'x-cache': 'miss', 'cache-status': 'edge;stored', 'x-cache-key': 'k' } },
    )
  const requests = (count: number) => {
    const lines = Array.from({ length: count }, (_, n) =>
      JSON.stringify({ path: PATH, body: { n } }),
    )
    writeFileSync(file, lines.join('\n'))
  }

  it('sends nothing if one line is no request', async () => {
    writeFileSync(file, `{"path":"${PATH}","body":{}}\n{"path":"${PATH}"}\n`)
    const asked = gateway({ [PATH]: filled })
    await expect(run(warmCommand, 'warm', file)).rejects.toThrow(`Line 2 of ${file}`)
    expect(asked).toEqual([])
  })

  it("sends the caller's key from the environment or from a file, and tells of missing prices", async () => {
    requests(1)
    const asked = gateway({ [PATH]: filled })
    vi.stubEnv('EDGE_KEY', 'sk-environment')
    const { text } = await run(warmCommand, 'warm', file)
    const keyFile = join(folder, 'key')
    writeFileSync(keyFile, 'sk-file\n')
    await run(warmCommand, 'warm', file, '--key-file', keyFile)
    expect(asked.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer sk-environment',
      'Bearer sk-file',
    ])
    expect(text).toContain('1 answers have no known price')
  })

  it('ends what is under way at Ctrl-C, and goes on there the next time', async () => {
    requests(6)
    const state = join(folder, 'state')
    const asked = gateway({
      [PATH]: (_, call) => {
        if (call === 2) process.emit('SIGINT')
        return filled()
      },
    })
    const args = ['warm', file, '--state', state, '--concurrency', '1']
    const first = await run(warmCommand, ...args)
    expect(first.value).toMatchObject({ filled: 2, stopped: { reason: 'interrupted' } })
    expect(process.exitCode).toBe(1)
    process.exitCode = undefined
    const second = await run(warmCommand, ...args)
    expect(second.value).toMatchObject({ filled: 4, stopped: null, skipped: { 'done before': 2 } })
    expect(process.exitCode).toBeUndefined()
    expect(asked).toHaveLength(6)
    expect(process.listenerCount('SIGINT')).toBe(0)
  })

  it.each([
    [[]],
    [['requests.jsonl', '--mlflow', 'http://mlflow']],
    [['requests.jsonl', '--concurrency', '0']],
    [['requests.jsonl', '--rate', 'fast']],
    [['requests.jsonl', '--budget-usd', '0']],
  ])('refuses %j', async (args) => {
    await expect(run(warmCommand, 'warm', ...args)).rejects.toMatchObject({ exitCode: 1 })
  })
})
