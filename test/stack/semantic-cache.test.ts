import { describe, expect, it } from 'vitest'
import { SHORT_TTL_SECONDS } from './global-setup.ts'
import { addresses, ask, control, unique, untilMatched } from './client.ts'

const QUESTION = 'In one sentence, why is the sky blue?'
const REWORDED = 'Explain in one sentence why the sky is blue.'
const UNRELATED = 'Write one sentence about the ocean.'
/** Settings that only this file uses, for a namespace that no other test fills. */
const SETTINGS = { max_tokens: 201 }
const idOf = (text: string) => (JSON.parse(text) as { id: string }).id

describe("LiteLLM's semantic cache on the real stack", () => {
  it('answers a reworded question with the similarity in the headers', async () => {
    const first = await ask(QUESTION, SETTINGS)
    expect(first.status).toBe(200)
    // LiteLLM stores after it has answered, so the first rewordings may come too early.
    let seen = await ask(REWORDED, SETTINGS)
    for (let n = 0; n < 10 && seen.headers.get('x-cache') !== 'semantic-hit'; n += 1) {
      seen = await ask(`${REWORDED}${' '.repeat(n + 1)}`, SETTINGS)
    }
    expect(seen.headers.get('x-cache')).toBe('semantic-hit')
    expect(Number(seen.headers.get('x-litellm-semantic-similarity'))).toBeGreaterThan(0.7)
    expect(seen.headers.get('cache-status')).toMatch(
      /^litellm;hit;detail="similarity=0\.\d\d; same=[01]\.\d\d", edge;/,
    )
  })

  it('does not answer an unrelated question', async () => {
    const seen = await ask(UNRELATED, SETTINGS)
    expect(seen.status).toBe(200)
    expect(seen.headers.get('x-cache')).toBe('miss')
  })

  it('gives no hit on an answer with another system prompt', async () => {
    const withSystem = (system: string, question: string) =>
      ask(question, {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: question },
        ],
      })
    await withSystem('You are a pirate.', QUESTION)
    await untilMatched(QUESTION, (words) => withSystem('You are a pirate.', words))
    const other = await withSystem('You are a lawyer.', REWORDED)
    expect(other.headers.get('x-cache')).toBe('miss')
  })

  it('does not fail requests if the embedding server is down', async () => {
    await control('stop', 'embeddings')
    try {
      const seen = await ask(await unique('Name an animal that can fly.'))
      expect(seen.status).toBe(200)
      expect(seen.headers.get('x-cache')).toBe('miss')
    } finally {
      await control('start', 'embeddings')
    }
  })

  it('serves no answer older than the TTL, although LiteLLM ignores ttl', async () => {
    const url = addresses.shortLived
    const bucket = () => Math.floor(Date.now() / 1000 / SHORT_TTL_SECONDS)
    const wait = async (done: () => boolean) => {
      while (!done()) await new Promise((resume) => setTimeout(resume, 50))
    }
    // Starts with a new period, so that the rewording can fall into the same one.
    const start = bucket()
    await wait(() => bucket() > start)
    const asked = bucket()
    const first = await ask('Why do leaves turn red in autumn?', { max_tokens: 100 }, { url })
    let hit = await ask('Why do leaves become red in autumn?', { max_tokens: 100 }, { url })
    for (let n = 1; bucket() === asked && hit.headers.get('x-cache') === 'miss'; n += 1) {
      const question = `Why do leaves become red in autumn?${' '.repeat(n)}`
      hit = await ask(question, { max_tokens: 100 }, { url })
    }
    console.log(`          (${SHORT_TTL_SECONDS} s later)`)
    await wait(() => bucket() > asked + 1)
    const late = await ask('What makes leaves turn red in autumn?', { max_tokens: 100 }, { url })
    expect(late.headers.get('x-cache')).toBe('miss')
    expect(idOf(late.text)).not.toBe(idOf(first.text))
    // The old answer is still in LiteLLM's collection.
    const stored = await fetch(
      `${addresses.qdrant}/collections/litellm_semantic_cache/points/count`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      },
    )
    const { result } = (await stored.json()) as { result: { count: number } }
    expect(result.count).toBeGreaterThan(1)
  })
})
