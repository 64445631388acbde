import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { type ProcessDeath, type RunningProcess, startProcess } from './running-process.ts'
import type { Stack } from './stack.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

export const gatewayPort = { setting: 'GATEWAY_PORT', fallback: 8787 }

export interface GatewayOptions {
  /** Tells several gateways apart: in logs and in what they store. */
  name?: string
  port: number
  stack: Pick<Stack, 'urls' | 'masterKey' | 'qdrantKey' | 'experimentId'>
  /** Settings beyond, or in place of, those that the stack gives. */
  settings?: Readonly<Record<string, string>>
  dataDirectory: string
  logDirectory: string
  onDeath: (death: ProcessDeath) => void
}

/** Starts the Worker in workerd, by `wrangler dev`, in front of the stack. */
export function startGateway(options: GatewayOptions): RunningProcess {
  const { stack, name = 'gateway' } = options
  const state = resolve(options.dataDirectory, name)
  mkdirSync(state, { recursive: true })
  // A file of its own: no value passes a shell, and a .dev.vars of the user's is not read.
  const settingsFile = join(state, 'settings.env')
  writeSettings(settingsFile, {
    ENVIRONMENT: 'development',
    AUTH_MODE: 'none',
    LITELLM_URL: stack.urls.litellm,
    LITELLM_API_KEY: stack.masterKey,
    QDRANT_URL: stack.urls.qdrant,
    QDRANT_API_KEY: stack.qdrantKey,
    // One machine does everything here: a model at work can make a lookup or a verdict late.
    QDRANT_TIMEOUT_MS: '1000',
    SEMANTIC_JUDGE_TIMEOUT_MS: '5000',
    MLFLOW_URL: stack.urls.mlflow,
    MLFLOW_EXPERIMENT_ID: stack.experimentId,
    ...options.settings,
  })
  return startProcess({
    name,
    command:
      'wrangler dev --ip 127.0.0.1 --port $PORT --inspector-port 0 ' +
      '--persist-to "$STATE" --env-file "$STATE/settings.env"',
    workingDirectory: REPOSITORY,
    environment: {
      PATH: `${join(REPOSITORY, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      PORT: String(options.port),
      STATE: state,
      WRANGLER_SEND_METRICS: 'false',
      // Keeps wrangler from asking the network for a description of this machine's place.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      // Without a terminal it neither draws a menu nor waits for keys.
      CI: 'true',
      FORCE_COLOR: '0',
    },
    logFile: join(options.logDirectory, `${name}.log`),
    onDeath: options.onDeath,
  })
}

function writeSettings(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(
    // Between single quotes nothing is an escape; a value that has one is quoted otherwise.
    ([name, value]) => `${name}=${value.includes("'") ? JSON.stringify(value) : `'${value}'`}\n`,
  )
  writeFileSync(file, lines.join(''), { mode: 0o600 })
}
