import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { randomNumbers } from '../support/ledger-records.ts'

/** A caller of the gateway. */
export interface Caller {
  readonly tenant: string
  readonly key: string
}

export interface TrafficOptions {
  /** The gateway, without a slash at its end. */
  readonly url: string
  readonly callers: readonly [support: Caller, docs: Caller, search: Caller, sales: Caller]
  readonly durationMs: number
}

const PAIRS = resolve(import.meta.dirname, '../fixtures/semantic/pairs.test.jsonl')
const CALLERS_AT_A_TIME = 4
const LONGEST_PAUSE_MS = 500
const QUESTIONS = 120
/** One sentence. An answer that is cut by its length is never stored. */
const SHORT = { max_tokens: 200, stop: ['.'] }

interface Pair {
  readonly language: string
  readonly category: string
  readonly group: string
  readonly a: string
  readonly b: string
}

/** Questions in two wordings, which may or may not mean the same. */
function questions(): Pair[] {
  const lines = readFileSync(PAIRS, 'utf8').trim().split('\n')
  const pairs = lines.map((line) => JSON.parse(line) as Pair)
  const english = pairs.filter(
    ({ language, category }) => language === 'en' && /^(near-verbatim|free)$/.test(category),
  )
  return english.filter((_, at) => at % 5 === 0).slice(0, QUESTIONS)
}

/** What people and programs send: some of it all the time, some of it new, some of it wrong. */
export async function sendTraffic({ url, callers, durationMs }: TrafficOptions): Promise<number> {
  const random = randomNumbers(21)
  const asked = questions()
  const [support, docs, search, sales] = callers
  let sent = 0

  /** A few questions come often, most of them seldom (Zipf's law). */
  const popular = () => asked[Math.floor(asked.length ** random.next()) - 1]!
  const wording = ({ a, b }: Pair) => (random.next() < 0.75 ? a : b)
  const send = async (path: string, caller: Caller, body: unknown, headers = {}) => {
    sent += 1
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${caller.key}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    await answer.text()
  }
  const chat = (caller: Caller, content: string, over = {}, headers = {}) =>
    send(
      '/v1/chat/completions',
      caller,
      {
        model: 'local-chat-model',
        ...SHORT,
        messages: [{ role: 'user', content }],
        ...over,
      },
      headers,
    )

  const kinds: readonly (readonly [weight: number, send: () => Promise<unknown>])[] = [
    [34, () => chat(support, wording(popular()))],
    [16, () => chat(docs, wording(popular()), { stream: true })],
    // Answers that soon expire: LiteLLM's failures are bridged with them.
    [10, () => chat(sales, popular().a, {}, { 'x-cache-ttl': '20' })],
    [
      16,
      () =>
        send('/v1/embeddings', search, {
          model: 'local-embed-model',
          input: Array.from({ length: 1 + random.below(6) }, () => popular().a),
        }),
    ],
    [
      6,
      () =>
        send('/v1/messages', docs, {
          model: 'local-chat-model',
          max_tokens: 200,
          stop_sequences: ['.'],
          messages: [{ role: 'user', content: popular().b }],
        }),
    ],
    [4, () => identical(`In a few words, what is the number ${sent} good for?`)],
    [3, () => chat(support, popular().a, {}, { 'cache-control': 'no-cache' })],
    [2, () => chat(sales, popular().b, {}, { 'cache-control': 'no-store' })],
    [1, () => chat({ tenant: '', key: 'gw-expired' }, popular().a)],
    [1, () => send('/v1/chat/completions', search, '{"model": "local-chat-model", "messages":')],
    [1, () => chat(sales, popular().a, { model: 'local-chat-modell' })],
  ]
  const identical = (content: string) =>
    Promise.all(Array.from({ length: 5 }, () => chat(support, content)))
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0)

  function next(): Promise<unknown> {
    let left = random.next() * total
    const [, chosen] = kinds.find(([weight]) => (left -= weight) < 0)!
    return chosen()
  }

  const until = performance.now() + durationMs
  const caller = async () => {
    while (performance.now() < until) {
      await next()
      await new Promise((resume) => setTimeout(resume, random.below(LONGEST_PAUSE_MS)))
    }
  }
  await Promise.all(Array.from({ length: CALLERS_AT_A_TIME }, caller))
  return sent
}
