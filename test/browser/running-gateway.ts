import { resolve } from 'node:path'
import { createTestHarness } from 'wrangler'
import { compatibility } from '../bench/builds.ts'
import { startServer } from './local-server.ts'

export const ADMIN_KEY = 'the-admin-key-of-these-tests'

export interface RunningGateway {
  /** Without a slash at its end. */
  readonly url: string
  stop(): Promise<void>
}

/** The gateway in workerd, with a made-up ledger, and LiteLLM, Qdrant and MLflow as one stub. */
export async function startGateway(): Promise<RunningGateway> {
  const services = await startServer(() => new Response('ok'))
  const harness = await startWorker({
    main: resolve(import.meta.dirname, 'worker.ts'),
    vars: {
      LITELLM_URL: services.url,
      QDRANT_URL: services.url,
      MLFLOW_URL: services.url,
      // Both would need Durable Objects; no test here makes an upstream call, and the ledger is made up.
      COALESCE: 'off',
      LEDGER: 'off',
    },
  })
  return {
    url: harness.url,
    async stop() {
      await harness.stop()
      services.stop()
    },
  }
}

/** The Worker as it is deployed, with its Durable Objects, in front of these services. */
export const startWholeGateway = (vars: Readonly<Record<string, string>>) =>
  startWorker({
    main: resolve(import.meta.dirname, '../../src/index.ts'),
    vars,
    durable_objects: {
      bindings: [
        { name: 'LEDGER_OBJECTS', class_name: 'Ledger' },
        { name: 'COALESCER', class_name: 'Coalescer' },
      ],
    },
    migrations: [{ tag: 'first', new_sqlite_classes: ['Ledger', 'Coalescer'] }],
  })

async function startWorker({
  vars,
  ...config
}: {
  readonly main: string
  readonly vars: Readonly<Record<string, string>>
  readonly durable_objects?: { bindings: { name: string; class_name: string }[] }
  readonly migrations?: { tag: string; new_sqlite_classes: string[] }[]
}): Promise<RunningGateway> {
  const { date, flags } = compatibility()
  // Wrangler would look up where this machine is.
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
  const harness = createTestHarness({
    workers: [
      {
        config: {
          name: 'dashboard',
          compatibility_date: date,
          compatibility_flags: [...flags],
          vars: { ADMIN_KEY, ...vars },
          ...config,
        },
      },
    ],
  })
  const { url } = await harness.listen()
  return { url: url.origin, stop: () => harness.close() }
}
