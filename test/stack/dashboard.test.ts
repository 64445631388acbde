import { describe, expect, it } from 'vitest'
import { addresses, ask, unique, until } from './client.ts'

/** A table of the dashboard as CSV, row by row. */
async function table(name: string): Promise<Record<string, string>[]> {
  const answer = await fetch(`${addresses.keyed}/dashboard/export/${name}.csv?range=1h`, {
    headers: { authorization: `Bearer ${addresses.adminKey}` },
  })
  expect(answer.status).toBe(200)
  const [head = '', ...lines] = (await answer.text()).trim().split('\r\n')
  const columns = head.split(',')
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, at) => [columns[at]!, cell])),
  )
}

/** What the ledger has counted of an outcome. */
async function counted(outcome: string, column: string): Promise<number> {
  const rows = (await table('outcomes')).filter((row) => Object.values(row).includes(outcome))
  return rows.reduce((sum, row) => sum + Number(row[column]), 0)
}

describe('the dashboard on the real stack', () => {
  it('shows the misses and hits that were just answered, and the tokens that hits saved', async () => {
    const authorization = `Bearer ${addresses.masterKey}`
    const of = { url: addresses.keyed, headers: { authorization } }
    const question = await unique('Name a colour.')
    const before = {
      miss: await counted('miss', 'requests'),
      hit: await counted('exact-hit', 'requests'),
      tokens: await counted('exact-hit', 'saved_tokens'),
    }
    const first = await ask(question, {}, of)
    const { usage } = JSON.parse(first.text) as { usage: { total_tokens: number } }
    let hits = 0
    await until('exact-hit', async () => {
      const seen = await ask(question, {}, of)
      hits += Number(seen.headers.get('x-cache') === 'exact-hit')
      return seen
    })
    expect(hits).toBe(1)
    // The ledger is written after the answer, in batches.
    await expect
      .poll(() => counted('exact-hit', 'requests'), { timeout: 15_000 })
      .toBe(before.hit + 1)
    expect(await counted('miss', 'requests')).toBeGreaterThan(before.miss)
    expect(await counted('exact-hit', 'saved_tokens')).toBe(before.tokens + usage.total_tokens)
  })

  it('shows that every part answers', async () => {
    const page = await fetch(`${addresses.keyed}/dashboard`, {
      headers: { authorization: `Bearer ${addresses.adminKey}` },
    })
    const html = await page.text()
    expect(page.status).toBe(200)
    expect(html).toContain('All services ok')
  })
})
