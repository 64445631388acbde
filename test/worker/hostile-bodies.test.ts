import { describe, expect, it } from 'vitest'
import { chat, gateway } from '../support/gateway.ts'

const CHAT = '/v1/chat/completions'
const MEBIBYTE = 2 ** 20
const message = '"model":"small","messages":[{"role":"user","content":"hi"}]'

/** Bodies that break naive parsers, and what the gateway must answer. */
const bodies: Record<string, { body: () => string; status: number }> = {
  '50,000 nested arrays': {
    body: () => `{${message},"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    status: 400,
  },
  '50,000 nested objects': {
    body: () => `{${message},"x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
    status: 400,
  },
  '900 levels inside tools': {
    body: () => `{${message},"tools":${'[{"a":'.repeat(450)}1${'}]'.repeat(450)}}`,
    status: 200,
  },
  'nearly 10 MiB of one string': {
    body: () => `{${message},"x":"${'a'.repeat(10 * MEBIBYTE - 100)}"}`,
    status: 200,
  },
  'nearly 4 MiB of backslashes': {
    body: () => `{${message},"x":"${'\\\\'.repeat(2 * MEBIBYTE - 100)}"}`,
    status: 200,
  },
  'nearly 4 MiB of escaped quotes': {
    body: () => `{${message},"x":"${'\\"'.repeat(2 * MEBIBYTE - 100)}"}`,
    status: 200,
  },
  'a number of 1 MiB digits': {
    body: () => `{${message},"x":${'1'.repeat(MEBIBYTE)}}`,
    status: 200,
  },
  'an exponent of 1 MiB digits': {
    body: () => `{${message},"x":1e-${'9'.repeat(MEBIBYTE)}}`,
    status: 200,
  },
  '200,000 members': {
    body: () => `{${message},${Array.from({ length: 200_000 }, (_, n) => `"m${n}":${n}`).join()}}`,
    status: 200,
  },
  '300,000 empty arrays': {
    body: () => `{${message},"x":[${'[],'.repeat(300_000)}0]}`,
    status: 200,
  },
  '__proto__ and constructor': {
    body: () => `{${message},"__proto__":{"model":"x"},"constructor":{"prototype":1}}`,
    status: 200,
  },
  '__proto__ twice': { body: () => `{${message},"__proto__":1,"__proto__":2}`, status: 400 },
  'messages with __proto__': {
    body: () => `{"model":"small","messages":[{"__proto__":{"role":"user"},"content":"hi"}]}`,
    status: 200,
  },
  'a lone surrogate': { body: () => `{${message},"x":"\\ud800"}`, status: 200 },
  'NUL and control characters': { body: () => `{${message},"x":"\\u0000\\u001f"}`, status: 200 },
  'a raw control character': { body: () => `{${message},"x":"\u0001"}`, status: 400 },
  'a byte order mark': { body: () => `\ufeff{${message}}`, status: 200 },
  'an empty body': { body: () => '', status: 400 },
}

describe('a hostile body gets an answer or a 400, never a crash', () => {
  for (const [what, { body, status }] of Object.entries(bodies)) {
    it(what, async () => {
      const { post, settled, litellm } = gateway()
      const text = body()
      const answer = await post(CHAT, text)
      expect(answer.status).toBe(status)
      await answer.text()
      await settled()
      expect(litellm.asked).toHaveLength(status === 200 ? 1 : 0)
      if (status === 200) {
        // LiteLLM gets the body unchanged, except for the cache controls.
        const { cache: _, ...sent } = litellm.asked[0]!.body
        expect(sent).toEqual(JSON.parse(text.replace(/^\ufeff/, '')))
      }
    })
  }

  it('invalid UTF-8', async () => {
    const { send } = gateway()
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    const answer = await send(new Request(`https://gateway${CHAT}`, { method: 'POST', body }))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_json' } })
  })

  it('a member of another JSON type is another cache key', async () => {
    const { post, settled, litellm } = gateway()
    for (const x of [1, '1', [1], { 1: 1 }, null, true]) {
      await post(CHAT, chat({ x }))
      await settled()
    }
    expect(litellm.asked).toHaveLength(6)
  })
})
