import { describe, expect, it } from 'vitest'
import { canary } from '../../src/doctor/canary.ts'

const { signal } = new AbortController()

interface Body {
  readonly messages?: unknown
}

/** A canary whose requests are answered with these outcomes, in order, and the requests themselves. */
function sent(outcomes: readonly Record<string, string>[], coalesces = false) {
  const requests: Request[] = []
  const waits: number[] = []
  const made = canary({
    async send(request) {
      const headers = outcomes[requests.length] ?? {}
      requests.push(request)
      const isRefused = headers['x-cache'] === undefined
      return isRefused
        ? Response.json({ error: { code: 'not_in_cache' } }, { status: 504 })
        : Response.json({}, { headers })
    },
    origin: 'https://gateway',
    cf: undefined,
    model: 'small',
    key: 'sk-own',
    coalesces,
    wait: async (ms) => void waits.push(ms),
  })
  const bodies = () => Promise.all(requests.map(async (request) => (await request.json()) as Body))
  return { made, requests, waits, bodies }
}

const MISS = { 'x-cache': 'miss', 'cache-status': 'edge; fwd=uri-miss' }
const COLLAPSED = { 'x-cache': 'miss', 'cache-status': 'edge; fwd=uri-miss; collapsed' }
const HIT = { 'x-cache': 'exact-hit' }
const SEMANTIC = { 'x-cache': 'semantic-hit' }
const NOT_THE_SAME = {
  'x-cache': 'miss',
  'cache-status': 'edge; fwd=uri-miss; detail="semantic: not the same (0.31)"',
}
const NOT_YET = {}

describe('the canary', () => {
  it('waits for what is stored after the answer, and then stops asking', async () => {
    const { made, requests, waits } = sent([MISS, NOT_YET, NOT_YET, HIT, MISS, SEMANTIC])
    expect((await made.reworded(signal)).outcome).toBe('semantic-hit')
    expect(requests).toHaveLength(6)
    expect(waits).toEqual([250, 500, 250])
  })

  it('asks the reworded question four times at most, and once if that was a verdict', async () => {
    const inVain = sent([MISS, HIT, MISS, MISS, MISS, MISS, MISS])
    expect((await inVain.made.reworded(signal)).outcome).toBe('miss')
    expect(inVain.requests).toHaveLength(6)
    const judged = sent([MISS, HIT, NOT_THE_SAME, SEMANTIC])
    expect((await judged.made.reworded(signal)).detail).toContain('not the same')
    expect(judged.requests).toHaveLength(3)
  })

  it('stores only the original, and reads the repeated request from the cache alone', async () => {
    const { made, requests, bodies } = sent([MISS, HIT, SEMANTIC, MISS])
    await made.reworded(signal)
    await made.elsewhere('sk-other', signal)
    const controls = requests.map(({ headers }) => headers.get('cache-control'))
    expect(controls).toEqual([null, 'only-if-cached', null, null])
    const [original, repeated, reworded, elsewhere] = await bodies()
    expect(repeated).toEqual(original)
    expect(elsewhere).toEqual(original)
    expect(reworded).toMatchObject({ cache: { 'no-store': true } })
    expect(reworded?.messages).not.toEqual(original?.messages)
    const keys = requests.map(({ headers }) => headers.get('authorization'))
    expect(keys).toEqual([...Array(3).fill('Bearer sk-own'), 'Bearer sk-other'])
    const namespaces = new Set(requests.map(({ headers }) => headers.get('x-cache-namespace')))
    expect(namespaces.size).toBe(1)
  })

  it('tries two at once again in another namespace, once, if they missed each other', async () => {
    const cold = sent([MISS, MISS, COLLAPSED, MISS], true)
    expect((await cold.made.original(signal)).map(({ collapsed }) => collapsed)).toEqual([
      true,
      false,
    ])
    const spaces = cold.requests.map(({ headers }) => headers.get('x-cache-namespace'))
    expect(new Set(spaces).size).toBe(2)
    const broken = sent([MISS, MISS, MISS, MISS, MISS, MISS], true)
    await broken.made.original(signal)
    expect(broken.requests).toHaveLength(4)
  })

  it('sends each request once, whoever needs it', async () => {
    const { made, requests } = sent([MISS, HIT, SEMANTIC])
    await Promise.all([made.original(signal), made.repeated(signal), made.reworded(signal)])
    await made.reworded(signal)
    expect(requests).toHaveLength(3)
  })
})
