import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { resolve } from 'node:path'
import { FOLDER, pinned } from './processes.ts'

/** Stands in a body for what makes each request a new one. */
export const NUMBER = '{{n}}'
const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' }

/** One measurement: requests over connections that stay open, for a while. */
export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** The body of every request. With `NUMBER` in it, no two are the same. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface LoadResult {
  /** The median, ms, from the first byte out to the last byte in. */
  readonly p50: number
  readonly requests: number
  readonly requestsPerSecond: number
}

/** Whether wrk is there, which costs the shared cores far less than a generator in JavaScript. */
export const hasWrk = spawnSync('wrk', ['--version']).error === undefined

/** Measures with wrk, or in this process where wrk is missing. Throws if an answer is not a 200. */
export function measure(load: Load): Promise<LoadResult> {
  return hasWrk ? withWrk(load) : withNode(load)
}

let seeds = 0
const nextSeed = () => `${process.pid}-${(seeds += 1)}`

async function withWrk({
  url,
  connections,
  seconds,
  body,
  headers = {},
}: Load): Promise<LoadResult> {
  const file = resolve(FOLDER, 'body.json')
  writeFileSync(file, body)
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s']
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`)
  const script = ['-s', resolve(import.meta.dirname, 'wrk.lua'), url, '--', file]
  const seed = body.includes(NUMBER) ? [nextSeed()] : []
  const [command, all] = pinned('wrk', [...args, ...script, ...seed], 'load')
  const output = await outputOf(command, all)
  const { p50Us, requests, durationUs, errors } = JSON.parse(
    output.trim().split('\n').at(-1)!,
  ) as Record<'p50Us' | 'requests' | 'durationUs' | 'errors', number>
  if (errors > 0) throw new Error(`${errors} of ${requests} requests to ${url} failed.`)
  return { p50: p50Us / 1e3, requests, requestsPerSecond: requests / (durationUs / 1e6) }
}

function outputOf(command: string, args: string[]): Promise<string> {
  return new Promise((resume, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (part: Buffer) => (output += part.toString()))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resume(output) : reject(new Error(`${command} failed (exit ${code}).`)),
    )
  })
}

/** With a clock of microseconds: the generators on npm count whole milliseconds, more than a hit takes. */
async function withNode({ url, connections, seconds, body, headers }: Load): Promise<LoadResult> {
  const times: number[] = []
  const seed = nextSeed()
  const startedAt = performance.now()
  await onConnections(connections, async (agent) => {
    while (performance.now() - startedAt < seconds * 1_000) {
      const text = body.replace(NUMBER, `${seed}-${times.length}-${Math.random()}`)
      times.push((await post(url, text, agent, headers)).last)
    }
  })
  const elapsed = (performance.now() - startedAt) / 1_000
  return {
    p50: median(times),
    requests: times.length,
    requestsPerSecond: times.length / elapsed,
  }
}

/** The median time to the first byte of the body, ms, at one connection. */
export async function firstByte(url: string, body: string, count: number): Promise<number> {
  const seed = nextSeed()
  const times: number[] = []
  await onConnections(1, async (agent) => {
    while (times.length < count) {
      const { first } = await post(url, body.replace(NUMBER, `${seed}-${times.length}`), agent)
      times.push(first)
    }
  })
  return median(times)
}

/** Sends one body many times at once, and gives how long each answer took, ms. */
export async function burst(url: string, body: string, count: number): Promise<number[]> {
  const times: number[] = []
  const text = body.replace(NUMBER, nextSeed())
  await onConnections(count, async (agent) => {
    times.push((await post(url, text, agent)).last)
  })
  return times
}

async function onConnections(count: number, work: (agent: Agent) => Promise<void>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  try {
    await Promise.all(Array.from({ length: count }, () => work(agent)))
  } finally {
    agent.destroy()
  }
}

/** When the first and the last byte of the body came, ms after the request was sent. */
interface Times {
  readonly first: number
  readonly last: number
}

function post(url: string, text: string, agent: Agent, more: Load['headers'] = {}): Promise<Times> {
  const sentAt = performance.now()
  return new Promise((resume, reject) => {
    const headers = { ...HEADERS, ...more, 'content-length': Buffer.byteLength(text) }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let first: number | undefined
      response.on('data', () => (first ??= performance.now() - sentAt))
      response.on('error', reject)
      response.on('end', () => {
        const last = performance.now() - sentAt
        if (response.statusCode === 200) resume({ first: first ?? last, last })
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
