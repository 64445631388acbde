import { once } from './check.ts'
import { SAME } from './judge.ts'
import { sightingOf } from './sighting.ts'
import type { Sighting } from './sighting.ts'
import type { Wait } from './wait.ts'

export interface CanaryOptions {
  /** Answers a request as the gateway answers a caller's. */
  readonly send: (request: Request) => Promise<Response>
  /** The gateway's own address. */
  readonly origin: string
  /** What Cloudflare says of the doctor's own request: its data centre has its own coalescing pool. */
  readonly cf: CfProperties | undefined
  /** The chat model that answers. */
  readonly model: string
  /** The caller's key; undefined if callers need none. */
  readonly key: string | undefined
  /** Whether identical requests are to share a call. */
  readonly coalesces: boolean
  readonly wait: Wait
}

/**
 * Requests through the whole gateway, as a caller sends them, in a namespace of their own that no
 * caller's request meets. Each is sent once, when a check first needs what it shows.
 */
export interface Canary {
  /** A question; with coalescing, two identical ones at once. */
  readonly original: (signal: AbortSignal) => Promise<readonly Sighting[]>
  /** The original again, from the cache alone. Costs nothing. */
  readonly repeated: (signal: AbortSignal) => Promise<Sighting>
  /** The same question in other words, which is not stored. */
  readonly reworded: (signal: AbortSignal) => Promise<Sighting>
  /** The original again, with another caller's key. */
  readonly elsewhere: (key: string, signal: AbortSignal) => Promise<Sighting>
}

/** What a canary costs at most, per answer. A shorter limit would cut answers, which are not stored. */
export const MOST_TOKENS = 300

/** Keys of scope `user` need one. For all others, it does not count in the cache key. */
const END_USER = 'doctor'

/** How long the answers are stored. Longer than a run by far: a semantic namespace ends with it. */
const TTL_SECONDS = 3_600

/** Two at once may miss each other if a Durable Object has to start first. */
const MOST_PAIRS = 2

/** Before each further attempt: LiteLLM and the gateway store an answer after they have sent it. */
const WAITS_MS = [250, 500, 1_000]

/** Sends nothing before a check asks. */
export function canary(options: CanaryOptions): Canary {
  const { send, origin, cf, model, key, coalesces, wait } = options
  let namespace = ''

  async function ask(
    content: string,
    signal: AbortSignal,
    { as = key, control, cache }: Variation = {},
  ): Promise<Sighting> {
    const headers = new Headers({
      'content-type': 'application/json',
      'x-cache-namespace': namespace,
      'x-cache-ttl': String(TTL_SECONDS),
    })
    if (as !== undefined) headers.set('authorization', `Bearer ${as}`)
    if (control !== undefined) headers.set('cache-control', control)
    const messages = [{ role: 'user', content }]
    const body = JSON.stringify({ model, user: END_USER, max_tokens: MOST_TOKENS, messages, cache })
    const url = `${origin}/v1/chat/completions`
    const init = { method: 'POST', headers, body, signal }
    return sightingOf(await send(new Request(url, cf === undefined ? init : { ...init, cf })))
  }

  /** Asks again, later and later, while that may change the outcome. */
  async function poll(
    askOnce: () => Promise<Sighting>,
    mayChange: (seen: Sighting) => boolean,
    signal: AbortSignal,
  ): Promise<Sighting> {
    let seen = await askOnce()
    for (const ms of WAITS_MS) {
      if (!mayChange(seen)) break
      await wait(ms, signal)
      seen = await askOnce()
    }
    return seen
  }

  const original = once(async (signal) => {
    for (let pairs = 1; ; pairs += 1) {
      namespace = `doctor-${crypto.randomUUID()}`
      const seen = await Promise.all(
        Array.from({ length: coalesces ? 2 : 1 }, () => ask(SAME.a, signal)),
      )
      const missedEachOther = coalesces && seen.every(isOwnCall)
      if (!missedEachOther || pairs === MOST_PAIRS) return seen
    }
  })

  const repeated = once(async (signal) => {
    await original(signal)
    const askOnce = () => ask(SAME.a, signal, { control: 'only-if-cached' })
    return poll(askOnce, ({ code }) => code === 'not_in_cache', signal)
  })

  const reworded = once(async (signal) => {
    await repeated(signal)
    const askOnce = () => ask(SAME.b, signal, { cache: { 'no-store': true } })
    return poll(askOnce, isPlainMiss, signal)
  })

  return {
    original,
    repeated,
    reworded,
    async elsewhere(as, signal) {
      await original(signal)
      return ask(SAME.a, signal, { as })
    },
  }
}

/** How a request differs from the others. */
interface Variation {
  /** The caller's key. */
  readonly as?: string | undefined
  /** The header `Cache-Control`. */
  readonly control?: string
  /** The body's member `cache`. */
  readonly cache?: object
}

/** Whether a request made an upstream call for itself, whatever answered that. */
export const isOwnCall = ({ outcome, collapsed }: Sighting) => !collapsed && outcome !== 'exact-hit'

/** A miss without a reason: LiteLLM may not have stored the original yet. */
const isPlainMiss = ({ outcome, detail }: Sighting) => outcome === 'miss' && detail === undefined
