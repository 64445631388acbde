import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { environmentOf } from '../../infra/local/environment.ts'
import type { StackEnvironment } from '../../infra/local/parts.ts'
import { freePorts } from '../../infra/local/ports.ts'
import { startProcess } from '../../infra/local/running-process.ts'
import type { RunningProcess } from '../../infra/local/running-process.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** The collection of its semantic cache. */
export const SECOND_COLLECTION = 'litellm_second'
/** A model that ranks documents, which the scripted provider serves. */
export const RANKER = 'scripted-ranker'

export interface SecondLiteLlmOptions {
  readonly environment: StackEnvironment
  /** The scripted provider's address. */
  readonly provider: string
  readonly dataDirectory: string
  readonly logDirectory: string
  readonly onDeath: (death: Error) => void
}

/**
 * Starts a LiteLLM with the project's configuration and what the first one lacks: keys of several callers
 * (custom_auth.py), a model that ranks, and for every `openai/*` the small model.
 */
export async function startSecondLiteLlm({
  environment,
  provider,
  dataDirectory,
  logDirectory,
  onDeath,
}: SecondLiteLlmOptions): Promise<{ readonly url: string; readonly process: RunningProcess }> {
  const { litellm: port } = await freePorts()
  const name = 'litellm-second'
  const workingDirectory = join(dataDirectory, name)
  mkdirSync(workingDirectory, { recursive: true })
  const config = readFileSync(join(REPOSITORY, 'litellm-config.yaml'), 'utf8')
  writeFileSync(join(workingDirectory, 'config.yaml'), adapted(config, provider))
  const auth = 'custom_auth.py'
  copyFileSync(join(import.meta.dirname, auth), join(workingDirectory, auth))
  const chat = `${environment.urls.chat}/v1`
  const litellm = startProcess({
    name,
    command: 'litellm --config config.yaml --host 127.0.0.1 --port $PORT',
    workingDirectory,
    environment: {
      ...environmentOf('litellm', process.env, port, environment),
      OPENAI_API_KEY: 'none',
      OPENAI_API_BASE: chat,
      OPENAI_BASE_URL: chat,
    },
    logFile: join(logDirectory, `${name}.log`),
    onDeath,
  })
  const url = `http://127.0.0.1:${port}`
  await litellm.answers(`${url}/health/liveliness`)
  return { url, process: litellm }
}

function adapted(config: string, provider: string): string {
  const ranker = {
    model_name: RANKER,
    litellm_params: { model: `hosted_vllm/${RANKER}`, api_base: provider },
  }
  const more = config
    .replace(/(qdrant_collection_name: ).*/, `$1${SECOND_COLLECTION}`)
    // JSON is YAML.
    .replace(/^model_list:$/m, `$&\n  - ${JSON.stringify(ranker)}`)
  // This setting belongs to the last section of the file.
  return `${more.trimEnd()}\n  custom_auth: custom_auth.user_api_key_auth\n`
}
