import OpenAI from 'openai'
import { beforeEach, describe, expect, it } from 'vitest'
import { addresses } from './client.ts'
import { COMPLETION_TEXT, COMPLETION_USAGE } from './scripted-answers.ts'
import { MODEL, scriptedProvider } from './scripted-provider.ts'
import { stored, watchedFetch } from './watched-fetch.ts'

const provider = scriptedProvider()
const { sent, fetch } = watchedFetch()
beforeEach(() => void sent.splice(0))

const client = new OpenAI({
  baseURL: `${addresses.keyed}/v1`,
  apiKey: addresses.masterKey,
  fetch,
})

type Params = Omit<OpenAI.CompletionCreateParamsNonStreaming, 'stream'>
const outcomes = () => sent.map(({ answer }) => answer.headers.get('x-cache'))

const asJson = async (asked: Params) => {
  const { choices } = await client.completions.create(asked)
  return choices.map(({ index, text, finish_reason }) => ({ index, text, finish_reason }))
}
/** The choices of a stream, as a client adds them up. */
const asStream = async (asked: Params) => {
  const texts = new Map<number, string>()
  const ends = new Map<number, string>()
  for await (const { choices } of await client.completions.create({ ...asked, stream: true })) {
    for (const { index, text, finish_reason } of choices) {
      texts.set(index, (texts.get(index) ?? '') + (text ?? ''))
      if (finish_reason) ends.set(index, finish_reason)
    }
  }
  return [...texts].map(([index, text]) => ({ index, text, finish_reason: ends.get(index) }))
}
const ask = { JSON: asJson, stream: asStream }
const orders = [
  ['JSON', 'stream'],
  ['stream', 'JSON'],
] as const

/** A request that the small model answers completely. */
async function smallRequest(): Promise<Params> {
  const direct = new OpenAI({ baseURL: `${addresses.litellm}/v1`, apiKey: addresses.masterKey })
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const asked: Params = {
      model: 'local-chat-model',
      prompt: `Monday, Tuesday, Wednesday, (${crypto.randomUUID().slice(0, 8)}) Thursday,`,
      max_tokens: 20,
      temperature: 0,
      stop: [',', '\n'],
    }
    const { choices } = await direct.completions.create(asked)
    if (choices[0]?.finish_reason === 'stop' && choices[0].text.trim()) return asked
  }
  throw new Error('The small model completes nothing.')
}

describe("OpenAI's Node client with legacy completions", () => {
  it.each(orders)(
    'gets the same from the small model on a miss as %s and on hits',
    async (...order) => {
      const asked = await smallRequest()
      const [made, ...again] = [
        await ask[order[0]](asked),
        (await stored(sent), await ask[order[1]](asked)),
        await ask[order[0]](asked),
      ]
      expect(made).toHaveLength(1)
      expect(again).toEqual([made, made])
      expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
    },
  )

  it.each(orders)('gets every character on a miss as %s and on hits', async (...order) => {
    const asked = { model: MODEL, prompt: `The tide ${crypto.randomUUID()}` }
    for (const mode of [...order, order[0]] as const) {
      expect(await ask[mode](asked)).toEqual([
        { index: 0, text: COMPLETION_TEXT, finish_reason: 'stop' },
      ])
      await stored(sent)
    }
    expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
    expect(provider.asked).toHaveLength(1)
    expect(provider.asked[0]).not.toHaveProperty('cache')
  })

  it('gets the requested usage of a stream in a chunk without choices, on a miss and on a hit', async () => {
    const asked = { model: MODEL, prompt: crypto.randomUUID(), stream: true } as const
    const stream_options = { include_usage: true }
    for (const _ of ['miss', 'hit']) {
      const chunks = await Array.fromAsync(
        await client.completions.create({ ...asked, stream_options }),
      )
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: COMPLETION_USAGE })
      for (const chunk of chunks.slice(0, -1)) expect(chunk.usage ?? null).toBeNull()
      await stored(sent)
    }
    for await (const chunk of await client.completions.create(asked)) {
      expect(chunk.usage ?? null).toBeNull()
    }
    expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
  })

  it('gets the choices of several prompts and their log probabilities from the entry', async () => {
    const prompt = ['The tide', `The wave ${crypto.randomUUID()}`]
    const asked = { model: MODEL, prompt, n: 2, logprobs: 1 }
    const made = await client.completions.create(asked)
    expect(made.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(made.choices[3]!.logprobs).toMatchObject({ tokens: [COMPLETION_TEXT] })
    await stored(sent)
    expect(await client.completions.create(asked)).toEqual(made)
    expect(await asStream(asked)).toHaveLength(4)
    expect(outcomes()).toEqual(['miss', 'exact-hit', 'exact-hit'])
    expect(provider.asked).toHaveLength(1)
  })

  it('gets no entry made of a stream in which LiteLLM has mixed the choices', async () => {
    const asked = { model: MODEL, prompt: crypto.randomUUID(), n: 2 }
    // LiteLLM gives all texts the index 0.
    expect(await asStream(asked)).toHaveLength(1)
    expect(await asJson(asked)).toHaveLength(2)
    expect(outcomes()).toEqual(['miss', 'miss'])
    expect(provider.asked).toHaveLength(2)
  })

  it('gets no entry made of a stream in which LiteLLM has dropped the log probabilities', async () => {
    const asked = { model: MODEL, prompt: crypto.randomUUID(), logprobs: 1 }
    await asStream(asked)
    const { choices } = await client.completions.create(asked)
    expect(choices[0]!.logprobs).toMatchObject({ tokens: [COMPLETION_TEXT] })
    expect(outcomes()).toEqual(['miss', 'miss'])
  })
})
