import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FIRST_EXPERIMENT_ID } from '../../infra/local/experiment.ts'
import { partNames } from '../../infra/local/parts.ts'
import { freePorts } from '../../infra/local/ports.ts'
import { runningParts } from '../../infra/local/running-parts.ts'
import { isLocal, stackEnvironment } from '../../infra/local/environment.ts'
import type { LiteLlm } from './embeddings.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const LOCAL = join(REPOSITORY, '.local')
/** Parts of the local stack that neither embeddings nor verdicts need. */
const UNUSED = new Set<string>(['chat', 'mlflow'])

/** The settings that determine the local LiteLLM's judge and its verdicts. */
const JUDGE_FILES = [
  'litellm-config.yaml',
  'infra/local/judge.py',
  'infra/local/cross_encoder.py',
  'infra/local/judge_adapter.npz',
]

/** A name that changes with the local judge. */
export function localJudge(): string {
  const digest = createHash('sha256')
  for (const file of JUDGE_FILES) digest.update(readFileSync(join(REPOSITORY, file)))
  return `local ${digest.digest('hex')}`
}

export interface LocalLiteLlm extends LiteLlm {
  stop(): Promise<void>
}

/** Starts LiteLLM on a free port, with empty caches and only the parts that this needs. */
export async function startLiteLlm(
  settings: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<LocalLiteLlm> {
  mkdirSync(LOCAL, { recursive: true })
  const dataDirectory = mkdtempSync(join(LOCAL, 'eval-'))
  // MLflow is not started.
  const env = { ...settings, OTEL_SDK_DISABLED: 'true' }
  const ports = await freePorts()
  const environment = stackEnvironment(env, ports, FIRST_EXPERIMENT_ID)
  const logDirectory = join(LOCAL, 'eval-logs')
  const running = runningParts({ dataDirectory, logDirectory, ports, env }, environment)
  const stop = async () => {
    await running.stopAll()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
  const needed = partNames.filter((part) => !UNUSED.has(part) && isLocal(part, env))
  // LiteLLM exits when Qdrant does not answer.
  const start = async () => {
    await Promise.all(needed.filter((part) => part !== 'litellm').map(running.start))
    await running.start('litellm')
  }
  try {
    await Promise.race([start(), fired(signal)])
  } catch (error) {
    await stop()
    throw error
  }
  return { url: environment.urls.litellm, apiKey: environment.masterKey, stop }
}

function fired(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave)
  })
}
