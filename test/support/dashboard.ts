import { createExecutionContext } from 'cloudflare:test'
import { createApp } from '../../src/app.ts'
import type { Dependencies } from '../../src/dependencies.ts'
import { dependenciesFor } from '../../src/dependencies.ts'
import { Misconfigured } from '../../src/parse-config.ts'
import { fakeLedger } from './fake-ledger.ts'
import { gateway } from './gateway.ts'
import type { Host } from './network.ts'

export const ADMIN_KEY = 'the-admin-key'
export const ORIGIN = 'https://gateway'

const healthy: Host = { fetch: () => new Response('ok') }

export interface DashboardOptions {
  readonly env?: Record<string, unknown>
  readonly hosts?: Record<string, Host | undefined>
  /** Replaces what the gateway chose, such as its clock. */
  readonly dependencies?: Partial<Dependencies>
}

/** A gateway with a made-up ledger, and a browser's requests to it. */
export function dashboard({ env = {}, hosts, dependencies = {} }: DashboardOptions = {}) {
  const { settings } = gateway({
    env: { ADMIN_KEY, ...env },
    hosts: { qdrant: healthy, ...hosts },
    withKey: false,
  })
  const chosen = dependenciesFor(settings)
  if (chosen instanceof Misconfigured) throw chosen
  const app = createApp({ ...chosen, ledgerReader: fakeLedger, ...dependencies })
  const fetch = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.fetch(new Request(`${ORIGIN}${path}`, init), settings, createExecutionContext())
  const get = (path: string, headers: Record<string, string> = {}) => fetch(path, { headers })
  /** Sends a form as a browser does from this site's page. */
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(path, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
      headers: { origin: ORIGIN, 'sec-fetch-site': 'same-origin', ...headers },
    })
  return {
    fetch,
    get,
    post,
    /** The cookie of a new session, as the browser sends it back. */
    async session(): Promise<{ cookie: string }> {
      const answer = await post('/dashboard/login', { key: ADMIN_KEY })
      return { cookie: cookieOf(answer) }
    },
  }
}

/** A response's cookie without its attributes. */
export const cookieOf = (answer: Response): string =>
  answer.headers.get('set-cookie')?.split(';')[0] ?? ''
