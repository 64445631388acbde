import { QdrantClient } from '@qdrant/js-client-rest'
import type { QdrantAddress } from './qdrant-points.ts'

/** A client without default port, path rewriting, version request or timer. */
export function connect({ url, apiKey }: QdrantAddress): QdrantClient {
  const { protocol, hostname, port, pathname } = new URL(url)
  return new QdrantClient({
    url: `${protocol}//${hostname}`,
    port: port === '' ? null : Number(port),
    ...(pathname === '/' ? {} : { prefix: pathname }),
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    checkCompatibility: false,
    timeout: Infinity,
  })
}

/** The status of an error of the client, which does not export its error classes. */
export function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
}

/** A rejection handler that replaces one status by a value and rethrows everything else. */
export function unlessStatus<Value>(status: number, value: Value): (error: unknown) => Value {
  return (error) => {
    if (statusOf(error) === status) return value
    throw error
  }
}
