import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AdminClient } from '../../infra/cli/admin-client.ts'
import { purgeCommand } from '../../infra/cli/purge.ts'
import type { Purge } from '../../src/admin/purge.ts'

const DONE: Purge = {
  dry_run: false,
  matched: 2,
  derived: 0,
  examples: [],
  done: true,
  semantic: { purged: 1, incomplete: null },
  near_tiers_until: 1_790_000_000_000,
}

afterEach(() => void vi.unstubAllGlobals())

/** Purges everything; the gateway answers like this after the dry run. Returns what was printed. */
async function purge(...answers: readonly Purge[]) {
  const left = [{ ...DONE, dry_run: true }, ...answers]
  vi.stubGlobal('fetch', async () => Response.json(left.shift()))
  const printed: { readonly value: unknown; readonly text: string }[] = []
  const output = {
    json: true,
    result: (value: unknown, text: string) => void printed.push({ value, text }),
    note: () => {},
  }
  const url = 'http://gateway'
  const program = new Command().exitOverride()
  purgeCommand(program, () => ({ admin: new AdminClient({ url, adminKey: 'a' }), url, output }))
  const failed = await program
    .parseAsync(['purge', '--all', '--yes'], { from: 'user' })
    .then(() => undefined, String)
  return { printed, failed }
}

describe('the command purge', () => {
  it('repeats the purge until it is done, and adds up', async () => {
    const { printed, failed } = await purge({ ...DONE, done: false }, DONE)
    expect(failed).toBeUndefined()
    expect(printed).toMatchObject([{ value: { matched: 4, semantic: { purged: 2 } } }])
  })

  it("fails if answers may be left in LiteLLM's semantic cache, after it has said what it did", async () => {
    const incomplete = 'Answers may be left.'
    const { printed, failed } = await purge({ ...DONE, semantic: { purged: 0, incomplete } })
    expect(printed).toMatchObject([{ value: { matched: 2, semantic: { incomplete } } }])
    expect(failed).toContain(incomplete)
  })
})
