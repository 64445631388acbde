import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, inject } from 'vitest'
import { startGateway } from '../../infra/local/gateway.ts'
import { freePorts } from '../../infra/local/ports.ts'
import { startProcess } from '../../infra/local/running-process.ts'
import type { RunningProcess } from '../../infra/local/running-process.ts'
import { environmentOf } from '../../infra/local/environment.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const logDirectory = join(REPOSITORY, '.local/test-logs')
const { environment } = inject('stack')
const dataDirectory = mkdtempSync(join(REPOSITORY, '.local/test-own-'))
const started: RunningProcess[] = []

/** Parts of one test file, in front of the common stack, stop at its end. */
afterAll(async () => {
  await Promise.all(started.map((part) => part.stop()))
  rmSync(dataDirectory, { recursive: true, force: true })
})

const onDeath = (death: Error) => console.error(death.message)

/** Starts a gateway with these settings and resolves with its address when it answers. */
export async function ownGateway(name: string, settings: Record<string, string>): Promise<string> {
  const { litellm: port } = await freePorts()
  const stack = environment
  const gateway = startGateway({
    name,
    port,
    stack,
    settings,
    dataDirectory,
    logDirectory,
    onDeath,
  })
  started.push(gateway)
  const url = `http://127.0.0.1:${port}`
  await gateway.answers(`${url}/health`)
  return url
}

/** A LiteLLM of one test file. */
interface OwnLiteLlm {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * A LiteLLM with the project's configuration and the keys of custom_auth.py; every `openai/*` model is
 * the small one. Its semantic cache is in this collection.
 */
export function keyedLiteLlm(collection = 'litellm_semantic_cache'): Promise<OwnLiteLlm> {
  const chat = `${environment.urls.chat}/v1`
  return ownLiteLlm({
    name: 'litellm-keys',
    adapt: (config) =>
      `${config.replace(/(qdrant_collection_name: ).*/, `$1${collection}`).trimEnd()}
  custom_auth: custom_auth.user_api_key_auth\n`, // belongs to the last section of the file
    files: ['custom_auth.py'],
    settings: { OPENAI_API_KEY: 'none', OPENAI_API_BASE: chat, OPENAI_BASE_URL: chat },
  })
}

/** A LiteLLM with the project's configuration and a model that ranks documents at this address. */
export function rankingLiteLlm(model: string, url: string): Promise<OwnLiteLlm> {
  const entry = {
    model_name: model,
    litellm_params: { model: `hosted_vllm/${model}`, api_base: url },
  }
  return ownLiteLlm({
    name: 'litellm-ranking',
    // JSON is YAML.
    adapt: (config) => config.replace(/^model_list:$/m, `$&\n  - ${JSON.stringify(entry)}`),
  })
}

/** Starts a LiteLLM whose configuration is the project's, adapted. */
async function ownLiteLlm({
  name,
  adapt,
  files = [],
  settings = {},
}: {
  readonly name: string
  readonly adapt: (config: string) => string
  /** Files beside the configuration. */
  readonly files?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
}): Promise<OwnLiteLlm> {
  const { litellm: port } = await freePorts()
  const workingDirectory = join(dataDirectory, name)
  mkdirSync(workingDirectory, { recursive: true })
  const config = readFileSync(join(REPOSITORY, 'litellm-config.yaml'), 'utf8')
  writeFileSync(join(workingDirectory, 'config.yaml'), adapt(config))
  for (const file of files) {
    copyFileSync(join(import.meta.dirname, file), join(workingDirectory, file))
  }
  const litellm = startProcess({
    name,
    command: 'litellm --config config.yaml --host 127.0.0.1 --port $PORT',
    workingDirectory,
    environment: { ...environmentOf('litellm', process.env, port, environment), ...settings },
    logFile: join(logDirectory, `${name}.log`),
    onDeath,
  })
  started.push(litellm)
  const url = `http://127.0.0.1:${port}`
  await litellm.answers(`${url}/health/liveliness`)
  return { url, stop: () => litellm.stop() }
}

/**
 * That LiteLLM with an answer to `/key/info`, for which it would need a database: the team of a key.
 * Everything else is its own.
 */
export async function litellmWithTeams(
  url: string,
  teams: Readonly<Record<string, string>>,
): Promise<string> {
  const server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (request.url === '/key/info') {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ key, info: { team_id: teams[key] ?? null, user_id: null } }))
      return
    }
    const { method, headers } = request
    const passed = httpRequest(url + request.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  afterAll(() => server.closeAllConnections())
  afterAll(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
