import { expect } from 'vitest'
import { TEXT } from '../stack/scripted-provider.ts'
import type { Capability, Client } from './client.ts'
import { weatherIn } from './client.ts'
import { RETRY_AFTER_SECONDS, SCRIPTS } from './provider.ts'
import { lookup, stored } from './recorder.ts'
import { WITH_RETRY_AFTER } from './row.ts'
import type { Row } from './row.ts'
import { REPORTED } from './wire.ts'
import { gateway, question } from './world.ts'
import type { World } from './world.ts'

/** What a test has: the client, a question that nobody has asked, and the part that only it has. */
interface Given {
  readonly world: World
  readonly row: Row
  readonly client: Client
  readonly asked: string
  readonly id: string
}

/** The cities of the tool calls that the scripted model makes. */
export const CITIES = ['Zürich', 'São "Paulo"\n']

/** The plainest request of a client gets its complete answer. */
async function expectAnswer({ client, row }: Given, asked: string): Promise<void> {
  if (row.lacks.chat) expect(await client.structured(asked)).toEqual(REPORTED)
  else expect((await client.chat(asked)).text).toBe(TEXT)
}

/** What each cell of the matrix promises. */
export const promises: Record<Capability, [name: string, check: (given: Given) => Promise<void>]> =
  {
    chat: [
      'gets the answer of the model',
      async ({ client, asked, id, world }) => {
        expect((await client.chat(asked)).text).toBe(TEXT)
        expect(world.outcomes(id)).toEqual(['miss'])
      },
    ],
    stream: [
      'gets a stream in pieces',
      async ({ client, asked, id, world }) => {
        const { text, pieces } = await client.stream(asked)
        expect(text).toBe(TEXT)
        expect(pieces).toBeGreaterThan(1)
        expect(world.outcomes(id)).toEqual(['miss'])
      },
    ],
    tools: [
      'runs the tools that the model calls and gets the answer to their results',
      async ({ client, asked, id, world }) => {
        const { text, cities } = await client.tools(asked)
        expect(cities).toEqual(CITIES)
        expect(text).toBe(TEXT)
        expect(world.outcomes(id)).toEqual(['miss', 'miss'])
        for (const city of cities) {
          expect(world.provider.wasTold(id, JSON.stringify(weatherIn(city)).slice(1, -1))).toBe(
            true,
          )
        }
      },
    ],
    structured: [
      'gets output of the schema that it asked for',
      async ({ client, asked }) => expect(await client.structured(asked)).toEqual(REPORTED),
    ],
    embeddings: [
      'gets a vector for each input',
      async ({ client, asked }) => {
        const vectors = await client.embeddings(asked)
        expect(vectors).toEqual([
          [expect.any(Number), 0, 0.25],
          [expect.any(Number), 0.5, 0.25],
        ])
      },
    ],
    models: [
      'lists the models of the key and retrieves one',
      async ({ client }) => {
        const { ids, one } = await client.models()
        expect(ids).toContain('local-chat-model')
        expect(one).toBe(ids[0])
      },
    ],
    errors: [
      'raises a wrong key and a 400 of the provider as its own errors, without a retry',
      async ({ client, row, asked, id, world }) => {
        const wrong = `sk-wrong-${id}`
        const [wrongKey, badRequest] = row.raises
        expect(await client.wrongKey(wrong)).toEqual({
          classes: expect.arrayContaining([wrongKey]),
          status: 401,
        })
        expect(world.record.of(wrong)).toHaveLength(1)
        const refused = `${SCRIPTS.refuse} ${asked}`
        expect(await client.badRequest(refused)).toEqual({
          classes: expect.arrayContaining([badRequest]),
          status: 400,
        })
        expect(world.record.of(refused)).toHaveLength(1)
      },
    ],
    hit: [
      'gets the same from the cache as from the model, without asking it',
      async ({ client, row, world: { provider, record, outcomes } }) => {
        for (const name of ['chat', 'stream', 'tools', 'structured', 'embeddings'] as const) {
          if (name in row.lacks) continue
          const { asked, id } = question(`Say ${name}.`)
          const made = await client[name](asked)
          const calls = provider.asked(id)
          await stored(gateway, record.of(id))
          expect(await client[name](asked), name).toEqual(made)
          expect(outcomes(id), name).toEqual([
            ...Array.from({ length: calls }, () => 'miss'),
            ...Array.from({ length: calls }, () => 'exact-hit'),
          ])
          expect(provider.asked(id), name).toBe(calls)
        }
      },
    ],
    headers: [
      'shows x-cache and cache-status of a miss and of a hit',
      async ({ client, asked, id, world }) => {
        expect(await client.headers(asked)).toMatchObject({
          'x-cache': 'miss',
          'cache-status': expect.stringContaining('fwd=uri-miss'),
        })
        await stored(gateway, world.record.of(id))
        expect(await client.headers(asked)).toMatchObject({
          'x-cache': 'exact-hit',
          'cache-status': expect.stringContaining('edge;hit'),
        })
      },
    ],
    abort: [
      'leaves a stream, which ends at the provider and is not stored',
      async ({ client, row, world }) => {
        const { asked, id } = question(SCRIPTS.forever)
        const { text, raised } = await client.abort(asked)
        expect(text).not.toBe('')
        const [, , abort] = row.raises
        if (abort === undefined) expect(raised).toEqual([])
        else expect(raised).toContain(abort)
        await world.provider.left(id)
        const [first] = world.record.of(id)
        expect(await lookup(gateway, first!)).toBe(504)
        world.provider.allow(id)
        expect((await client.stream(asked)).text).toBe(TEXT)
        expect(world.outcomes(id)).toEqual(['miss', 'miss'])
      },
    ],
    retry: [
      'retries a 429, no sooner than a retry-after allows, and succeeds',
      async (given) => {
        const { row, world } = given
        const { provider, record } = world
        const { asked, id } = question(SCRIPTS.limit)
        const answered = expectAnswer(given, asked)
        // LiteLLM itself tries again, too; the limit is lifted once the client has seen it.
        await expect.poll(() => record.of(id).length, { timeout: 20_000 }).toBe(1)
        provider.allow(id)
        await answered
        const [limited, second] = record.of(id)
        expect(limited!.status).toBe(429)
        expect(second!.status).toBe(200)
        if (!WITH_RETRY_AFTER.has(row.api)) {
          expect(limited!.answer['retry-after'], 'LiteLLM passes it on').toBeUndefined()
          return
        }
        expect(limited!.answer['retry-after']).toBe(String(RETRY_AFTER_SECONDS))
        expect(second!.sentAt - limited!.answeredAt).toBeGreaterThanOrEqual(
          RETRY_AFTER_SECONDS * 1_000,
        )
      },
    ],
  }
