import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/cache/json.ts'
import type { Forwarding, RefusedEntry } from '../../src/cache/status.ts'
import { digestsOf } from '../../src/explain/digests.ts'
import {
  headerValue,
  LONGEST_EXPLANATION,
  lookupReason,
  nearestReason,
} from '../../src/explain/explanation.ts'
import { fingerprintOf } from '../../src/explain/fingerprint.ts'
import { masked } from '../../src/explain/masked-text.ts'
import { nearestOf } from '../../src/explain/nearest.ts'
import type { DatedRequest } from '../../src/explain/nearest.ts'
import type { Kept } from '../../src/explain/recent-request.ts'
import { plainControls } from '../support/controls.ts'

const NOW = 1_790_000_000_000
const digest = await digestsOf('acme')
const identity = { tenant: 'acme', path: '/v1/chat/completions', namespace: '' }

/** A recorded request, by default two minutes old and stored for an hour. */
async function recorded(body: JsonObject, over: Partial<DatedRequest> = {}): Promise<DatedRequest> {
  return {
    requestId: 'req-1',
    key: JSON.stringify(body),
    api: '/v1/chat/completions',
    model: 'small',
    kept: { expiresAt: NOW + 3_480_000 },
    at: NOW - 120_000,
    ...over,
    fingerprint: await fingerprintOf({ ...identity, body }, digest),
  }
}

/** The explanation of a request after these, the newest first. */
async function explained(body: JsonObject, recent: readonly DatedRequest[]): Promise<string> {
  return nearestReason(nearestOf(await recorded(body), recent), NOW)
}

/** What differs between two bodies, in words. */
async function differing(earlier: JsonObject, body: JsonObject): Promise<string> {
  const why = await explained(body, [await recorded(earlier)])
  const start = 'differs from request req-1 2 min ago: '
  expect(why.startsWith(start), why).toBe(true)
  return why.slice(start.length)
}

const user = (content: Json) => ({ messages: [{ role: 'user', content }] })

describe('a difference', () => {
  const parameters = (first: string, second: string): JsonObject => ({
    tools: [{ function: { name: 'f', parameters: { [first]: 'x', [second]: 'x' } } }],
  })
  const ID = 'only a time stamp, an id or a number'
  const rows: [string, JsonObject, JsonObject, string][] = [
    ['of a number', { temperature: 0.7 }, { temperature: 0.2 }, 'temperature 0.7 -> 0.2'],
    ['of a flag', { logprobs: false }, { logprobs: true }, 'logprobs false -> true'],
    ['of a word', { verbosity: 'low' }, { verbosity: 'high' }, 'verbosity low -> high'],
    ['of null and a number', { seed: null }, { seed: 5 }, 'seed null -> 5'],
    ['of another text', user('Red?'), user('Blue?'), 'messages[0].content'],
    ['of a member that is new', {}, { seed: 5 }, 'seed only in this request'],
    ['of a member that is gone', { seed: 5 }, {}, 'seed only in that request'],
    [
      'in a line',
      user('Be kind.\nSay red.\nThanks.'),
      user('Be kind.\nSay blue.\nThanks.'),
      'messages[0].content, line 2',
    ],
    [
      'of a time stamp',
      { system: 'Today is 2026-11-29T10:35:12Z.' },
      { system: 'Today is 2026-12-01T00:00:59Z.' },
      `system: ${ID}`,
    ],
    [
      'of an id in a line',
      { system: 'Be kind.\nSession 3f2c9a1b-aaaa-4bcd-bcde-123456789abc' },
      { system: 'Be kind.\nSession 77aa0b1c-bbbb-4bcd-bcde-fedcba987654' },
      `system, line 2: ${ID}`,
    ],
    [
      'of a time stamp in one line and of words in another',
      { system: 'It is 10:35.\nBe kind.\nSay red.' },
      { system: 'It is 11:02.\nBe kind.\nSay blue.' },
      `system, line 1: ${ID}; system, line 3`,
    ],
    [
      'of an id in an image',
      user([{ type: 'image_url', image_url: { url: 'https://x.test/a?sig=a1b2' } }]),
      user([{ type: 'image_url', image_url: { url: 'https://x.test/a?sig=c3d4' } }]),
      `messages[0].content[0].image_url: ${ID}`,
    ],
    [
      'of a turn that was added',
      { messages: ['a', 'b'] },
      { messages: ['a', 'b', 'c', 'd'] },
      'messages[2] to messages[3] only in this request',
    ],
    [
      'of an item that was put in between',
      { messages: ['a', 'c', 'd'] },
      { messages: ['a', 'b', 'c', 'd'] },
      'messages[1] only in this request',
    ],
    [
      'of an item that was taken out, and a change before it',
      { messages: ['a', 'b', 'c'] },
      { messages: ['x', 'c'] },
      'messages[0]; messages[1] only in that request',
    ],
    [
      'of the order of members',
      parameters('city', 'day'),
      parameters('day', 'city'),
      'tools[0].function.parameters: the order of its members',
    ],
    ['of kind', user('a'), user([{ type: 'text', text: 'a' }]), 'messages[0].content'],
    ['of a text given as tokens', { prompt: [1, 2, 3] }, { prompt: [1, 2, 4] }, 'prompt'],
    [
      'of an unusual name',
      { extra: { 'who are you?': 1 } },
      { extra: { 'how are you?': 1 } },
      'extra.(unusual name) only in this request; extra.(unusual name) only in that request',
    ],
    [
      'of more than five things',
      { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 },
      { a: 2, b: 2, c: 2, d: 2, e: 2, f: 2, g: 2 },
      'a 1 -> 2; b 1 -> 2; c 1 -> 2; d 1 -> 2; e 1 -> 2; and 2 more',
    ],
  ]
  for (const [what, earlier, body, words] of rows) {
    it(`${what} is told as "${words}"`, async () => {
      expect(await differing(earlier, body)).toBe(words)
    })
  }
})

