import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { attackers, attacksOn, victims } from '../support/attacks.ts'
import { ask, questionBody, unique, until } from './client.ts'
import { ownGateway } from './own-parts.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let url: string

/** Two tenants and their attackers, all behind one LiteLLM key. */
beforeAll(async () => {
  const callers = new Map([...victims, ...attackers].map((caller) => [caller.key, caller]))
  const keys = [...callers.values()].map(({ key, tenant, ...others }) => ({
    sha256: sha256(key),
    tenant,
    ...('scope' in others ? { scope: others.scope } : {}),
  }))
  url = await ownGateway('gateway-attacked', {
    AUTH_MODE: 'keys',
    GATEWAY_KEYS: JSON.stringify(keys),
  })
})

describe("another tenant's answer, on the real LiteLLM and its semantic cache", () => {
  it('never reaches an attacker in 100 generated requests', async () => {
    const question = await unique('What is the launch code?')
    const asVictim = (words: string) =>
      ask(words, {}, { url, headers: { 'x-api-key': victims[0].key } })
    const first = await asVictim(question)
    const { id } = JSON.parse(first.text) as { id: string }
    // The control: its owner gets it from both caches.
    await until('exact-hit', () => asVictim(question))
    let spaces = ''
    const matched = await until('semantic-hit', () => asVictim(`${question}${(spaces += ' ')}`))
    expect(matched.text).toContain(id)

    const questions = [question, `${question} `, `Please. ${question}`].map(questionBody)
    const statuses = new Map<number, number>()
    for (const { path, headers, body } of fc.sample(attacksOn(questions), 100)) {
      const answer = await fetch(url + path, { method: 'POST', headers, body })
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      expect(await answer.text()).not.toContain(id)
    }
    console.log(`          ${JSON.stringify(Object.fromEntries(statuses))}`)
    expect(statuses.get(200)).toBeGreaterThan(20)
  })
})
