import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

const COMMAND = resolve(import.meta.dirname, '../../infra/cli/edge.ts')

/** Runs `edge-llm-cache` as an operator does; resolves with how it ended and what it printed. */
export async function edge(args: readonly string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((done) => void child.on('exit', done))
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

/** The JSON that the command prints; it must succeed. */
export async function edgeJson<Answer>(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<Answer> {
  const { code, stdout, stderr } = await edge(['--json', ...args], environment)
  if (code !== 0) throw new Error(`edge ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`)
  return JSON.parse(stdout) as Answer
}
