import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { createTestHarness } from 'wrangler'
import { compatibility } from '../bench/builds.ts'

export const ADMIN_KEY = 'the-admin-key-of-these-tests'

export interface RunningGateway {
  /** Without a slash at its end. */
  readonly url: string
  stop(): Promise<void>
}

/** The gateway in workerd, with a made-up ledger, and LiteLLM, Qdrant and MLflow as one stub. */
export async function startGateway(): Promise<RunningGateway> {
  const stub = createServer((_, response) => response.end('ok'))
  await once(stub.listen(0, '127.0.0.1'), 'listening')
  const services = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`
  const { date, flags } = compatibility()
  // Wrangler would look up where this machine is.
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
  const harness = createTestHarness({
    workers: [
      {
        config: {
          name: 'dashboard',
          main: resolve(import.meta.dirname, 'worker.ts'),
          compatibility_date: date,
          compatibility_flags: [...flags],
          vars: {
            ADMIN_KEY,
            LITELLM_URL: services,
            QDRANT_URL: services,
            MLFLOW_URL: services,
            // Both would need Durable Objects; no test here makes an upstream call, and the ledger is made up.
            COALESCE: 'off',
            LEDGER: 'off',
          },
        },
      },
    ],
  })
  const { url } = await harness.listen()
  return {
    url: url.origin,
    async stop() {
      await harness.close()
      stub.close()
    },
  }
}