describe('what looks like a time stamp or an id', () => {
  it.each([
    ['Sunday, 29 November 2026, 10:35 PM', 'Monday, 1 May 2027, 9:02 AM'],
    ['Sun, 29 Nov 2026 10:35:12 GMT', 'Mon, 01 May 2027 09:02:59 GMT'],
    ['Montag, 3. März 2026', 'Freitag, 14. Dezember 2026'],
    ['lundi 3 mars 2026', 'vendredi 14 août 2026'],
    ['2026-11-29T10:35:12.123+02:00', '2027-05-01T09:02:59.001+01:00'],
    ['user_9s6XKzNffgT', 'user_1a2b3c'],
    ['3f2c9a1b-aaaa-4bcd-bcde-123456789abc', '00000000-0000-4000-8000-00000000000f'],
    ['1795948512', '1795948600'],
  ])('is %j as well as %j', (one, other) => {
    expect(masked(`It is ${one}, be kind.`)).toBe(masked(`It is ${other}, be kind.`))
  })

  it('is every month and weekday in the long form of seven languages', () => {
    for (const language of ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt']) {
      const dates = Array.from({ length: 84 }, (_, n) => new Date(2024, n % 12, 1 + (n % 7), 12))
      const namesOf = (part: 'month' | 'weekday') => {
        const format = new Intl.DateTimeFormat(language, { day: 'numeric', [part]: 'long' })
        const parts = dates.flatMap((date) => format.formatToParts(date))
        return parts.filter(({ type }) => type === part).map(({ value }) => value)
      }
      const found = new Set([...namesOf('month'), ...namesOf('weekday')])
      expect(found.size).toBe(12 + 7)
      for (const name of found) expect(masked(`It is ${name}.`)).toBe(masked('It is 5.'))
    }
  })

  it.each([
    ['Say red.', 'Say blue.'],
    ['name=Bob, id=12', 'name=Eve, id=12'],
    ['12 apples', '12 pears'],
    ['Answer in May.', 'Answer in June!'],
  ])('is not all that differs between %j and %j', (one, other) => {
    expect(masked(one)).not.toBe(masked(other))
  })

  it('leaves the lines of a text as they are', () => {
    const lines = (text: string) => text.split('\n').length
    const unit = fc.constantFrom('a', '7', '\n', '-', '_', ' ', 'ß', '\u2028', '\r')
    fc.assert(fc.property(fc.string({ unit }), (text) => lines(masked(text)) === lines(text)))
  })
})

