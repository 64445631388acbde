import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(resolve(root, 'docs/architecture.md'), 'utf8')

/** The files of the tree, by path. */
function listed(): string[] {
  const [, tree = ''] = /^```\nsrc\/\n([^`]*)```/m.exec(page) ?? []
  const files: string[] = []
  let folder = ''
  for (const line of tree.split('\n')) {
    const [, name] = /^ +(\S+)/.exec(line) ?? []
    if (name === undefined) continue
    if (name.endsWith('/')) folder = name
    else files.push(`src/${line.startsWith('    ') ? folder : ''}${name}`)
  }
  return files
}

describe('docs/architecture.md', () => {
  it('lists exactly the files in src/', () => {
    expect(listed().sort()).toEqual(globSync('src/**/*.{ts,tsx}', { cwd: root }).sort())
  })

  it('lists the folders in the order that the linter enforces', () => {
    const config = readFileSync(resolve(root, 'oxlint.config.ts'), 'utf8')
    const [, folders = ''] = /const FOLDERS = \[([^\]]*)\]/.exec(config) ?? []
    const enforced = [...folders.matchAll(/'(\w+)'/g)].map(([, name]) => name)
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    const shown = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)\/`/g)])
    expect(shown.map(([, name]) => name)).toEqual(enforced)
  })

  it('links every decision in the order of the index of decisions', () => {
    const files = globSync('docs/decisions/[0-9]*.md', { cwd: root }).sort()
    const linked = (text: string) =>
      [...text.matchAll(/\]\((?:decisions\/)?(\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file)
    const names = files.map((file) => file.replace('docs/decisions/', ''))
    expect(names.length).toBeGreaterThan(7)
    const [, list = ''] = page.split('\n## Decisions\n')
    expect(linked(list)).toEqual(names)
    expect(linked(readFileSync(resolve(root, 'docs/decisions/README.md'), 'utf8'))).toEqual(names)
  })
})
