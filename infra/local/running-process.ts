import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import { createConcurrently } from 'concurrently'
import waitOn from 'wait-on'

/** How long a process may take to stop before it is killed. */
const STOP_TIMEOUT_MS = 8000

export interface ProcessOptions {
  name: string
  /** A shell command. */
  command: string
  workingDirectory: string
  environment: Record<string, string>
  /** Receives all output. Overwritten at each start. */
  logFile: string
  /** Called if the process ends unasked. */
  onDeath: (death: ProcessDeath) => void
}

/** The unasked end of a process, with the end of its log. */
export class ProcessDeath extends Error {
  override name = 'ProcessDeath'
  readonly part: string

  constructor(part: string, exit: string | number, logFile: string) {
    const log = stripVTControlCharacters(readFileSync(logFile, 'utf8')).split('\n')
    const tail = log.filter((line) => line.trim()).slice(-15)
    const lines = tail.map((line) => `  | ${line}`).join('\n') || '  (it is empty)'
    super(
      `${part} stopped by itself (exit ${exit}). The end of ${relative('', logFile)}:\n${lines}`,
    )
    this.part = part
  }
}

export interface RunningProcess {
  /**
   * Resolves with the seconds since the start once the address answers 2xx. Rejects if the process
   * dies.
   */
  answers: (url: string, timeoutMs?: number) => Promise<number>
  /** Ends the process and its descendants. Resolves when all are gone. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
  /** Freezes or continues the process, to simulate one that hangs. */
  signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
}

/** Starts a command whose whole process tree can be stopped together. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const startedAt = performance.now()
  let stopping = false
  mkdirSync(options.workingDirectory, { recursive: true })
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'w')

  const { commands, result } = createConcurrently(
    [
      {
        name: options.name,
        command: options.command,
        cwd: options.workingDirectory,
        env: options.environment,
      },
    ],
    {
      // Its own process group: it is stopped with its grandchildren, and Ctrl-C reaches only this
      // process, which then stops the others in order. The log is a file, not a pipe, so a grandchild
      // that holds it open cannot hide its parent's death.
      spawn: (command, spawnOptions) =>
        spawn('/bin/sh', ['-c', `exec ${command}`], {
          ...spawnOptions,
          detached: true,
          stdio: ['ignore', log, log],
        }),
      kill: signalGroup,
    },
  )
  closeSync(log)
  const command = commands[0]
  if (!command?.pid) throw new Error(`${options.name} could not be started.`)
  const { pid } = command

  const death = new Promise<never>((_, reject) => {
    command.close.subscribe(({ exitCode }) => {
      // A grandchild may outlive its parent.
      signalGroup(pid, 'SIGKILL')
      if (stopping) return
      const reason = new ProcessDeath(options.name, exitCode, options.logFile)
      reject(reason)
      options.onDeath(reason)
    })
  })
  death.catch(() => {})
  // `close` has reported the exit code already.
  const ended = result.then(
    () => {},
    () => {},
  )

  return {
    async answers(url, timeoutMs = 180_000) {
      const ready = waitOn({
        resources: [url.replace('http', 'http-get')],
        interval: 100,
        simultaneous: 1,
        timeout: timeoutMs,
      })
      await Promise.race([ready, death])
      return (performance.now() - startedAt) / 1000
    },
    async stop(signal = 'SIGTERM') {
      stopping = true
      command.kill(signal)
      // A frozen process handles the signal only after it continues.
      signalGroup(pid, 'SIGCONT')
      const overdue = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(overdue)
    },
    signal: (signal) => signalGroup(pid, signal),
  }
}

function signalGroup(pid: number, signal: string | undefined): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The process group is gone already.
  }
}
