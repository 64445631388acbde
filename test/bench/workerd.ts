import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compatibility } from './builds.ts'
import { FOLDER, freePorts, ready, ROOT, start } from './processes.ts'
import { workerdConfig } from './workerd-config.ts'

const SLOW = { LITELLM_URL: '{stub}/slow' }

/** The Workers of a benchmark, and what sets them apart; `LITELLM_URL` and `QDRANT_URL` are the stub's. */
const WORKERS = {
  hello: { file: 'hello.js', vars: {} },
  reference: { file: 'reference.js', vars: {} },
  scan: { file: 'scan.js', vars: {} },
  gateway: { file: 'index.js', vars: {} },
  /** Every hit comes from the data centre's cache. */
  colo: { file: 'colo.js', vars: {} },
  /** Every hit comes from Qdrant. */
  far: { file: 'index.js', vars: { EDGE_TTL_SECONDS: '0' } },
  /** Every miss makes its own call. */
  alone: { file: 'index.js', vars: { COALESCE: 'off' } },
  /** Neither ledger nor traces. */
  uncounted: { file: 'index.js', vars: { LEDGER: 'off' } },
  /** Every request is traced, with its texts. */
  traced: { file: 'index.js', vars: { MLFLOW_URL: '{stub}' } },
  /** LiteLLM answers every new request with a semantic hit, and the judge agrees. */
  semantic: {
    file: 'index.js',
    vars: {
      LITELLM_URL: '{stub}/semantic',
      COALESCE: 'off',
      SEMANTIC_JUDGE_API_KEY: 'sk-judge',
      SEMANTIC_JUDGE_RATE: '1000000',
    },
  },
  /** LiteLLM takes 60 ms to answer. */
  slow: { file: 'index.js', vars: SLOW },
  slowAlone: { file: 'index.js', vars: { ...SLOW, COALESCE: 'off' } },
  slowReference: { file: 'reference.js', vars: SLOW },
  /** LiteLLM streams as many KB as the request has `max_tokens`. */
  large: { file: 'index.js', vars: { LITELLM_URL: '{stub}/large' } },
} as const

/** Files that are used as they are. The others are built. */
const PLAIN_FILES = ['hello.js', 'reference.js']

export type WorkerName = keyof typeof WORKERS

export interface Running {
  readonly urls: Readonly<Record<WorkerName, string>>
  readonly stubUrl: string
  readonly workerd: ChildProcess
  /** What the Workers log. */
  readonly logFile: string
}

/**
 * Starts workerd with the built Workers in several settings, and a stub of Qdrant, LiteLLM, MLflow and
 * the data centre's cache in a process of its own. Resolves when they answer.
 */
export async function startWorkerd(): Promise<Running> {
  const names = Object.keys(WORKERS) as WorkerName[]
  const [stub, ...ports] = await freePorts(names.length + 1)
  const stubUrl = `http://127.0.0.1:${stub}`
  start(process.execPath, [resolve(import.meta.dirname, 'stub.ts'), String(stub)], 'load')
  const addresses = { LITELLM_URL: stubUrl, QDRANT_URL: stubUrl }
  const workers = names.map((name, n) => {
    const own = Object.entries(WORKERS[name].vars).map(([setting, value]) => [
      setting,
      value.replace('{stub}', stubUrl),
    ])
    const vars: Record<string, string> = { ...addresses, ...Object.fromEntries(own) }
    return { name, port: ports[n]!, file: WORKERS[name].file, vars, colo: name === 'colo' }
  })
  // SQLite needs a folder; what a former run counted is gone.
  const objects = resolve(FOLDER, 'objects')
  rmSync(objects, { recursive: true, force: true })
  for (const name of names) mkdirSync(resolve(objects, name), { recursive: true })
  const config = workerdConfig(workers, compatibility(), stub!, objects)
  writeFileSync(resolve(FOLDER, 'config.capnp'), config)
  for (const file of PLAIN_FILES) {
    copyFileSync(resolve(import.meta.dirname, file), resolve(FOLDER, file))
  }
  const binary = resolve(ROOT, 'node_modules/.bin/workerd')
  const logFile = resolve(FOLDER, 'workerd.log')
  const workerd = start(binary, ['serve', resolve(FOLDER, 'config.capnp')], 'measured', logFile)
  const urls = Object.fromEntries(
    workers.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]),
  )
  await Promise.all(Object.values(urls).map((url) => ready(`${url}/health`)))
  return { urls: urls as Running['urls'], stubUrl, workerd, logFile }
}
