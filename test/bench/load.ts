import { Agent, request } from 'node:http'

/** One measurement: a number of requests over connections that stay open. */
export interface Load {
  readonly url: string
  readonly connections: number
  readonly count: number
  readonly headers: Record<string, string>
  /** The body of the nth request. */
  readonly body: (n: number) => string
}

export interface LoadResult {
  /** The median from the first byte sent to the last byte received, in ms. */
  readonly p50: number
  readonly requestsPerSecond: number
}

/**
 * Measures in microseconds. The load generators on npm count whole milliseconds, and a hit takes less
 * than one. Throws if a response is not a 200.
 */
export async function measure({
  url,
  connections,
  count,
  headers,
  body,
}: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let next = 0
  const startedAt = performance.now()
  const connection = async () => {
    while (next < count) {
      const text = body(next)
      next += 1
      const sentAt = performance.now()
      await post(url, headers, text, agent)
      times.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const seconds = (performance.now() - startedAt) / 1_000
  agent.destroy()
  return { p50: median(times), requestsPerSecond: count / seconds }
}

function post(
  url: string,
  headers: Record<string, string>,
  text: string,
  agent: Agent,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(text) } },
      (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 200) resolve()
          else reject(new Error(`${url} answered ${response.statusCode}`))
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
