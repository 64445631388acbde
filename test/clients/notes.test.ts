import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TEXT } from '../stack/scripted-provider.ts'
import { classesOf } from './client.ts'
import { runTools } from './node/anthropic.ts'
import { langchainAnthropic } from './node/langchain.ts'
import { CITIES } from './promises.ts'
import { SCRIPTS } from './provider.ts'
import { question, startWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.close())

describe('what docs/api.md says of the clients besides the matrix', () => {
  it("bypasses the cache for Anthropic's tool runner on a thread, which LiteLLM drops", async () => {
    const { id, asked } = question()
    for (const calls of [2, 4]) {
      const { text, cities } = await runTools(world.at, asked)
      expect(cities).toEqual(CITIES)
      expect(text).toBe(TEXT)
      expect(world.outcomes(id)).toEqual(Array.from({ length: calls }, () => 'bypass'))
    }
    // Anthropic would reject a tool's result without the call before it.
    expect(world.provider.wasTold(id, '"thread"'), 'LiteLLM passes threads on').toBe(false)
  })

  it('lets LangChain for Node give up at a 429 without retry-after', async () => {
    const { id, asked } = question(SCRIPTS.limit)
    const failure = await langchainAnthropic(world.at)
      .chat(asked)
      .catch((error: unknown) => error)
    expect(classesOf(failure)).toContain('RateLimitError')
    expect(world.record.of(id).map(({ status }) => status)).toEqual([429])
  })
})
