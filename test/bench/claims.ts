import { HEADERS, unique } from './client.ts'
import type { Scenario } from './scenarios.ts'

/** A copy in memory may have just expired, so the first response doesn't count. */
const REQUESTS = 2

/** Throws unless the scenario is what its name claims, as its response's headers say. */
export async function checkClaims(scenario: Scenario, url: string): Promise<void> {
  const { name, body, headers, claims = {} } = scenario
  let response = new Response()
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    response = await fetch(url, {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body: unique(body),
    })
    await response.arrayBuffer()
  }
  for (const [header, claim] of Object.entries(claims)) {
    const value = response.headers.get(header) ?? ''
    if (claim.test(value)) continue
    throw new Error(`"${name}" is none: ${header} is "${value}", which is not ${claim}.`)
  }
}
