import type { ChildProcess } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FOLDER, freePorts, ready, ROOT, start } from './processes.ts'
import { workerdConfig } from './workerd-config.ts'

/** The Workers of a benchmark, and what sets them apart; `LITELLM_URL` and `QDRANT_URL` are the stub's. */
const WORKERS = {
  hello: { file: 'hello.js', vars: {} },
  reference: { file: 'reference.js', vars: {} },
  gateway: { file: 'index.js', vars: {} },
  /** Every hit comes from Qdrant. */
  far: { file: 'index.js', vars: { EDGE_TTL_SECONDS: '0' } },
  /** Every miss makes its own call. */
  alone: { file: 'index.js', vars: { COALESCE: 'off' } },
  /** Every request is traced, with its texts. */
  traced: { file: 'index.js', vars: { MLFLOW_URL: '{stub}' } },
  /** LiteLLM takes 60 ms to answer. */
  slow: { file: 'index.js', vars: { LITELLM_URL: '{stub}/slow' } },
} as const

export type WorkerName = keyof typeof WORKERS

export interface Running {
  readonly urls: Readonly<Record<WorkerName, string>>
  readonly stubUrl: string
  readonly workerd: ChildProcess
  /** What the Workers log. */
  readonly logFile: string
}

/**
 * Starts workerd with the built Worker in several settings, and a stub of Qdrant, LiteLLM and MLflow in
 * a process of its own. Resolves when they answer.
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
    return { name, port: ports[n]!, file: WORKERS[name].file, vars }
  })
  const wrangler = readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8')
  const config = workerdConfig(workers, {
    date: /^compatibility_date = "(.*)"/m.exec(wrangler)![1]!,
    flags: /^compatibility_flags = \["(.*)"\]/m.exec(wrangler)![1]!.split('", "'),
  })
  writeFileSync(resolve(FOLDER, 'config.capnp'), config)
  for (const file of ['hello.js', 'reference.js']) {
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