describe('the nearest request', () => {
  it('is the one with the lightest differences', async () => {
    const body = { temperature: 0.2, system: 'It is 10:35.', ...user('Why?') }
    const others: JsonObject[] = [
      { ...body, temperature: 0.7, seed: 5 },
      { ...body, ...user('Who?') },
      { ...body, system: 'It is 10:34.' },
      { ...body, temperature: 0.7 },
    ]
    const recent = await Promise.all(
      others.map((other, at) => recorded(other, { requestId: `req-${at}` })),
    )
    expect(await explained(body, recent)).toMatch(/^differs from request req-2 /)
    expect(await explained(body, recent.toSpliced(2, 1))).toMatch(/^differs from request req-3 /)
  })

  it('is the newest one of several with equal differences', async () => {
    const recent = await Promise.all([
      recorded({ seed: 1 }, { requestId: 'newest' }),
      recorded({ seed: 2 }, { requestId: 'older' }),
    ])
    expect(await explained({ seed: 3 }, recent)).toMatch(/^differs from request newest /)
  })

  it('is never one to another model or API, however equal', async () => {
    const body = { temperature: 0.2 }
    const recent = await Promise.all([
      recorded(body, { model: 'large', key: 'a' }),
      recorded(body, { api: '/v1/messages', key: 'b' }),
    ])
    expect(await explained(body, recent)).toBe('no recent request to this model')
    const far = await recorded({ ...body, ...user('Why?') })
    expect(await explained(body, [...recent, far])).toContain('only in that request')
  })
})

describe('an identical request that left no answer', () => {
  const rows: [string, Partial<DatedRequest>, string][] = [
    ['expired', { kept: { expiresAt: NOW - 40_000 } }, '2 min ago: expired 40 s ago'],
    [
      'was never stored',
      { kept: { why: 'finish_reason length' } },
      '2 min ago: never stored: finish_reason length',
    ],
    ['broke off', { kept: { why: 'cut' } }, '2 min ago: never stored: the answer broke off'],
    ['is too new', { at: NOW - 3_000 }, '3 s ago: stored 3 s ago, not visible yet'],
    ['was purged', {}, '2 min ago: stored 2 min ago and gone since: purged, or the write failed'],
    [
      'was a refused semantic hit',
      { kept: { why: 'status 500' }, note: 'semantic: not the same (0.31)' },
      '2 min ago: never stored: status 500; semantic: not the same (0.31)',
    ],
  ]
  for (const [what, over, words] of rows) {
    it(`says so if it ${what}`, async () => {
      const body = { temperature: 0.2 }
      const recent = [await recorded({ ...body, seed: 1 }), await recorded(body, over)]
      expect(await explained(body, recent)).toBe(`same as request req-1 ${words}`)
    })
  }
})

describe('the reason that a lookup gives', () => {
  const missed: Forwarding = { fwd: 'uri-miss', outcome: 'miss', lookedUpAt: NOW, lookupMs: 1 }
  const refused = (why: RefusedEntry['why']): Forwarding => ({
    ...missed,
    refused: {
      why,
      storedAt: NOW - 90_000,
      expiresAt: NOW + (why === 'expired' ? -40_000 : 9_900),
    },
  })
  const rows: [Forwarding, string | undefined][] = [
    [missed, undefined],
    [{ ...missed, fwd: 'bypass', outcome: 'bypass', detail: 'no-store' }, 'not cached: no-store'],
    [{ ...missed, fwd: 'request', outcome: 'refresh' }, 'not looked up: no-cache'],
    [{ ...missed, detail: 'lookup timed out' }, 'lookup timed out'],
    [refused('expired'), 'expired 40 s ago'],
    [refused('too-old'), 'stored 90 s ago, older than max-age=60'],
    [refused('expiring'), 'expires in 9 s, sooner than min-fresh=30'],
    [refused('semantic'), 'the stored answer is a semantic hit'],
    [refused('collision'), "another request's entry has the same id"],
    [refused('tenant'), "the entry is another tenant's"],
  ]
  const controls = { ...plainControls, maxAgeSeconds: 60, minFreshSeconds: 30 }
  it.each(rows)('%j is told as %j', (forward, words) => {
    expect(lookupReason(forward, controls, NOW)).toBe(words)
  })
})

describe('an explanation', () => {
  it('is printable ASCII, and never longer than its limit', () => {
    const kept = fc.record({ why: fc.string({ unit: 'binary', maxLength: 1_200 }) })
    const control = /[^\x20-\x7e]/
    fc.assert(
      fc.property(kept, fc.string({ unit: 'grapheme' }), (kept: Kept, requestId) => {
        const nearest = { requestId, at: NOW, kept, note: undefined, differences: [], more: 0 }
        const value = headerValue([nearestReason(nearest, NOW), undefined, 'semantic: tools'])
        expect(value).not.toMatch(control)
        expect(value.length).toBeLessThanOrEqual(LONGEST_EXPLANATION)
        expect(() => new Headers({ 'x-cache-explanation': value })).not.toThrow()
      }),
    )
    expect(headerValue(['a', undefined, 'b'])).toBe('a; b')
    expect(headerValue(['x'.repeat(2_000)])).toBe(`${'x'.repeat(LONGEST_EXPLANATION - 3)}...`)
  })
})
