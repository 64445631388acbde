import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { partNames, parts } from '../../infra/local/parts.ts'
import { freePorts } from '../../infra/local/ports.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const STACK_DIR = mkdtempSync(resolve(ROOT, '.local/test-dev-'))
const run = promisify(execFile)

afterAll(() => rmSync(STACK_DIR, { recursive: true, force: true }))

/** Settings that give every part of another stack a free port. */
async function ports(): Promise<Record<string, string>> {
  const [free, [gateway]] = await Promise.all([
    freePorts(),
    freePorts().then((more) => Object.values(more)),
  ])
  const settings = partNames.map((part) => [parts[part].portSetting, String(free[part])])
  return { ...Object.fromEntries(settings), GATEWAY_PORT: String(gateway) }
}

/** A command in its own process group, with everything it prints. */
function start(command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, {
    cwd: ROOT,
    // As from a terminal, even if make runs the tests.
    env: { ...process.env, MAKEFLAGS: '', MAKELEVEL: '', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      printed += data.toString()
      for (const listener of listeners) listener()
    })
  }
  const prints = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const check = () => printed.includes(text) && resolve(printed)
      listeners.add(check)
      child.once('exit', () =>
        reject(new Error(`It ended before it printed "${text}":\n${printed}`)),
      )
      check()
    })
  return { child, prints, printed: () => printed }
}

/** Sends Ctrl-C to the process group, as a terminal does; resolves when all of it has ended. */
async function interrupt(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  process.kill(-child.pid!, 'SIGINT')
  await closed
}

describe('make dev', () => {
  it('starts every part, prints curl lines that work as shown, and stops on Ctrl-C', async () => {
    const settings = await ports()
    const dev = start('make', ['-s', 'dev'], { ...settings, STACK_DIR })
    const printed = await dev.prints('Ctrl-C stops everything')
    for (const part of ['gateway', ...partNames]) {
      expect(printed).toMatch(
        new RegExp(`^  ${part} +http://127\\.0\\.0\\.1:\\d+ +[\\d.]+ s$`, 'm'),
      )
    }
    const curls = printed.match(/curl -i [^]*?'$\n? *-d '[^]*?'$|curl -i [^]*?}'$/gm) ?? []
    expect(curls).toHaveLength(2)
    const ask = async (command: string) => (await run('sh', ['-c', `${command} -sS`])).stdout
    const seen: string[] = []
    for (const command of [curls[0]!, curls[0]!, curls[1]!]) {
      // The first answer arrives before it is stored; a person would be slower than that.
      const stored = () => ask(`${command} -H 'cache-control: only-if-cached'`)
      while (seen.length === 1 && !/^HTTP\/1.1 200/.test(await stored()));
      const answer = await ask(command)
      expect(answer).toMatch(/^HTTP\/1.1 200/)
      seen.push(/^cache-status: .*$/im.exec(answer)?.[0] ?? 'no Cache-Status')
    }
    console.log(seen.join('\n'))
    expect(seen[0]).toMatch(/: edge;fwd=uri-miss;fwd-status=200;stored;key=/)
    expect(seen[1]).toMatch(/: edge;hit;ttl=\d+;key="[^"]*";detail="memory"/)
    expect(seen[2]).toMatch(
      /: litellm;hit;detail="similarity=0\.\d+; same=[01]\.\d\d", edge;fwd=uri-miss/,
    )

    // The README's three curl lines, with this run's port: all are stored by now.
    const readme = readFileSync(resolve(ROOT, 'README.md'), 'utf8')
    const lines = [...readme.matchAll(/^curl -i [^]*?}'$/gm)].map(([line]) => line)
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      const again = await ask(line.replace('8787', settings['GATEWAY_PORT']!))
      expect(again).toMatch(/^x-cache: exact-hit/im)
    }

    // Its exit code is 0. The cron, which never runs here, is skipped.
    const doctor = await run('make', ['-s', 'doctor'], {
      cwd: ROOT,
      env: { ...process.env, MAKEFLAGS: '', ...settings },
    })
    console.log(doctor.stdout)
    expect(doctor.stdout).toMatch(/^ok +semantic layer: reworded question +It hit /m)
    expect(doctor.stdout).not.toMatch(/^failed/m)

    await interrupt(dev.child)
    expect(dev.printed()).toContain('Stopping ...')
    expect(dev.printed()).not.toContain('stopped by itself')
    await expect(fetch(`http://127.0.0.1:${settings['GATEWAY_PORT']}/health`)).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${settings['LITELLM_PORT']}/health`)).rejects.toThrow()
  }, 180_000)

  it('names all ports that are in use at once, and the settings that change them', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const port = String((squatter.address() as AddressInfo).port)
    const settings = { ...(await ports()), MLFLOW_PORT: port, GATEWAY_PORT: port, STACK_DIR }
    const dev = start('make', ['-s', 'dev'], settings)
    const [code] = (await once(dev.child, 'exit')) as [number]
    squatter.close()
    expect(code).not.toBe(0)
    expect(dev.printed()).toContain(`Port ${port} (mlflow) is in use`)
    expect(dev.printed()).toContain(`Port ${port} (gateway) is in use`)
    expect(dev.printed()).toMatch(/Choose others: GATEWAY_PORT=\d+ MLFLOW_PORT=\d+ make dev/)
  })
})

describe('npm run dev', () => {
  it('starts wrangler dev with the settings of .dev.vars.example', async () => {
    const { GATEWAY_PORT = '' } = await ports()
    const args = ['run', 'dev', '--', '--port', GATEWAY_PORT, '--inspector-port', '0']
    const dev = start('npm', [...args, '--env-file', '.dev.vars.example'], { CI: 'true' })
    await dev.prints('Ready on')
    const answer = await fetch(`http://127.0.0.1:${GATEWAY_PORT}/health`)
    expect(await answer.json()).toEqual({ status: 'ok' })
    await interrupt(dev.child)
  })
})
