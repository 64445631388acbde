import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AdminClient } from '../../infra/cli/admin-client.ts'
import { countCommand, entriesCommand } from '../../infra/cli/entries.ts'
import type { EntrySummary } from '../../src/admin/entry-summary.ts'

afterEach(() => void vi.unstubAllGlobals())

/** What a command prints of this answer. */
async function printed(answer: unknown, ...args: readonly string[]): Promise<string> {
  vi.stubGlobal('fetch', async () => Response.json(answer))
  const texts: string[] = []
  const output = {
    json: false,
    result: (_: unknown, text: string) => void texts.push(text),
    note: () => {},
  }
  const url = 'http://gateway'
  const program = new Command().exitOverride()
  for (const add of [entriesCommand, countCommand]) {
    add(program, () => ({ admin: new AdminClient({ url, adminKey: 'a' }), url, output }))
  }
  await program.parseAsync(args, { from: 'user' })
  return texts.join()
}

/** Clears the screen of a terminal that obeys it. */
const CLEAR = '\u001b[2J'

describe('the commands entries and count', () => {
  it('print no control characters that callers wrote, but the line breaks of content', async () => {
    const entry: Partial<EntrySummary> = {
      key: 'k',
      readable: true,
      model: `small${CLEAR}`,
      tags: [`draft${CLEAR}`],
      content: { question: `Why?${CLEAR}`, body: `Because\n\u009b2J so.` },
    }
    const listed = await printed({ entries: [entry], next: null }, 'entries', '--content')
    expect(listed).toContain('Because\n 2J so.')
    const groups = [{ name: `docs${CLEAR}`, entries: 1 }]
    const counted = await printed({ total: 1, expired: 0, groups }, 'count', '--by', 'namespace')
    for (const text of [listed, counted]) expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  })
})
