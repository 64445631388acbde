/** `make dashboard-picture`: real traffic on the real local stack, and the dashboard's look after it. */

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startGateway } from '../../infra/local/gateway.ts'
import { partNames } from '../../infra/local/parts.ts'
import { freeFrom } from '../../infra/local/ports.ts'
import type { Ports } from '../../infra/local/ports.ts'
import type { RunningProcess } from '../../infra/local/running-process.ts'
import { startStack } from '../../infra/local/stack.ts'
import type { Stack } from '../../infra/local/stack.ts'
import { startChromium } from './chromium.ts'
import { sendTraffic } from './traffic.ts'
import type { Caller, TrafficOptions } from './traffic.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const LOCAL = join(REPOSITORY, '.local')
const IMAGES = join(REPOSITORY, 'docs/images')
/** The upper part of the page: the headlines, the requests over time, and the layers. */
const SIZE = { width: 1280, height: 1305 }
const FIRST_PORT = 24_200
const ADMIN_KEY = 'picture-admin'
const minutes = Number(process.env['MINUTES'] ?? 12)
/** For this part of the time, the model's server is down. */
const OUTAGE = { from: 0.6, to: 0.66 }

const callers = ['support-bot', 'docs-assistant', 'search', 'sales-copilot'].map(
  (tenant): Caller => ({ tenant, key: `gw-of-${tenant}` }),
) as readonly Caller[] as TrafficOptions['callers']

const dataDirectory = mkdtempSync(join(LOCAL, 'picture-'))
const directories = { dataDirectory, logDirectory: join(LOCAL, 'picture-logs') }
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort(new Error('Interrupted.')))
}
const interruption = new Promise<never>((_, reject) => {
  interrupted.signal.addEventListener('abort', () => reject(interrupted.signal.reason as Error))
})
interruption.catch(() => {})

async function freePortsFrom(first: number): Promise<{ ports: Ports; gateway: number }> {
  const found: number[] = []
  for (const _ of [...partNames, 'gateway']) found.push(await freeFrom((found.at(-1) ?? first) + 1))
  const gateway = found.pop()!
  const ports = Object.fromEntries(partNames.map((part, at) => [part, found[at]])) as Ports
  return { ports, gateway }
}

async function main(): Promise<void> {
  const { ports, gateway: port } = await freePortsFrom(FIRST_PORT)
  const url = `http://127.0.0.1:${port}`
  let stack: Stack | undefined
  let gateway: RunningProcess | undefined
  const died = (death: Error) => interrupted.abort(death)
  try {
    console.log('Starting the local stack (logs in .local/picture-logs) …')
    stack = await startStack({
      ...directories,
      ports,
      env: { ...process.env, LITELLM_DISABLE_COOLDOWNS: 'true' },
      signal: interrupted.signal,
      onEvent: (event) => event.kind === 'died' && died(event.reason),
    })
    gateway = startGateway({
      ...directories,
      port,
      stack,
      settings: {
        ADMIN_KEY,
        AUTH_MODE: 'keys',
        GATEWAY_KEYS: JSON.stringify(
          callers.map(({ tenant, key }) => ({
            tenant,
            sha256: createHash('sha256').update(key).digest('hex'),
          })),
        ),
      },
      onDeath: died,
    })
    await gateway.answers(`${url}/health`)
    console.log(`Sending traffic for ${minutes} minutes: ${url}/dashboard (key ${ADMIN_KEY}) …`)
    const durationMs = minutes * 60_000
    const traffic = sendTraffic({ url, callers, durationMs })
    await Promise.race([Promise.all([traffic, outage(stack, durationMs)]), interruption])
    console.log(`Sent ${await traffic} requests.`)
    await takePictures(url)
  } finally {
    await gateway?.stop()
    await stack?.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

/** Stops the model's server for a while, so that the dashboard has something to tell. */
async function outage(stack: Stack, durationMs: number): Promise<void> {
  const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))
  await pause(durationMs * OUTAGE.from)
  await stack.stop('chat')
  await pause(durationMs * (OUTAGE.to - OUTAGE.from))
  await stack.start('chat')
}

async function takePictures(url: string): Promise<void> {
  mkdirSync(IMAGES, { recursive: true })
  const browser = await startChromium()
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({
        viewport: SIZE,
        colorScheme,
        javaScriptEnabled: false,
      })
      await page.goto(`${url}/dashboard?range=15m`)
      await page.getByLabel('Admin key').fill(ADMIN_KEY)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('button', { name: 'Log out' }).waitFor()
      await page.screenshot({ path: join(IMAGES, `dashboard-${colorScheme}.png`) })
      // The whole page, to look at.
      const whole = join(directories.logDirectory, `dashboard-${colorScheme}.png`)
      await page.screenshot({ path: whole, fullPage: true })
      await page.close()
    }
  } finally {
    await browser.close()
  }
  console.log('The pictures are in docs/images; the whole pages in .local/picture-logs.')
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message)
    process.exit(1)
  },
)
