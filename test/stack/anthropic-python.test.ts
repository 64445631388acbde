import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Client } from '../clients/client.ts'
import { promises } from '../clients/promises.ts'
import { rows } from '../clients/table.ts'
import { question, startWorld } from '../clients/world.ts'
import type { World } from '../clients/world.ts'

const row = rows.find(({ sdk, language }) => sdk === 'anthropic' && language === 'Python')!

describe("Anthropic's Python client", () => {
  let world: World
  let client: Client
  beforeAll(async () => {
    world = await startWorld()
    client = row.open(world.at) as Client
  })
  afterAll(() => {
    client.close?.()
    world.close()
  })

  for (const [capability, [name, check]] of Object.entries(promises)) {
    if (capability in row.lacks) continue
    it(name, () => check({ world, row, client, ...question() }))
  }
})
