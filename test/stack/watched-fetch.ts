/** One request of a client and its response. */
export interface Exchange {
  readonly request: Request
  /** The body, as it was sent. */
  readonly body: string
  readonly answer: Response
  /** By `performance.now()`. */
  readonly sentAt: number
  readonly answeredAt: number
}

/** A `fetch` for a client that records every exchange, including retries. */
export function watchedFetch(): { sent: Exchange[]; fetch: typeof globalThis.fetch } {
  const sent: Exchange[] = []
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init)
      const body = await request.clone().text()
      const sentAt = performance.now()
      const answer = await fetch(request)
      sent.push({ request, body, answer, sentAt, answeredAt: performance.now() })
      return answer
    },
  }
}

/** A lookup takes a few milliseconds, and storing not much longer. */
const MAX_LOOKUPS = 200

/**
 * Resolves when the cache alone can answer what was sent: answers are stored after their last byte.
 * Rejects where one never is.
 */
export async function stored(sent: readonly Exchange[]): Promise<void> {
  for (const { request, body } of sent) {
    const headers = new Headers(request.headers)
    headers.set('cache-control', 'only-if-cached')
    const isStored = async () => {
      const answer = await fetch(request.url, { method: 'POST', headers, body })
      await answer.text()
      return answer.ok
    }
    let lookups = 1
    while (!(await isStored())) {
      if (lookups === MAX_LOOKUPS) throw new Error(`Never stored: ${body}`)
      lookups += 1
    }
  }
}
