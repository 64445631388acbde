import { join, resolve } from 'node:path'

import { type ProcessDeath, type RunningProcess, startProcess } from './running-process.ts'
import type { Stack } from './stack.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

export const gatewayPort = { setting: 'GATEWAY_PORT', fallback: 8787 }

export interface GatewayOptions {
  port: number
  stack: Stack
  dataDirectory: string
  logDirectory: string
  onDeath: (death: ProcessDeath) => void
}

/** Starts the Worker in workerd, by `wrangler dev`, in front of the stack. */
export function startGateway(options: GatewayOptions): RunningProcess {
  const { stack } = options
  const settings = {
    ENVIRONMENT: 'development',
    AUTH_MODE: 'none',
    LITELLM_URL: stack.urls.litellm,
    LITELLM_API_KEY: stack.masterKey,
    QDRANT_URL: stack.urls.qdrant,
    ...(stack.qdrantKey && { QDRANT_API_KEY: stack.qdrantKey }),
    MLFLOW_URL: stack.urls.mlflow,
    MLFLOW_EXPERIMENT_ID: stack.experimentId,
  }
  // By way of the environment, so that no value is read by the shell as anything but a value.
  const variables = Object.entries(settings).map(([name, value]) => [
    `SETTING_${name}`,
    `${name}:${value}`,
  ])
  const flags = variables.map(([name]) => `--var "$${name}"`).join(' ')
  return startProcess({
    name: 'gateway',
    command: `wrangler dev --ip 127.0.0.1 --port $PORT --inspector-port 0 --persist-to "$STATE" ${flags}`,
    workingDirectory: REPOSITORY,
    environment: {
      ...(Object.fromEntries(variables) as Record<string, string>),
      PATH: `${join(REPOSITORY, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      PORT: String(options.port),
      STATE: resolve(options.dataDirectory, 'gateway'),
      WRANGLER_SEND_METRICS: 'false',
      // Keeps wrangler from asking the network for a description of this machine's place.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      // Without a terminal it neither draws a menu nor waits for keys.
      CI: 'true',
      FORCE_COLOR: '0',
    },
    logFile: join(options.logDirectory, 'gateway.log'),
    onDeath: options.onDeath,
  })
}
