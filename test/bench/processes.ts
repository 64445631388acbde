import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const ROOT = resolve(import.meta.dirname, '../..')
/** Where builds and configurations of benchmarks go. */
export const FOLDER = resolve(ROOT, '.local/bench')
const READY_TIMEOUT_MS = 60_000

const children: ChildProcess[] = []

/** What is measured has a core of its own; the stubs and the load share the other. */
export type Core = 'measured' | 'load'

/** A command on its core, where the system can pin it. */
export function pinned(command: string, args: readonly string[], core: Core): [string, string[]] {
  const canPin = process.platform === 'linux' && availableParallelism() > 1
  if (!canPin) return [command, [...args]]
  return ['taskset', ['-c', core === 'measured' ? '0' : '1', command, ...args]]
}

/**
 * Starts a process that runs until `stop`. If it ends by itself while it is essential, the benchmark
 * fails. Its errors go to `logFile`.
 */
export function start(
  command: string,
  args: readonly string[],
  core: Core,
  logFile?: string,
  isEssential: () => boolean = () => true,
): ChildProcess {
  const [file, all] = pinned(command, args, core)
  const log = logFile === undefined ? 'inherit' : openSync(logFile, 'w')
  const child = spawn(file, all, { stdio: ['ignore', 'ignore', log] })
  child.on('exit', (code) => {
    if (code === null || !children.includes(child) || process.exitCode !== undefined) return
    if (!isEssential()) return
    console.error(`${command} stopped by itself (exit ${code}).`)
    stop()
    process.exit(1)
  })
  children.push(child)
  return child
}

/** Stops everything that was started. */
export function stop(): void {
  for (const child of children.splice(0)) child.kill()
}

export async function freePorts(count: number): Promise<number[]> {
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

/** Resolves as soon as the server answers, whatever it says. */
export async function ready(url: string): Promise<void> {
  const until = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer !== undefined) return
    if (performance.now() > until) throw new Error(`Nothing answers at ${url}.`)
    await sleep(50)
  }
}

/** Runs a benchmark and stops everything it started, also after an error or Ctrl-C. */
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
