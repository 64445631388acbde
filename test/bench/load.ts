import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { HEADERS, nextSeed, UNIQUE } from './client.ts'
import { FOLDER, pinned } from './processes.ts'

/** One measurement: requests over connections that stay open, for a while. */
export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** The body of every request. With `UNIQUE` in it, no two are the same. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface LoadResult {
  /** The median, ms, from the first byte out to the last byte in. */
  readonly p50: number
  readonly requests: number
  readonly requestsPerSecond: number
}

/** Whether wrk is there, which takes far less of the load's core than a generator in JavaScript. */
export const hasWrk = spawnSync('wrk', ['--version']).error === undefined

/** Measures with wrk, or with autocannon where wrk is missing. Throws if an answer is not a 200. */
export async function measure(load: Load): Promise<LoadResult> {
  const { url, body } = load
  const file = resolve(FOLDER, 'body.json')
  writeFileSync(file, body)
  const [command, args] = hasWrk ? wrk(load, file) : autocannon(load, file)
  const output = await outputOf(...pinned(command, args, 'load'))
  const { p50Us, requests, durationUs, errors } = JSON.parse(
    output.trim().split('\n').at(-1)!,
  ) as Record<'p50Us' | 'requests' | 'durationUs' | 'errors', number>
  if (errors > 0) throw new Error(`${errors} of ${requests} requests to ${url} failed.`)
  return { p50: p50Us / 1e3, requests, requestsPerSecond: requests / (durationUs / 1e6) }
}

type Command = readonly [string, readonly string[]]

function wrk({ url, connections, seconds, body, headers = {} }: Load, file: string): Command {
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s']
  const more = Object.entries({ ...HEADERS, ...headers }).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ])
  const script = ['-s', resolve(import.meta.dirname, 'wrk.lua'), url, '--', file]
  const seed = body.includes(UNIQUE) ? [nextSeed()] : []
  return ['wrk', [...args, ...more, ...script, ...seed]]
}

function autocannon({ url, connections, seconds, headers = {} }: Load, file: string): Command {
  const script = resolve(import.meta.dirname, 'autocannon.js')
  const options = { url, connections, duration: seconds, headers: { ...HEADERS, ...headers } }
  return [process.execPath, [script, JSON.stringify(options), file]]
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
