import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../../src/config.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const operations = read('docs/operations.md')
const code = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && file !== 'telemetry/log.ts')
  .map((file) => read(`src/${file}`))
  .join('\n')

/** Every call that writes a log line. */
const logged = [
  ...[...code.matchAll(/\b(error|warn|info)\(\s*'([^']+)'/g)].map(([, level, event]) => ({
    level: level!,
    event: event!,
  })),
  // The line about a request has a level that depends on its status.
  { level: 'debug, warn', event: 'request' },
]

/** The rows of a section's tables, cell by cell, without their heads. */
function rows(section: string): string[][] {
  const [, text = ''] = operations.split(`\n## ${section}\n`)
  return text
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1))
}

describe('docs/operations.md', () => {
  it('limits no answer in its commands, because an answer that is cut off is never stored', () => {
    for (const page of [operations, read('docs/deployment.md')]) {
      expect(page).not.toMatch(/"max_(completion_)?tokens"/)
    }
  })

  it('lists exactly the log events of the code, with their levels', () => {
    const calls = [...code.matchAll(/(?<!\.)\b(?:error|warn|info|log)\(|\bconsole\./g)]
    expect(logged).toHaveLength(calls.length) // every event is a literal
    const events = new Set(logged.map(({ level, event }) => `${level}: ${event}`))
    const listed = rows('Log events')
      .slice(1)
      .map(([event, level]) => `${level}: ${event!.replaceAll('`', '')}`)
    expect(events.size).toBeGreaterThan(20)
    expect(listed.toSorted()).toEqual([...events].toSorted())
  })

  it('names only log events that exist', () => {
    const named = [...operations.matchAll(/log event `([^`]+)`/g)].map(([, event]) => event!)
    expect(named.length).toBeGreaterThan(5)
    expect(logged.map(({ event }) => event)).toEqual(expect.arrayContaining(named))
  })

  it('has a row for every error that an operator can cause or cure', () => {
    const codes = [...read('src/errors.ts').matchAll(/^ {2}(\w+): \[(\d{3}),/gm)]
    const ofTheCaller = new Set(['400', '404', '405'])
    for (const [, name, status] of codes) {
      if (!ofTheCaller.has(status!)) expect(operations).toContain(`| ${status} \`${name}\``)
    }
  })

  it('explains every Cache-Status detail of a bypass or a failed lookup', () => {
    const bypasses = [
      ...[...code.matchAll(/^ +\[.+, ['"]([^'"].+)['"]\],$/gm)].map(([, reason]) => reason!),
      'request too large',
      'request too complex',
      'number or text without a canonical form',
      'no-store',
    ]
    const failures = [...code.matchAll(/['"](lookup [a-z ]+)['"]/g)].map(([, reason]) => reason!)
    expect(bypasses.length).toBeGreaterThan(7)
    expect(new Set(failures).size).toBeGreaterThan(2)
    for (const reason of [...bypasses, ...failures, 'pool busy']) {
      expect(operations).toContain(reason)
    }
  })

  it('explains every field of the health endpoint', () => {
    const fields = rows('Health endpoint').map(([field]) => field!.replaceAll('`', ''))
    const answer = /return c\.json\(\{ status, dependencies, \.\.\.inside \}/.test(code)
    expect(answer).toBe(true)
    const [, inside = ''] = /const inside = \{([^}]+)\}/.exec(read('src/routes/health.ts')) ?? []
    const names = [...inside.matchAll(/^ +(\w+):/gm)].map(([, name]) => name!)
    expect(names).toHaveLength(4)
    for (const name of ['status', 'dependencies', ...names]) {
      expect(fields.some((field) => field.split('.')[0] === name)).toBe(true)
    }
    for (const part of ['litellm', 'qdrant', 'mlflow', 'semantic-judge']) {
      expect(fields).toContain(`dependencies.${part}`)
    }
  })

  it('has no command with an empty Qdrant filter', () => {
    const commands = [...operations.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text)
    expect(commands.join('')).toContain('"filter"')
    expect(commands.join('')).not.toMatch(/"filter":\s*\{\s*\}|"must":\s*\[\s*\]/)
  })
})

/** GitHub's name for a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsOf = (markdown: string) =>
  [...markdown.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    anchorOf(heading!),
  )

describe.each(['docs/operations.md', 'docs/deployment.md', 'infra/README.md'])('%s', (file) => {
  const page = read(file)

  it('links only to files and headings that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link!)
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? resolve(root, file) : resolve(root, dirname(file), path)
      expect(existsSync(target), `${link} in ${file}`).toBe(true)
      if (anchor === undefined) continue
      expect(anchorsOf(read(relative(root, target))), `${link} in ${file}`).toContain(anchor)
    }
  })

  it('names only settings, make targets and scripts that exist', () => {
    const makefile = read('Makefile')
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const [, target] of page.matchAll(/`make ([a-z-]+)/g)) {
      expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
    }
    for (const [, script] of page.matchAll(/npm run (?:--silent )?([a-z-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
    // Of settings with a prefix that is the gateway's alone.
    const own = /\b(?:CACHE|SEMANTIC|COALESCE|EDGE|FLIGHT|TRACE)_[A-Z_]+\b/g
    for (const [name] of page.matchAll(own)) {
      if (name === 'SEMANTIC_JUDGE_API_BASE') continue // LiteLLM's
      if (name === 'EDGE_URL') continue // the command's
      expect(Object.keys(settings.shape)).toContain(name)
    }
  })
})

describe('docs/deployment.md', () => {
  it('creates the collection as the Worker does, in both deployment paths', () => {
    const page = read('docs/deployment.md')
    const store = read('src/store/qdrant.ts')
    const [, indexes = ''] = /const INDEXES = \{([\s\S]+?)\n\} as const/.exec(store) ?? []
    const names = [...indexes.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name!)
    expect(names.length).toBeGreaterThanOrEqual(9)
    for (const name of names) {
      expect(page.split(`{"field_name":"${name}",`)).toHaveLength(3)
    }
    const collection = '{"vectors":{},"shard_number":1,"on_disk_payload":true,'
    expect(page.split(collection)).toHaveLength(3)
  })
})
