import { describe, expect, it } from 'vitest'
import { addresses, ask, control, recovered, unique, until } from './client.ts'
import { ownGateway } from './own-parts.ts'

const detailOf = ({ headers }: { headers: Headers }) =>
  /edge;.*detail="([^"]*)"/.exec(headers.get('cache-status') ?? '')?.[1]

/** Stores a question in both caches; returns a function that sends rewordings, which need a verdict. */
async function known(url: string): Promise<(at: number) => Promise<string | undefined>> {
  const question = await unique('Name a bird.')
  await ask(question, {}, { url })
  await until('exact-hit', () => ask(question, {}, { url }))
  let spaces = ''
  // A text that differs only in spaces needs no judge, so this shows that LiteLLM has stored it.
  await until('semantic-hit', () => ask(`${question}${(spaces += ' ')}`, {}, { url }))
  return async (at) => {
    const seen = await ask(`${question.replace('Name', 'Please name')} (${at})`, {}, { url })
    expect(seen.status).toBe(200)
    expect(seen.headers.get('x-cache')).toBe('miss')
    return detailOf(seen)
  }
}

describe('a judge without a verdict, on the real LiteLLM', () => {
  it.each([
    ['is down', 'stop', 'start'],
    ['hangs', 'pause', 'resume'],
  ] as const)('makes five hits a miss if it %s, and is then paused', async (how, off, on) => {
    const url = await ownGateway(`gateway-judge-${off}`, {
      MLFLOW_URL: '',
      SEMANTIC_JUDGE_TIMEOUT_MS: '500',
    })
    const reworded = await known(url)
    await control(off, 'judge')
    try {
      for (let at = 0; at < 5; at += 1) {
        expect(await reworded(at), how).toBe('semantic: judge unavailable')
      }
      expect(await reworded(5), how).toBe('semantic: judge paused')
    } finally {
      await control(on, 'judge')
      await recovered()
    }
  })

  it('makes a hit a miss if LiteLLM does not know the model, and shows in /health?verbose', async () => {
    const url = await ownGateway('gateway-judge-unknown', {
      SEMANTIC_JUDGE_MODEL: 'no-such-judge',
      MLFLOW_URL: '',
    })
    const reworded = await known(url)
    expect(await reworded(0)).toBe('semantic: judge unavailable')
    const health = await fetch(`${url}/health?verbose`)
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      dependencies: { 'semantic-judge': { ok: false } },
    })
  })
})

describe('the local judge', () => {
  it('gives a verdict through LiteLLM to /health?verbose', async () => {
    const health = await fetch(`${addresses.gateway}/health?verbose`)
    expect(await health.json()).toMatchObject({
      semantic_verification: 'on',
      dependencies: { 'semantic-judge': { ok: true } },
    })
  })
})
