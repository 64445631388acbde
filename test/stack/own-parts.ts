import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, inject } from 'vitest'
import { startGateway } from '../../infra/local/gateway.ts'
import { freePorts } from '../../infra/local/ports.ts'
import type { RunningProcess } from '../../infra/local/running-process.ts'

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

/**
 * The address of a second LiteLLM, which all test files share. It starts while the first ones run, and
 * has the keys of custom_auth.py, and a semantic cache of its own.
 */
export async function secondLiteLlm(): Promise<string> {
  const started = await fetch(`${inject('stack').control}/second-litellm`, { method: 'POST' })
  if (!started.ok) throw new Error(await started.text())
  return started.text()
}

/** A LiteLLM that a test can make unreachable. */
interface ProxiedLiteLlm {
  readonly url: string
  readonly stop: () => void
}

/**
 * The second LiteLLM behind a proxy. With `teams`, the proxy answers `/key/info`, for which LiteLLM would
 * need a database: the team of a key. Everything else is LiteLLM's own.
 */
export async function proxiedLiteLlm(
  teams?: Readonly<Record<string, string>>,
): Promise<ProxiedLiteLlm> {
  const url = await secondLiteLlm()
  const server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (teams !== undefined && request.url === '/key/info') {
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
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  afterAll(stop)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}
