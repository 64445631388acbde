import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CAPABILITIES } from './client.ts'
import type { Capability } from './client.ts'
import { APIS, NOTES, WITH_RETRY_AFTER } from './row.ts'
import type { Note, Row } from './row.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = resolve(ROOT, 'docs/api.md')
const MARKERS = ['<!-- matrix of clients: begin -->\n', '<!-- matrix of clients: end -->'] as const

/** Whether a cell's test passed in this run, by row and capability. */
export type Measured = ReadonlyMap<Row, ReadonlySet<Capability>>

/** The matrix in Markdown, with the reasons for its dashes. */
export function matrix(rows: readonly Row[], measured: Measured): string {
  const capabilities = Object.keys(CAPABILITIES) as Capability[]
  const notes: Note[] = []
  const cell = (row: Row, capability: Capability) => {
    const note = row.lacks[capability]
    if (note === undefined) {
      if (!measured.get(row)?.has(capability)) return '**failed**'
      if (capability === 'retry' && !WITH_RETRY_AFTER.has(row.api)) return 'on its own schedule'
      return (capability === 'headers' && row.headers) || 'yes'
    }
    if (!notes.includes(note)) notes.push(note)
    return `– (${notes.indexOf(note) + 1})`
  }
  const head = ['SDK', 'API', ...capabilities.map((one) => CAPABILITIES[one])]
  const lines = rows.map((row) => [
    `\`${row.sdk}\`${versionOf(row)} (${row.language})`,
    APIS[row.api],
    ...capabilities.map((one) => cell(row, one)),
  ])
  const [first, ...others] = [head, ...lines].map((cells) => `| ${cells.join(' | ')} |\n`)
  const rule = `|${'---|'.repeat(head.length)}\n`
  const reasons = notes.map((note, at) => `${at + 1}. ${NOTES[note]}\n`)
  return `\n${first}${rule}${others.join('')}\n${reasons.join('')}\n`
}

/** The matrix between the markers of docs/api.md. */
export function documented(): string {
  const [, after = ''] = readFileSync(PAGE, 'utf8').split(MARKERS[0])
  return after.split(MARKERS[1])[0]!
}

/** Replaces the matrix in docs/api.md. */
export function document(text: string): void {
  const [before, after = ''] = readFileSync(PAGE, 'utf8').split(MARKERS[0])
  const rest = after.slice(after.indexOf(MARKERS[1]))
  writeFileSync(PAGE, `${before}${MARKERS[0]}${text}${rest}`)
}

/** The exact version that was driven, after a space; empty for programs of the machine. */
function versionOf({ sdk, language, lock = 'current' }: Row): string {
  if (language === 'shell') return ''
  if (language === 'Node') {
    const path = resolve(ROOT, 'node_modules', sdk, 'package.json')
    return ` ${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`
  }
  const text = readFileSync(resolve(ROOT, 'infra/clients', `${lock}.lock`), 'utf8')
  const [, version = ''] = new RegExp(`^${sdk}==(\\S+)`, 'm').exec(text) ?? []
  return ` ${version}`
}
