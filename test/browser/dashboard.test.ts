import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rangeNames } from '../../src/dashboard/view.ts'
import { parseCsv } from '../support/csv.ts'
import { HOSTILE_TENANT } from '../support/fake-ledger.ts'
import { openPage, startChromium } from './chromium.ts'
import { ADMIN_KEY, startGateway } from './running-gateway.ts'
import type { RunningGateway } from './running-gateway.ts'

let gateway: RunningGateway
let browser: Browser
let context: BrowserContext
let page: Page
let problems: string[]

beforeAll(async () => {
  ;[gateway, browser] = await Promise.all([startGateway(), startChromium()])
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
})
beforeEach(async () => {
  // The dashboard must work without scripts.
  context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true })
  ;({ page, problems } = await openPage(context))
})
afterEach(() => context.close())

const open = (path: string) => page.goto(`${gateway.url}${path}`)

async function logIn(path = '/dashboard'): Promise<void> {
  await open(path)
  await page.getByLabel('Admin key').fill(ADMIN_KEY)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'Log out' }).waitFor()
}

describe('in a browser without scripts', () => {
  it('a wrong key shows what is wrong, and logs nobody in', async () => {
    await open('/dashboard')
    await page.getByLabel('Admin key').fill('wrong')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toBe('This is not the ADMIN_KEY. Try again.')
    expect(await context.cookies()).toEqual([])
    await open('/dashboard')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Log in')
    expect(problems.every((text) => text.includes('401'))).toBe(true)
  })

  it('the login sets a cookie that browsers protect, and the logout deletes it', async () => {
    await logIn()
    const cookies = await context.cookies()
    expect(cookies).toEqual([
      expect.objectContaining({
        name: '__Host-dashboard',
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
    ])
    const hours = (cookies[0]!.expires * 1000 - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(7.9)
    expect(hours).toBeLessThanOrEqual(8)
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByLabel('Admin key').waitFor()
    expect(await context.cookies()).toEqual([])
    expect(problems).toEqual([])
  })

  it('the login leads back to the view that was asked for', async () => {
    await logIn('/dashboard?range=7d&tenant=acme')
    expect(new URL(page.url()).search).toBe('?range=7d&tenant=acme')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Tenant acme')
  })

  it('every range can be chosen, and keeps the tenant', async () => {
    await logIn('/dashboard?tenant=acme')
    const ranges = page.getByRole('navigation', { name: 'Time range' })
    for (const range of rangeNames) {
      await ranges.getByRole('link', { name: range, exact: true }).click()
      await page.waitForURL((url) => url.searchParams.get('range') === range)
      expect(new URL(page.url()).searchParams.get('tenant')).toBe('acme')
      expect(await ranges.locator('[aria-current]').textContent()).toBe(range)
      expect(await page.locator('svg.bars').count()).toBeGreaterThan(2)
    }
    expect(problems).toEqual([])
  })

  it('a tenant is found by its name or by a link, also one with a hostile name', async () => {
    await logIn()
    await page.getByLabel('Tenant', { exact: true }).fill('acme')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.waitForURL(/tenant=acme/)
    await page.getByRole('link', { name: 'All tenants' }).click()
    await page.waitForURL((url) => !url.searchParams.has('tenant'))
    await page.getByRole('link', { name: HOSTILE_TENANT }).click()
    await page.waitForURL((url) => url.searchParams.get('tenant') === HOSTILE_TENANT)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      `Tenant ${HOSTILE_TENANT}`,
    )
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('a table can be downloaded as CSV that says the same', async () => {
    await logIn()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSV of top models' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('models-24h.csv')
    const [, ...rows] = parseCsv(await readFile(await download.path(), 'utf8'))
    const table = page.locator('#table-models tbody tr')
    const shown = await table.evaluateAll((lines) =>
      lines.map((line) =>
        [...line.querySelectorAll('th, td')].map(
          (cell) => cell.querySelector('data')?.value ?? cell.textContent,
        ),
      ),
    )
    expect(rows.length).toBeGreaterThan(2)
    expect(rows).toEqual(shown)
  })

  it('the page reloads itself only while its control says so', async () => {
    await logIn()
    const reload = page.getByRole('navigation', { name: 'Automatic reload' })
    const following = page.waitForResponse(/refresh=60/)
    await reload.getByRole('link', { name: '1 min' }).click()
    expect((await following).headers()['refresh']).toBe('60')
    await page.waitForURL(/refresh=60/)
    const stopping = page.waitForResponse((response) => !response.url().includes('refresh='))
    await reload.getByRole('link', { name: 'off' }).click()
    expect((await stopping).headers()['refresh']).toBeUndefined()
    expect(problems).toEqual([])
  })

  it('the keyboard reaches every control, the way into the content first', async () => {
    await logIn()
    await open('/dashboard')
    const controls = await page
      .locator('a[href], button, input:not([type=hidden]), summary, [tabindex="0"]')
      .evaluateAll((all) => {
        const visible = all.filter((one) => one.checkVisibility())
        for (const [at, one] of visible.entries()) one.setAttribute('data-control', String(at))
        return visible.length
      })
    expect(controls).toBeGreaterThan(40)
    const reached: string[] = []
    for (let n = 0; n < controls; n += 1) {
      await page.keyboard.press('Tab')
      reached.push((await page.locator(':focus').getAttribute('data-control')) ?? 'something else')
    }
    expect(reached).toEqual(Array.from({ length: controls }, (_, at) => String(at)))
    await open('/dashboard')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
  })
})
