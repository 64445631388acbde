import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { addresses } from './client.ts'

const COMMAND = resolve(import.meta.dirname, '../../infra/cli/edge.ts')

/** How a run of the command ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly url?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs `edge-llm-cache` with these arguments, as the operator of the gateway for LiteLLM keys. */
export async function edge(
  args: readonly string[],
  { url = addresses.keyed, env = {}, input = '' }: RunOptions = {},
): Promise<Run> {
  const { adminKey: ADMIN_KEY } = addresses
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, ADMIN_KEY, EDGE_URL: url, ...env },
  })
  const streams = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (streams[name] += text))
  }
  child.stdin.end(input)
  const code = await new Promise<number | null>((ended) => child.on('close', ended))
  console.log(`          $ edge-llm-cache ${args.join(' ')}  → ${code}`)
  return { code, ...streams }
}

/** The JSON that the command prints with `--json`. Throws if it fails. */
export async function edgeJson<Answer>(
  args: readonly string[],
  options?: RunOptions,
): Promise<Answer> {
  const { code, stdout, stderr } = await edge([...args, '--json'], options)
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`)
  return JSON.parse(stdout) as Answer
}
