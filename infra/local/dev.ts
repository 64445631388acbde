/** `make dev`: runs the whole stack behind the gateway until Ctrl-C. */

import { relative, resolve } from 'node:path'

import { gatewayPort, startGateway } from './gateway.ts'
import { partNames, parts } from './parts.ts'
import { portFrom, type Ports, refuseTakenPorts } from './ports.ts'
import type { ProcessDeath, RunningProcess } from './running-process.ts'
import { localPorts, type Stack, startStack } from './stack.ts'
import type { StackEvent } from './stack-options.ts'
import { firstSteps, partsTable, type Row } from './banner.ts'

const LOCAL = resolve(process.env.STACK_DIR || resolve(import.meta.dirname, '../../.local'))
/** Opens the dashboard. The stack listens on this machine only. */
const ADMIN_KEY = 'local-admin'
const directories = { dataDirectory: `${LOCAL}/data`, logDirectory: `${LOCAL}/logs` }

let starting: Promise<Stack> | undefined
let gateway: RunningProcess | undefined
const stopStarting = new AbortController()
let leaving: Promise<never> | undefined
const rows = new Map<string, Row>()

/** Stops everything once, however often it is called. */
function leave(code: number, message?: string): Promise<never> {
  leaving ??= (async () => {
    if (message) console.error(`\n${message}`)
    else console.log('\nStopping ...')
    stopStarting.abort()
    await gateway?.stop()
    // An interrupted or failed start has stopped its parts before it rejects.
    const stack = await starting?.catch(() => undefined)
    await stack?.stop()
    process.exit(code)
  })()
  return leaving
}

function report(event: StackEvent): void {
  if (leaving) return
  if (event.kind === 'died') {
    void died(event.reason)
    return
  }
  const { part, url: address } = event
  const seconds = event.kind === 'ready' ? event.seconds : undefined
  rows.set(part, { part, address, seconds })
  console.log(
    `  ${part} ${seconds === undefined ? `is yours: ${address}` : `answers after ${seconds.toFixed(1)} s`}`,
  )
}

function died(death: ProcessDeath): Promise<never> {
  return leave(1, death.message)
}

async function main(): Promise<void> {
  const port = portFrom(process.env, gatewayPort.setting, gatewayPort.fallback)
  const ports = Object.fromEntries(
    partNames.map((part) => [
      part,
      portFrom(process.env, parts[part].portSetting, parts[part].defaultPort),
    ]),
  ) as Ports
  await refuseTakenPorts([
    { part: 'gateway', port, setting: gatewayPort.setting },
    ...localPorts(ports, process.env),
  ])

  console.log(
    `Starting the local stack (about 20 s; logs in ${relative('', directories.logDirectory)}):`,
  )
  starting = startStack({
    ...directories,
    ports,
    env: process.env,
    onEvent: report,
    signal: stopStarting.signal,
  })
  const stack = await starting
  gateway = startGateway({
    ...directories,
    port,
    stack,
    settings: {
      ADMIN_KEY,
      LOG_LEVEL: 'debug',
    },
    onDeath: died,
  })
  const address = `http://127.0.0.1:${port}`
  const seconds = await gateway.answers(`${address}/health`)

  console.log(`\n${partsTable([{ part: 'gateway', address, seconds }, ...rows.values()])}\n`)
  console.log(
    firstSteps({
      gateway: address,
      adminKey: ADMIN_KEY,
      mlflow: stack.urls.mlflow,
      experimentId: stack.experimentId,
    }),
  )
}

// If the terminal is gone, the parts must still be stopped.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
process.on('SIGINT', () => void leave(0))
process.on('SIGTERM', () => void leave(0))
process.on('SIGHUP', () => void leave(0))
main().catch((error: Error) => leave(1, error.message))
