import { Agent, request } from 'node:http'

/** Stands in a body for what makes each request a new one. This is autocannon's own sign for it. */
export const UNIQUE = '[<id>]'

export const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' }

let seeds = 0

/** A text that no earlier request had. */
export const nextSeed = () => `${process.pid}-${(seeds += 1)}`

/** The median time to the first byte of the body, ms, at one connection. */
export async function firstByte(url: string, body: string, count: number): Promise<number> {
  const times: number[] = []
  await onConnections(1, async (agent) => {
    while (times.length < count) times.push((await post(url, unique(body), agent)).first)
  })
  return median(times)
}

/** Sends one body many times at once, and gives how long each answer took, ms. */
export async function burst(url: string, body: string, count: number): Promise<number[]> {
  const times: number[] = []
  const text = unique(body)
  await onConnections(count, async (agent) => {
    times.push((await post(url, text, agent)).last)
  })
  return times
}

/** Sends this many requests over a few connections, each with a body of its own; reads the answers. */
export async function sendAll(
  url: string,
  body: string,
  { count, connections }: { readonly count: number; readonly connections: number },
): Promise<void> {
  let sent = 0
  await onConnections(connections, async (agent) => {
    while (sent < count) {
      sent += 1
      await post(url, unique(body), agent)
    }
  })
}

/** The body of one request. */
export const unique = (body: string) => body.replace(UNIQUE, nextSeed())

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

async function onConnections(count: number, work: (agent: Agent) => Promise<void>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  try {
    await Promise.all(Array.from({ length: count }, () => work(agent)))
  } finally {
    agent.destroy()
  }
}

/** When the first and the last byte of the body came, ms after the request was sent. */
interface Times {
  readonly first: number
  readonly last: number
}

function post(url: string, text: string, agent: Agent): Promise<Times> {
  const sentAt = performance.now()
  return new Promise((resume, reject) => {
    const headers = { ...HEADERS, 'content-length': Buffer.byteLength(text) }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let first: number | undefined
      response.on('data', () => (first ??= performance.now() - sentAt))
      response.on('error', reject)
      response.on('end', () => {
        const last = performance.now() - sentAt
        if (response.statusCode === 200) resume({ first: first ?? last, last })
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end(text)
  })
}
