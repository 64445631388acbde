import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { type ProcessDeath, type RunningProcess, startProcess } from './running-process.ts'
import type { Stack } from './stack.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

export const gatewayPort = { setting: 'GATEWAY_PORT', fallback: 8787 }

export interface GatewayOptions {
  /** Separates several gateways in logs and data. */
  name?: string
  port: number
  stack: Pick<Stack, 'urls' | 'masterKey' | 'qdrantKey' | 'experimentId'>
  /** Settings that add to or replace those of the stack. */
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
  // A separate file, so that no value passes through a shell and the user's .dev.vars is not read.
  const settingsFile = join(state, 'settings.env')
  writeSettings(settingsFile, {
    ENVIRONMENT: 'development',
    AUTH_MODE: 'none',
    LITELLM_URL: stack.urls.litellm,
    LITELLM_API_KEY: stack.masterKey,
    QDRANT_URL: stack.urls.qdrant,
    QDRANT_API_KEY: stack.qdrantKey,
    // Longer than in production: a model running on the same machine delays lookups and verdicts.
    QDRANT_TIMEOUT_MS: '1000',
    SEMANTIC_JUDGE_TIMEOUT_MS: '5000',
    // Nobody pays for rows here, so the dashboard follows at once.
    LEDGER_FLUSH_SECONDS: '1',
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
      // Keeps wrangler from fetching this machine's location.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      // Without a terminal, wrangler draws no menu and waits for no keys.
      CI: 'true',
      FORCE_COLOR: '0',
    },
    logFile: join(options.logDirectory, `${name}.log`),
    onDeath: options.onDeath,
  })
}

function writeSettings(file: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(
    // Nothing is escaped between single quotes. Values that contain one get double quotes.
    ([name, value]) => `${name}=${value.includes("'") ? JSON.stringify(value) : `'${value}'`}\n`,
  )
  writeFileSync(file, lines.join(''), { mode: 0o600 })
}
