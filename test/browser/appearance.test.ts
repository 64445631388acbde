import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUIET_TENANT, UNREADABLE_TENANT } from '../support/fake-ledger.ts'
import { openPage, startChromium } from './chromium.ts'
import { ADMIN_KEY, startGateway } from './running-gateway.ts'
import type { RunningGateway } from './running-gateway.ts'

const SCREENSHOTS = resolve(import.meta.dirname, '../../.local/screenshots')
const WIDTHS = [390, 1280]
const SCHEMES = ['light', 'dark'] as const

/** Every kind of page, by the name of its screenshots. */
const PAGES = {
  login: '/dashboard',
  dashboard: '/dashboard?range=24h',
  empty: `/dashboard?tenant=${QUIET_TENANT}`,
  unreadable: `/dashboard?tenant=${UNREADABLE_TENANT}`,
  problem: '/dashboard?range=never',
} as const
type PageName = keyof typeof PAGES

const LOOKS = (Object.keys(PAGES) as PageName[]).flatMap((name) =>
  WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ name, width, scheme }))),
)

let gateway: RunningGateway
let browser: Browser
let cookies: Awaited<ReturnType<BrowserContext['cookies']>>

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true })
  ;[gateway, browser] = await Promise.all([startGateway(), startChromium()])
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${gateway.url}/dashboard`)
  await page.getByLabel('Admin key').fill(ADMIN_KEY)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: 'Log out' }).waitFor()
  cookies = await context.cookies()
  await context.close()
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
})

interface Look {
  readonly name: PageName
  readonly width: number
  readonly scheme: (typeof SCHEMES)[number]
  /** Scripts are for axe alone, which must be let past the page's security policy. */
  readonly withScripts?: boolean
}

/** Opens a page as it looks in this window, does something there, and closes it. */
async function at<T>(
  { name, width, scheme, withScripts = false }: Look,
  look: (page: Page, problems: string[]) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: withScripts,
    bypassCSP: withScripts,
  })
  try {
    if (name !== 'login') await context.addCookies(cookies)
    const { page, problems } = await openPage(context)
    await page.goto(`${gateway.url}${PAGES[name]}`)
    return await look(page, problems)
  } finally {
    await context.close()
  }
}

/** The statuses of pages that say what is wrong. Chromium logs these. */
const STATUS: Partial<Record<PageName, string>> = { unreadable: '503', problem: '400' }

describe.each(LOOKS)('the page "$name" at $width px in $scheme', (look) => {
  it('fits the window, without a complaint of the browser', async () => {
    const { name, width, scheme } = look
    await at(look, async (page, problems) => {
      const file = resolve(SCREENSHOTS, `${name}-${width}-${scheme}.png`)
      await page.screenshot({ path: file, fullPage: true })
      const root = page.locator('html')
      expect(await root.evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(width)
      const status = STATUS[name] ?? 'none'
      expect(problems.filter((text) => !text.includes(status))).toEqual([])
    })
  })

  it('has nothing that axe objects to', async () => {
    await at({ ...look, withScripts: true }, async (page) => {
      await page.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '')
      })
      const results = await examined(page)
      const found = results.violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
      }))
      expect(found).toEqual([])
      expect(results.passes.length).toBeGreaterThan(15)
    })
  })
})

/** What axe finds on a page. */
async function examined(page: Page): Promise<AxeResults> {
  await page.evaluate(axe.source)
  return (await page.evaluate('axe.run()')) as AxeResults
}

describe('axe', () => {
  it('objects to a page without a title and a label (control)', async () => {
    await at({ name: 'login', width: 390, scheme: 'light', withScripts: true }, async (page) => {
      await page.evaluate("document.title = ''; document.querySelector('label').remove()")
      const { violations } = await examined(page)
      const ids = violations.map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining(['document-title', 'label']))
    })
  })
})

describe('the dashboard', () => {
  it.each([360, 768, 1024, 1440])('fits a window of %d px', async (width) => {
    await at({ name: 'dashboard', width, scheme: 'light' }, async (page) => {
      const html = page.locator('html')
      expect(await html.evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(width)
    })
  })
})
