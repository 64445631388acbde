import { burst, median } from './client.ts'

const REQUESTS = 1_000

export interface Burst {
  readonly requests: number
  readonly calls: number
  /** How long one request alone takes, and of the burst the one in the middle and the last, ms. */
  readonly alone: number
  readonly median: number
  readonly last: number
}

/** Identical requests at once to a Worker whose LiteLLM takes a while; and one alone, to compare. */
export async function measureBurst(url: string, body: string, stubUrl: string): Promise<Burst> {
  await burst(url, body, 20)
  const single: number[] = []
  for (let n = 0; n < 5; n += 1) single.push(...(await burst(url, body, 1)))
  const before = await callsOf(stubUrl)
  const times = await burst(url, body, REQUESTS)
  return {
    requests: REQUESTS,
    calls: (await callsOf(stubUrl)) - before,
    alone: median(single),
    median: median(times),
    last: Math.max(...times),
  }
}

/** How many completions the stub's LiteLLM was asked for. */
async function callsOf(stubUrl: string): Promise<number> {
  return Number(await (await fetch(`${stubUrl}/calls`)).text())
}
