/**
 * `make bench-memory`: how much memory bare workerd uses for large and hostile bodies, and for long
 * streams. Each case runs in its own process. Needs Linux, whose `/proc` shows the peak. `STREAMS`
 * makes it shorter.
 */

import { request } from 'node:http'
import { hasProcessStats, memoryMb, resetPeak } from './process-stats.ts'
import { build } from './builds.ts'
import { sendAll, UNIQUE } from './client.ts'
import { running, stop } from './processes.ts'
import { startWorkerd } from './workerd.ts'

const MEBIBYTE = 2 ** 20

interface Case {
  readonly name: string
  readonly bodies: readonly Body[]
  /** The largest acceptable growth, in MB. */
  readonly limitMb: number
}

interface Body {
  readonly text: Buffer
  readonly key: string
}

const head = '{"model":"bench","messages":[{"role":"user","content":"hi"}],"x":'
const oneString = (bytes: number) => Buffer.from(`${head}"${'x'.repeat(bytes - head.length - 3)}"}`)
const repeated = (item: string, bytes: number) =>
  Buffer.from(`${head}[${`${item},`.repeat(Math.floor(bytes / (item.length + 1)))}0]}`)
const nested = (bytes: number) =>
  Buffer.from(`${head}${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`)
const from = (text: Buffer, key = 'sk-bench'): Body => ({ text, key })

/** Built one case at a time, because the texts are large. */
const CASES: readonly (() => Case)[] = [
  () => ({ name: 'one of 32 MiB', bodies: [from(oneString(32 * MEBIBYTE))], limitMb: 50 }),
  () => ({
    name: 'ten of 10 MiB at once, one key',
    bodies: Array.from({ length: 10 }, () => from(oneString(10 * MEBIBYTE))),
    limitMb: 100,
  }),
  () => ({
    name: 'ten of 10 MiB at once, ten keys',
    bodies: Array.from({ length: 10 }, (_, n) => from(oneString(10 * MEBIBYTE), `sk-${n}`)),
    limitMb: 100,
  }),
  () => ({ name: '10 MiB of `{},`', bodies: [from(repeated('{}', 10 * MEBIBYTE))], limitMb: 40 }),
  () => ({ name: '10 MiB of `[],`', bodies: [from(repeated('[]', 10 * MEBIBYTE))], limitMb: 40 }),
  () => ({ name: '10 MiB of `"",`', bodies: [from(repeated('""', 10 * MEBIBYTE))], limitMb: 40 }),
  () => ({
    name: '3.9 MiB of `0,`, cached',
    bodies: [from(repeated('0', 3.9 * MEBIBYTE))],
    limitMb: 100,
  }),
  () => ({ name: '5 million nested arrays', bodies: [from(nested(10 * MEBIBYTE))], limitMb: 40 }),
  () => ({
    name: '10 MiB of members',
    bodies: [
      from(
        Buffer.from(
          `${head}{${Array.from({ length: 800_000 }, (_, n) => `"m${n}":${n % 10}`).join()}}}`,
        ),
      ),
    ],
    limitMb: 50,
  }),
]

async function main(): Promise<void> {
  if (!hasProcessStats) throw new Error('This needs Linux.')
  console.log('Building the Worker …')
  build()
  console.log('\n| bodies | answers | workerd grows by, MB | goal |\n|---|---|---|---|')
  let isOver = false
  for (const make of CASES) {
    const { name, bodies, limitMb } = make()
    const { urls, workerd } = await startWorkerd()
    const send = (body: Body) => post(`${urls.gateway}/v1/chat/completions`, body)
    // A first request, so that the keys are known and the code has run.
    for (const { key } of bodies) await send(from(oneString(100_000), key))
    resetPeak(workerd)
    const before = memoryMb(workerd, 'VmRSS')
    const statuses = await Promise.all(bodies.map(send))
    const grown = memoryMb(workerd, 'VmHWM') - before
    stop()
    isOver ||= grown > limitMb
    console.log(`| ${name} | ${told(statuses)} | ${grown.toFixed(0)} | ${limitMb} |`)
  }
  const grown = await grownByStreams()
  isOver ||= grown > STREAMS.limitMb
  console.log(
    `| answers: ${STREAMS.count} streams of 10 MB, ${STREAMS.connections} at once | ${STREAMS.count} × 200 | ${grown.toFixed(0)} | ${STREAMS.limitMb} |`,
  )
  if (isOver) console.log('\nOne is over its goal.')
}

const STREAMS = { count: Number(process.env['STREAMS'] ?? 100), connections: 8, limitMb: 20 }

/** Requests after which workerd has grown as far as small answers make it. */
const WARM_UP = 100

/** How far workerd grows while it passes long answers on, in MB. */
async function grownByStreams(): Promise<number> {
  const { urls, workerd } = await startWorkerd()
  const url = `${urls.large}/v1/chat/completions`
  const bodyOf = (kilobytes: number) =>
    `{"model":"bench","stream":true,"max_tokens":${kilobytes},"messages":[{"role":"user","content":"${UNIQUE}"}]}`
  // Small ones first, so that the key is known and the code has run.
  await sendAll(url, bodyOf(100), { ...STREAMS, count: WARM_UP })
  resetPeak(workerd)
  const before = memoryMb(workerd, 'VmRSS')
  await sendAll(url, bodyOf(10_000), STREAMS)
  const grown = memoryMb(workerd, 'VmHWM') - before
  stop()
  return grown
}

/** `3 × 200, 7 × 503`. */
function told(statuses: readonly number[]): string {
  const counts = new Map<number, number>()
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} × ${status}`).join(', ')
}

function post(url: string, { text, key }: Body): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    'content-length': text.length,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

await running(main)
