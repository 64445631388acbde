import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addresses } from '../stack/client.ts'
import { startProvider } from './provider.ts'
import type { Provider } from './provider.ts'
import { recorder, stored } from './recorder.ts'
import type { Recorder } from './recorder.ts'
import { rows } from './table.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = readFileSync(resolve(ROOT, 'docs/api.md'), 'utf8')
const [, SECTION = ''] = /\n## Clients\n([\s\S]*?)(?=\n## |$)/.exec(PAGE) ?? []

/** Each code block below a heading of the section, with the SDK that the heading names. */
const snippets = SECTION.split('\n### ')
  .slice(1)
  .flatMap((part) => {
    const [heading = ''] = part.split('\n')
    const [, sdk = ''] = /`([^`]+)`/.exec(heading) ?? []
    const blocks = part.matchAll(/^```(ts|python|sh)\n([\s\S]*?)^```$/gm)
    return [...blocks].map(([, language = '', code = '']) => ({ heading, sdk, language, code }))
  })

// In the repository, so that its packages are found.
let folder: string
let provider: Provider

beforeAll(async () => {
  mkdirSync(resolve(ROOT, '.local'), { recursive: true })
  folder = mkdtempSync(resolve(ROOT, '.local/test-snippets-'))
  provider = await startProvider(addresses.providerPort)
})
afterAll(() => {
  provider.close()
  rmSync(folder, { recursive: true })
})

const VENVS = resolve(ROOT, '.local/clients-venv')
const RUNNERS: Readonly<Record<string, { end: string; program: (sdk: string) => string }>> = {
  ts: { end: 'ts', program: () => process.execPath },
  sh: { end: 'sh', program: () => 'bash' },
  python: {
    end: 'py',
    program: (sdk) => resolve(VENVS, sdk === 'instructor' ? 'instructor' : 'current', 'bin/python'),
  },
}

/** Runs a block as its reader would, and resolves with what it prints. */
async function run(
  { sdk, language, code }: (typeof snippets)[number],
  { url }: Recorder,
): Promise<string> {
  const { end, program } = RUNNERS[language]!
  const file = resolve(folder, `${crypto.randomUUID()}.${end}`)
  writeFileSync(file, code)
  const { masterKey } = addresses
  const env = {
    ...process.env,
    GATEWAY_URL: url,
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_BASE_URL: url,
    OPENAI_API_KEY: masterKey,
    ANTHROPIC_API_KEY: masterKey,
  }
  const { stdout } = await promisify(execFile)(program(sdk), [file], { cwd: folder, env })
  return stdout.trim()
}

describe('the code in the section "Clients" of docs/api.md', () => {
  it('has a block of at most five lines for every SDK of the matrix', () => {
    const sdks = new Set(rows.map(({ sdk, language }) => `${sdk} ${language}`))
    const languages: Record<string, string> = { ts: 'Node', python: 'Python', sh: 'shell' }
    const shown = snippets.map(({ sdk, language }) => `${sdk} ${languages[language]}`)
    expect(shown.sort()).toEqual([...sdks].sort())
    for (const { heading, code } of snippets) {
      expect(code.trim().split('\n').length, heading).toBeLessThanOrEqual(5)
    }
  })

  it.concurrent.each(snippets)(
    'runs as it is and prints the outcome: $heading',
    async (snippet) => {
      const record = await recorder(addresses.keyed)
      const first = await run(snippet, record)
      await stored(addresses.keyed, record.of('Why is the sky blue?'))
      const again = await run(snippet, record)
      const outcomes = record
        .of('Why is the sky blue?')
        .map(({ answer }) => String(answer['x-cache']))
      record.close()
      expect(outcomes[1]).toBe('exact-hit')
      const { headers } = rows.find(({ sdk }) => sdk === snippet.sdk)!
      if (headers === undefined) return
      expect(first).toContain(outcomes[0])
      expect(again).toContain('exact-hit')
    },
  )
})
