/**
 * `make bench-quick`: the built gateway on bare workerd, side by side with a reference Worker. Prints
 * ratios, each the median of several interleaved rounds with the lowest and the highest of them.
 */

import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { measure, median } from './load.ts'
import type { LoadResult } from './load.ts'
import { workerdConfig } from './workerd-config.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = resolve(ROOT, '.local/bench')
const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
/** Requests per measurement: at one connection, and at sixteen. */
const [SINGLE, MANY] = [150, 800]
const CONNECTIONS = 16
const READY_TIMEOUT_MS = 15_000

const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' }

interface Scenario {
  readonly name: string
  readonly worker: 'gateway' | 'alone' | 'reference'
  readonly stream?: boolean
  /** Whether every request is one that no cache has seen. */
  readonly unique: boolean
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'reference', worker: 'reference', unique: true },
  { name: 'hit', worker: 'gateway', unique: false },
  { name: 'miss alone', worker: 'alone', unique: true },
  { name: 'coalesced miss', worker: 'gateway', unique: true },
  { name: 'reference, streamed', worker: 'reference', stream: true, unique: true },
  { name: 'miss alone, streamed', worker: 'alone', stream: true, unique: true },
  { name: 'coalesced miss, streamed', worker: 'gateway', stream: true, unique: true },
]

const children: ChildProcess[] = []

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  console.log('Building the Worker …')
  build()
  const [gateway, alone, reference, stub] = await freePorts(4)
  const ports = { gateway: gateway!, alone: alone!, reference: reference! }
  start(process.execPath, [resolve(import.meta.dirname, 'stub.ts'), String(stub)], 1)
  const wrangler = readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8')
  const config = workerdConfig({
    ports,
    stubUrl: `http://127.0.0.1:${stub}`,
    compatibilityDate: /^compatibility_date = "(.*)"/m.exec(wrangler)![1]!,
    compatibilityFlags: /^compatibility_flags = \["(.*)"\]/m.exec(wrangler)![1]!.split('", "'),
  })
  writeFileSync(resolve(FOLDER, 'config.capnp'), config)
  copyFileSync(resolve(import.meta.dirname, 'reference.js'), resolve(FOLDER, 'reference.js'))
  start(resolve(ROOT, 'node_modules/.bin/workerd'), ['serve', resolve(FOLDER, 'config.capnp')], 0)
  await Promise.all(Object.values(ports).map(ready))

  const run = (scenario: Scenario, connections: number, count: number) =>
    measure({
      url: `http://127.0.0.1:${ports[scenario.worker]}/v1/chat/completions`,
      connections,
      count,
      headers,
      body: () => bodyOf(scenario),
    })
  console.log('Warming up …')
  for (const scenario of SCENARIOS) await run(scenario, CONNECTIONS, MANY)
  const rounds: Map<string, { single: LoadResult; many: LoadResult }>[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.log(`Round ${round} of ${ROUNDS} …`)
    const results = new Map<string, { single: LoadResult; many: LoadResult }>()
    for (const scenario of SCENARIOS) {
      const single = await run(scenario, 1, SINGLE)
      results.set(scenario.name, { single, many: await run(scenario, CONNECTIONS, MANY) })
    }
    rounds.push(results)
  }
  report(rounds)
}

let sent = 0
/** A request of about 1 KB, as applications send them. */
function bodyOf({ unique, stream = false }: Scenario): string {
  const subject = unique ? `${(sent += 1)} of ${process.pid}` : 'the sky'
  const content = `Why is ${subject} blue? ${'Please explain it in detail. '.repeat(30)}`
  return JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content }],
    ...(stream ? { stream } : {}),
  })
}

type Rounds = readonly Map<string, { single: LoadResult; many: LoadResult }>[]

function report(rounds: Rounds): void {
  const ratios = (name: string, to: string) => {
    const slower = rounds.map((one) => one.get(name)!.single.p50 / one.get(to)!.single.p50)
    const less = rounds.map(
      (one) => one.get(to)!.many.requestsPerSecond / one.get(name)!.many.requestsPerSecond,
    )
    return [slower, less].map(
      (all) =>
        `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`,
    )
  }
  const middle = (name: string, pick: (one: { single: LoadResult; many: LoadResult }) => number) =>
    median(rounds.map((one) => pick(one.get(name)!)))
  const pairs = [
    ['hit', 'reference'],
    ['miss alone', 'reference'],
    ['coalesced miss', 'reference'],
    ['coalesced miss', 'miss alone'],
    ['miss alone, streamed', 'reference, streamed'],
    ['coalesced miss, streamed', 'reference, streamed'],
    ['coalesced miss, streamed', 'miss alone, streamed'],
  ] as const
  console.log('\n| scenario | p50 at 1 connection, ms | requests/s at 16 |\n|---|---|---|')
  for (const { name } of SCENARIOS) {
    const p50 = middle(name, ({ single }) => single.p50).toFixed(2)
    const rate = middle(name, ({ many }) => many.requestsPerSecond).toFixed(0)
    console.log(`| ${name} | ${p50} | ${rate} |`)
  }
  console.log('\n| times as slow | p50 at 1 connection | time per request at 16 |\n|---|---|---|')
  for (const [name, to] of pairs) {
    console.log(`| ${name} : ${to} | ${ratios(name, to).join(' | ')} |`)
  }
  console.log(
    `\n${ROUNDS} rounds, interleaved; median (lowest–highest). Compare ratios, not machines.`,
  )
}

function build(): void {
  const built = spawnSync('wrangler', ['deploy', '--dry-run', '--outdir', FOLDER], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`)
}

/** Starts a process on a core of its own, where the system can pin it. */
function start(command: string, args: string[], core: number): void {
  const canPin = process.platform === 'linux' && availableParallelism() > 1
  const [file, all] = canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
  const child = spawn(file, all, { stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('exit', (code) => {
    if (code === null || process.exitCode !== undefined) return
    console.error(`${command} stopped by itself (exit ${code}).`)
    process.exit(1)
  })
  children.push(child)
}

function stop(): void {
  for (const child of children) child.kill()
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resume) => {
          server.listen(0, '127.0.0.1', () => resume((server.address() as AddressInfo).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resume) => server.close(resume))))
  return ports
}

async function ready(port: number): Promise<void> {
  const until = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer !== undefined) return
    if (performance.now() > until) throw new Error(`Nothing answers on port ${port}.`)
    await sleep(50)
  }
}

process.on('SIGINT', () => {
  stop()
  process.exit(130)
})
try {
  await main()
  process.exitCode = 0
} finally {
  stop()
}
