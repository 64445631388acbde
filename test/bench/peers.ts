import { spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FOLDER, freePorts, ready, ROOT, start } from './processes.ts'

/** Other gateways, in front of the same stub of LiteLLM and on the same core. */
export type PeerName = 'portkey' | 'litellm'

export interface Peer {
  readonly url: string
  readonly process: ChildProcess
}

const PORTKEY = '@portkey-ai/gateway@1.15.2'
const PEERS_FOLDER = resolve(FOLDER, 'peers')
const LITELLM = resolve(ROOT, '.local/venv/bin/litellm')

/** Installs Portkey's gateway from npm if it is missing, starts both, and resolves when they answer. */
export async function startPeers(stubUrl: string): Promise<Readonly<Record<PeerName, Peer>>> {
  const [portkeyPort, litellmPort] = await freePorts(2)
  const portkey = peer(process.execPath, [portkeyScript(), `--port=${portkeyPort}`, '--headless'])
  const config = resolve(PEERS_FOLDER, 'litellm.json') // JSON is YAML
  writeFileSync(config, JSON.stringify(litellmConfig(stubUrl)))
  const urls = [`http://127.0.0.1:${portkeyPort}`, `http://127.0.0.1:${litellmPort}`] as const
  const [litellm] = await Promise.all([
    startLitellm(config, litellmPort!, ready(`${urls[1]}/health/liveliness`)),
    ready(urls[0]),
  ])
  return {
    portkey: { url: urls[0], process: portkey },
    litellm: { url: urls[1], process: litellm },
  }
}

const LITELLM_ATTEMPTS = 3

/** LiteLLM's modules sometimes deadlock while they are imported. Then it stops, and is started again. */
async function startLitellm(
  config: string,
  port: number,
  isReady: Promise<void>,
): Promise<ChildProcess> {
  const args = ['--config', config, '--port', String(port)]
  const up = isReady.then(() => true)
  for (let attempt = 1; attempt <= LITELLM_ATTEMPTS; attempt += 1) {
    let isUp = false
    const child = peer(LITELLM, args, () => isUp)
    const stopped = new Promise<false>((resume) => child.once('exit', () => resume(false)))
    isUp = await Promise.race([up, stopped])
    if (isUp) return child
  }
  throw new Error(`LiteLLM stopped by itself ${LITELLM_ATTEMPTS} times: see ${PEERS_FOLDER}.`)
}

/** What Portkey is told with every request. */
export function portkeyHeaders(stubUrl: string): Record<string, string> {
  const target = { provider: 'openai', api_key: 'sk-bench', custom_host: `${stubUrl}/v1` }
  return { 'x-portkey-config': JSON.stringify(target) }
}

function portkeyScript(): string {
  const script = resolve(PEERS_FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  if (existsSync(script)) return script
  mkdirSync(PEERS_FOLDER, { recursive: true })
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  const installed = spawnSync('npm', ['install', '--prefix', PEERS_FOLDER, ...options, PORTKEY], {
    encoding: 'utf8',
  })
  if (installed.status !== 0) throw new Error(`Portkey was not installed:\n${installed.stderr}`)
  return script
}

function litellmConfig(stubUrl: string): object {
  const model = { model: 'openai/bench', api_base: `${stubUrl}/v1`, api_key: 'sk-bench' }
  return {
    model_list: [{ model_name: 'bench', litellm_params: model }],
    litellm_settings: { cache: true, cache_params: { type: 'local' }, telemetry: false },
    general_settings: { master_key: 'sk-bench' },
  }
}

function peer(command: string, args: readonly string[], isEssential?: () => boolean): ChildProcess {
  const name = command === LITELLM ? 'litellm' : 'portkey'
  mkdirSync(PEERS_FOLDER, { recursive: true })
  return start(command, args, 'measured', resolve(PEERS_FOLDER, `${name}.log`), isEssential)
}
