import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { workerdConfig } from './workerd-config.ts'
import type { WorkerdOptions } from './workerd-config.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = resolve(ROOT, '.local/bench')
const READY_TIMEOUT_MS = 15_000

const children: ChildProcess[] = []

/** Builds the Worker for deployment. Throws with wrangler's output if that fails. */
export function build(): void {
  mkdirSync(FOLDER, { recursive: true })
  const built = spawnSync('wrangler', ['deploy', '--dry-run', '--outdir', FOLDER], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`)
}

/** Starts workerd with the built Worker, and stubs of Qdrant and LiteLLM; resolves when they answer. */
export async function startWorkerd(): Promise<{
  readonly ports: WorkerdOptions['ports']
  readonly workerd: ChildProcess
}> {
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
  const binary = resolve(ROOT, 'node_modules/.bin/workerd')
  const workerd = start(binary, ['serve', resolve(FOLDER, 'config.capnp')], 0)
  await Promise.all(Object.values(ports).map(ready))
  return { ports, workerd }
}

/** Starts a process on its own core, if the system can pin it. */
function start(command: string, args: string[], core: number): ChildProcess {
  const canPin = process.platform === 'linux' && availableParallelism() > 1
  const [file, all] = canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
  const child = spawn(file, all, { stdio: ['ignore', 'ignore', 'inherit'] })
  child.on('exit', (code) => {
    if (code === null || !children.includes(child) || process.exitCode !== undefined) return
    console.error(`${command} stopped by itself (exit ${code}).`)
    process.exit(1)
  })
  children.push(child)
  return child
}

/** Stops the started processes. */
export function stop(): void {
  for (const child of children.splice(0)) child.kill()
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

/** Runs a benchmark and always stops what it started. */
export async function running(main: () => Promise<void>): Promise<void> {
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
}
