import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capability, Client } from './client.ts'
import { document, documented, matrix } from './matrix.ts'
import { promises } from './promises.ts'
import { rows } from './table.ts'
import { question, startWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.close())

const passed = new Map(rows.map((row) => [row, new Set<Capability>()]))

describe.each(rows.map((row) => ({ row, name: `${row.sdk} (${row.language}), ${row.api}` })))(
  '$name',
  { concurrent: true },
  ({ row }) => {
    let client: Client
    beforeAll(() => void (client = row.open(world.at) as Client))
    afterAll(() => client.close?.())
    for (const [capability, [name, check]] of Object.entries(promises)) {
      if (capability in row.lacks) continue
      it(name, async () => {
        await check({ world, row, client, ...question() })
        passed.get(row)!.add(capability as Capability)
      })
    }
  },
)

describe('docs/api.md', () => {
  it('shows the matrix of what the clients did in this run', () => {
    const measured = matrix(rows, passed)
    if (process.env['UPDATE_DOCS'] === '1') document(measured)
    expect(documented(), 'UPDATE_DOCS=1 make test-clients writes the matrix').toBe(measured)
  })
})
