import { join, resolve } from 'node:path'

import { type PartName, parts, type StackEnvironment } from './parts.ts'
import { type RunningProcess, startProcess } from './running-process.ts'
import type { StackOptions } from './stack-options.ts'
import { environmentOf } from './environment.ts'

export interface RunningParts {
  /** Seconds from its start to its first answer, for each part that was started. */
  readyIn: Partial<Record<PartName, number>>
  isRunning: (part: PartName) => boolean
  /** Resolves when the part answers. Rejects if it dies first, or after `stopAll`. */
  start: (part: PartName) => Promise<void>
  stop: (part: PartName, signal?: NodeJS.Signals) => Promise<void>
  restart: (part: PartName) => Promise<void>
  signal: (part: PartName, signal: 'SIGSTOP' | 'SIGCONT') => void
  /** Stops every part. None can be started afterwards. */
  stopAll: () => Promise<void>
}

/** Runs the parts' processes. Each start reads `environment` again. */
export function runningParts(options: StackOptions, environment: StackEnvironment): RunningParts {
  const readyIn: RunningParts['readyIn'] = {}
  const running = new Map<PartName, RunningProcess>()
  let closed = false

  async function start(part: PartName): Promise<void> {
    if (closed) throw new Error('The stack is stopped.')
    const started = startProcess({
      name: part,
      command: parts[part].command,
      workingDirectory: join(resolve(options.dataDirectory), part),
      environment: environmentOf(part, options.env, options.ports[part], environment),
      logFile: join(options.logDirectory, `${part}.log`),
      onDeath: (reason) => {
        running.delete(part)
        options.onEvent?.({ kind: 'died', part, reason })
      },
    })
    running.set(part, started)
    const url = environment.urls[part]
    const seconds = await started.answers(`${url}${parts[part].ready}`)
    readyIn[part] = seconds
    options.onEvent?.({ kind: 'ready', part, url, seconds })
  }

  async function stop(part: PartName, signal?: NodeJS.Signals): Promise<void> {
    await running.get(part)?.stop(signal)
    running.delete(part)
  }

  return {
    readyIn,
    isRunning: (part) => running.has(part),
    start,
    stop,
    async restart(part) {
      await stop(part)
      await start(part)
    },
    signal: (part, signal) => running.get(part)?.signal(signal),
    async stopAll() {
      closed = true
      await Promise.all([...running.keys()].map((part) => stop(part)))
    },
  }
}
