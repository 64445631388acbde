import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseCsv } from '../support/csv.ts'
import { completion, FakeLiteLlm, litellmError } from '../support/fake-litellm.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { startChromium } from './chromium.ts'
import { startServer } from './local-server.ts'
import type { LocalServer } from './local-server.ts'
import { ADMIN_KEY, startWholeGateway } from './running-gateway.ts'
import type { RunningGateway } from './running-gateway.ts'

const KEY = 'sk-of-a-caller'
const PRICED = { 'x-litellm-response-cost': '0.25' }

const litellm = new FakeLiteLlm(({ text }) =>
  text.includes('break') ? litellmError(500, 'internal') : completion({}, PRICED),
)
const qdrant = new FakeQdrant()
let services: LocalServer
let gateway: RunningGateway
let browser: Browser

beforeAll(async () => {
  services = await startServer((request) =>
    new URL(request.url).pathname.startsWith('/collections')
      ? qdrant.fetch(request)
      : litellm.fetch(request),
  )
  ;[gateway, browser] = await Promise.all([
    startWholeGateway({
      LITELLM_URL: services.url,
      QDRANT_URL: services.url,
      // Each request is in the ledger at once.
      LEDGER_FLUSH_SECONDS: '0',
    }),
    startChromium(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
  services?.stop()
})

/** Sends a request as an application does; its outcome. */
async function ask(content: string, headers: Record<string, string> = {}): Promise<string> {
  const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content }] })
  const answer = await send(content === '' ? '{' : body, headers)
  await answer.text()
  return `${answer.status} ${answer.headers.get('x-cache') ?? 'rejected'}`
}

const send = (body: string, headers: Record<string, string>) =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body,
  })

async function openDashboard(): Promise<Page> {
  const page = await browser.newPage({ javaScriptEnabled: false })
  await page.goto(`${gateway.url}/dashboard?range=1h`)
  await page.getByLabel('Admin key').fill(ADMIN_KEY)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'Log out' }).waitFor()
  return page
}

/** The value and the note of each headline. */
const headlines = async (page: Page) =>
  Object.fromEntries(
    await page
      .locator('.headline')
      .evaluateAll((all) =>
        all.map((one) => [
          one.querySelector('dt')!.textContent,
          `${one.querySelector('.value')!.textContent}: ${one.querySelector('.note')!.textContent}`.replaceAll(
            '\u00a0',
            ' ',
          ),
        ]),
      ),
  ) as Record<string, string>

/** The rows of a table, as text. */
const rows = (page: Page, table: string) =>
  page
    .locator(`#table-${table} tbody tr`)
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent!.trim())),
    )

it('the dashboard shows exactly the requests that were sent through the Worker', async () => {
  expect(await ask('Why is the sky blue?')).toBe('200 miss')
  await expect.poll(() => qdrant.points.size).toBe(1)
  expect(await ask('Why is the sky blue?')).toBe('200 exact-hit')
  expect(await ask('Why is the sky blue?')).toBe('200 exact-hit')
  expect(await ask('Why is the sky blue?', { 'cache-control': 'no-store' })).toBe('200 bypass')
  expect(await ask('break')).toBe('500 miss')
  expect(await ask('')).toBe('400 rejected')
  expect(litellm.asked).toHaveLength(3)

  const page = await openDashboard()
  await expect
    .poll(async () => {
      await page.reload()
      return (await headlines(page))['Requests']
    })
    .toBe('6: All requests of LLM APIs. 1 rejected: not in the hit ratio.')
  expect(await headlines(page)).toMatchObject({
    'Hit ratio': '40.0 %: 2 of 5 requests were answered by a cache.',
    'Saved money': '$0.50 USD: All 2 hits have a price.',
    'Saved tokens': '24: 18 input and 6 output tokens, from the usage of the cached answers.',
    Failed: '1: Requests with a status of 500 or above or a broken stream: 16.7 % of all.',
  })
  const [tenants] = await rows(page, 'tenants')
  expect(tenants!.slice(1, 5)).toEqual(['6', '1', '40.0 %', '1'])
  const failures = await rows(page, 'failures')
  expect(failures.map(([, status, error]) => `${status} ${error}`).sort()).toEqual([
    '400 invalid_json',
    '500 status 500',
  ])
  const layers = await rows(page, 'layers')
  const hits = layers.map(([, count]) => Number(count))
  expect(hits.reduce((sum, count) => sum + count, 0)).toBe(2)

  const csv = await page.request.get(`${gateway.url}/dashboard/export/outcomes.csv?range=1h`)
  const counts = parseCsv(await csv.text()).map(([outcome, requests]) => [outcome, requests])
  expect(counts).toEqual([
    ['outcome', 'requests'],
    ['exact-hit', '2'],
    ['miss', '2'],
    ['bypass', '1'],
    ['rejected', '1'],
  ])
  await page.close()
})
