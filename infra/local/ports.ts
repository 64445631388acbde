import { createServer } from 'node:net'

import { type PartName, partNames } from './parts.ts'

export type Ports = Record<PartName, number>

/** The port in a setting, or the default. Throws if it is not a port number. */
export function portFrom(env: NodeJS.ProcessEnv, setting: string, fallback: number): number {
  const text = env[setting]
  if (!text) return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${setting} must be a port number, not "${text}".`)
  }
  return port
}

/** Throws if a port is taken, and names each such port and the setting that changes it. */
export async function refuseTakenPorts(
  wanted: readonly { port: number; setting: string; part: string }[],
): Promise<void> {
  const states = await Promise.all(
    wanted.map(async (one) => ({ ...one, free: await isFree(one.port) })),
  )
  const taken = states.filter(({ free }) => !free)
  if (taken.length === 0) return
  const lines = taken.map(({ part, port }) => `Port ${port} (${part}) is in use.`)
  const others: string[] = []
  for (const { port, setting } of taken) others.push(`${setting}=${await freeFrom(port + 1000)}`)
  lines.push(
    `Choose ${taken.length === 1 ? 'another one' : 'others'}: ${others.join(' ')} make dev`,
  )
  if (taken.length > 1) {
    lines.push('If a stack already runs here, stop it, or set STACK_DIR to another folder as well.')
  }
  throw new Error(lines.join('\n'))
}

/** The first free port from this one on. */
export async function freeFrom(port: number): Promise<number> {
  let candidate = port
  while (candidate < 65_535 && !(await isFree(candidate))) candidate += 1
  return candidate
}

/** A free port for every part, so that test runs do not disturb each other or `make dev`. */
export async function freePorts(): Promise<Ports> {
  const servers = partNames.map(() => createServer())
  // Hold all at once; otherwise the system may return the same port twice.
  const ports = await Promise.all(servers.map((server) => listen(server, 0)))
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return Object.fromEntries(partNames.map((name, index) => [name, ports[index]])) as Ports
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await listen(server, port)
    await new Promise((done) => server.close(done))
    return true
  } catch {
    return false
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
