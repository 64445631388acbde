import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startGateway } from '../../infra/local/gateway.ts'
import { partNames } from '../../infra/local/parts.ts'
import type { PartName, StackEnvironment } from '../../infra/local/parts.ts'
import { freePorts } from '../../infra/local/ports.ts'
import { startStack } from '../../infra/local/stack.ts'
import { startSecondLiteLlm } from './second-litellm.ts'
import type { Stack } from '../../infra/local/stack.ts'

/** The addresses of the running stack. */
export interface Addresses {
  readonly gateway: string
  /** A second gateway on the same parts, without near tiers and with a TTL of `SHORT_TTL_SECONDS`. */
  readonly shortLived: string
  /** A third gateway, whose LiteLLM is the server that a test starts on `scriptedPort`. */
  readonly scripted: string
  readonly scriptedPort: number
  /** A fourth gateway on the same parts, for callers with LiteLLM keys, as in production. */
  readonly keyed: string
  /** Its ADMIN_KEY. */
  readonly adminKey: string
  /** The port of LiteLLM's `openai/*` and `anthropic/*` models: a server that a test starts. */
  readonly providerPort: number
  readonly qdrant: string
  readonly litellm: string
  readonly mlflow: string
  readonly experimentId: string
  readonly masterKey: string
  /** What another part must know of these. */
  readonly environment: StackEnvironment
  /** Stops and starts parts: `POST /stop/embeddings`. */
  readonly control: string
}

export const SHORT_TTL_SECONDS = 3

const ADMIN_KEY = 'stack-admin'

declare module 'vitest' {
  interface ProvidedContext {
    stack: Addresses
  }
}

const LOCAL = resolve(import.meta.dirname, '../../.local')

/** Starts the real stack on free ports and empty folders, and four gateways in front of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = mkdtempSync(join(LOCAL, 'test-'))
  const logDirectory = join(LOCAL, 'test-logs')
  const ports = await freePorts()
  const [gatewayPort, shortLivedPort, scriptedGatewayPort, scriptedPort, keyedPort, providerPort] =
    Object.values(await freePorts()) as [number, number, number, number, number, number]
  const provider = `http://127.0.0.1:${providerPort}/v1`
  console.log('Starting the real stack for the tests (about 30 s; logs in .local/test-logs):')
  const stack = await startStack({
    dataDirectory,
    logDirectory,
    ports,
    env: {
      ...process.env,
      LITELLM_DISABLE_COOLDOWNS: 'true',
      OPENAI_API_KEY: 'none',
      OPENAI_API_BASE: provider,
      OPENAI_BASE_URL: provider,
      ANTHROPIC_API_KEY: 'none',
      ANTHROPIC_API_BASE: `http://127.0.0.1:${providerPort}`,
    },
    onEvent(event) {
      if (event.kind === 'ready') console.log(`  ${event.part} after ${event.seconds.toFixed(1)} s`)
      if (event.kind === 'died') console.error(event.reason.message)
    },
  })
  const common = {
    stack,
    dataDirectory,
    logDirectory,
    onDeath: (death: Error) => console.error(death.message),
  }
  const wanted = [
    { name: 'gateway', port: gatewayPort },
    {
      name: 'gateway-short-lived',
      port: shortLivedPort,
      settings: { CACHE_TTL_SECONDS: String(SHORT_TTL_SECONDS), EDGE_TTL_SECONDS: '0' },
    },
    {
      name: 'gateway-scripted',
      port: scriptedGatewayPort,
      settings: { LITELLM_URL: `http://127.0.0.1:${scriptedPort}`, MLFLOW_URL: '' },
    },
    {
      name: 'gateway-keyed',
      port: keyedPort,
      settings: {
        AUTH_MODE: 'litellm',
        LITELLM_API_KEY: '',
        ADMIN_KEY,
        // All files send with one key, and several of them within a minute.
        RATE_LIMIT_CLASS: 'high',
      },
    },
  ]
  const environment = {
    urls: stack.urls,
    masterKey: stack.masterKey,
    qdrantKey: stack.qdrantKey,
    experimentId: stack.experimentId,
  }
  // It starts while the first tests run, which need no second one.
  const second = startSecondLiteLlm({
    ...common,
    environment,
    provider: `http://127.0.0.1:${providerPort}`,
  })
  second.catch(() => {}) // whoever needs it learns why it is not there
  const gateways = wanted.map((one) => startGateway({ ...common, ...one }))
  const [gateway, shortLived, scripted, keyed] = wanted.map(
    ({ port }) => `http://127.0.0.1:${port}`,
  ) as [string, string, string, string]
  await Promise.all(
    gateways.map((one, at) => one.answers(`http://127.0.0.1:${wanted[at]!.port}/health`)),
  )
  const control = await controlServer(stack, async () => (await second).url)
  const { urls, experimentId, masterKey } = stack
  const { qdrant, litellm, mlflow } = urls
  const running = {
    gateway,
    shortLived,
    scripted,
    scriptedPort,
    keyed,
    adminKey: ADMIN_KEY,
    providerPort,
    qdrant,
    litellm,
    mlflow,
    experimentId,
    masterKey,
    environment,
  }
  project.provide('stack', { ...running, control: control.url })
  return async () => {
    control.close()
    await Promise.all(gateways.map((one) => one.stop()))
    await (await second.catch(() => undefined))?.process.stop()
    await stack.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

/** Lets tests stop and start a part; they run in other processes. */
async function controlServer(
  stack: Stack,
  secondLiteLlm: () => Promise<string>,
): Promise<{ url: string; close: () => void }> {
  const actions = {
    stop: (part: PartName) => stack.stop(part),
    kill: (part: PartName) => stack.stop(part, 'SIGKILL'),
    start: (part: PartName) => stack.start(part),
    pause: async (part: PartName) => stack.pause(part),
    resume: async (part: PartName) => stack.resume(part),
  }
  const server = createServer((request, response) => {
    if (request.url === '/second-litellm') {
      secondLiteLlm().then(
        (url) => response.end(url),
        (error: Error) => response.writeHead(500).end(error.message),
      )
      return
    }
    const [, action = '', name] = request.url?.split('/') ?? []
    const part = partNames.find((known) => known === name)
    const act = Object.entries(actions).find(([known]) => known === action)?.[1]
    const done = part && act ? act(part) : Promise.reject(new Error(`no ${request.url}`))
    done.then(
      () => response.end(),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
