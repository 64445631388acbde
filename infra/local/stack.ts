import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { experimentId, FIRST_EXPERIMENT_ID } from './experiment.ts'
import { type PartName, partNames, parts, type StackEnvironment } from './parts.ts'
import { type Ports, refuseTakenPorts } from './ports.ts'
import { type RunningParts, runningParts } from './running-parts.ts'
import type { StackOptions } from './stack-options.ts'
import { elsewhere, isLocal, stackEnvironment } from './environment.ts'

export interface Stack extends Readonly<StackEnvironment> {
  readyIn: RunningParts['readyIn']
  /** Stops everything, or one part. SIGKILL simulates a crash. */
  stop: (part?: PartName, signal?: NodeJS.Signals) => Promise<void>
  /** Starts a stopped part again and resolves when it answers. */
  start: (part: PartName) => Promise<void>
  restart: (part: PartName) => Promise<void>
  /** Freezes a part, so that it hangs instead of refusing connections. */
  pause: (part: PartName) => void
  resume: (part: PartName) => void
}

/** The port of every part that no external server replaces, with the setting that changes it. */
export function localPorts(ports: Ports, env: StackOptions['env']) {
  return partNames
    .filter((part) => isLocal(part, env))
    .map((part) => ({ part, port: ports[part], setting: parts[part].portSetting }))
}

/**
 * Starts every part that no external server replaces; resolves when all of them answer. If one dies
 * meanwhile, stops the others and rejects with its `ProcessDeath`.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const local = partNames.filter((part) => isLocal(part, options.env))
  await refuseTakenPorts(localPorts(options.ports, options.env))
  const remembered = join(resolve(options.dataDirectory), 'experiment-id')
  // LiteLLM takes as long to start as MLflow. So it starts with the expected experiment id, and
  // `settleExperiment` corrects it if it is wrong.
  const expected = existsSync(remembered) ? readFileSync(remembered, 'utf8') : FIRST_EXPERIMENT_ID
  const environment = stackEnvironment(options.env, options.ports, expected)
  const running = runningParts(options, environment)

  for (const part of partNames) {
    const url = elsewhere(part, options.env)
    if (url) options.onEvent?.({ kind: 'elsewhere', part, url })
  }
  try {
    await Promise.race([startAll(local, running, environment), aborted(options.signal)])
  } catch (error) {
    await running.stopAll()
    throw error
  }
  if (local.includes('mlflow')) {
    mkdirSync(options.dataDirectory, { recursive: true })
    writeFileSync(remembered, environment.experimentId)
  }

  return {
    ...environment,
    readyIn: running.readyIn,
    stop: (part, signal) => (part ? running.stop(part, signal) : running.stopAll()),
    start: running.start,
    restart: running.restart,
    pause: (part) => running.signal(part, 'SIGSTOP'),
    resume: (part) => running.signal(part, 'SIGCONT'),
  }
}

/** Starts the parts in parallel. LiteLLM waits for Qdrant, without which it exits. */
async function startAll(
  local: readonly PartName[],
  running: RunningParts,
  environment: StackEnvironment,
): Promise<void> {
  const ownMlflow = !local.includes('mlflow')
  if (ownMlflow) await settleExperiment(running, environment)
  const qdrant = local.includes('qdrant') ? running.start('qdrant') : Promise.resolve()
  const starts = local.map(async (part) => {
    if (part === 'qdrant') return qdrant
    if (part === 'litellm') await qdrant
    return running.start(part)
  })
  await Promise.all(starts)
  if (!ownMlflow) await settleExperiment(running, environment)
}

/** Makes LiteLLM send its traces to the gateway's experiment. */
async function settleExperiment(
  running: RunningParts,
  environment: StackEnvironment,
): Promise<void> {
  const actual = await experimentId(environment.urls.mlflow)
  if (actual === environment.experimentId) return
  environment.experimentId = actual
  if (running.isRunning('litellm')) await running.restart('litellm')
}

/** Rejects when the signal fires; never resolves. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Error('The start was interrupted.'))
    if (signal?.aborted) interrupt()
    signal?.addEventListener('abort', interrupt)
  })
}
