import { expect } from 'vitest'
import { operations } from '../../src/admin/operations.ts'
import { gateway } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const ADMIN_KEY = 'admin-of-the-tests'
const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }

type OperationName = keyof typeof operations

/** A gateway on fakes, with its operator. */
export function operator(options: GatewayOptions = {}) {
  const made = gateway({ ...options, env: { ADMIN_KEY, ...options.env } })

  /** Calls an operation, whatever it answers. `path` may have a query. */
  const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    body === undefined
      ? made.get(path, { ...ADMIN, ...headers })
      : made.post(path, body, { ...ADMIN, ...headers })

  /** The answer to an operation, which must succeed and be as its OpenAPI schema says. */
  async function operate<Answer>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const response = await call(path, body, headers)
    const answer = (await response.json()) as Answer
    expect([response.status, answer]).toEqual([200, answer])
    expect(response.headers.get('cache-control')).toBe('no-store')
    const name = `${body === undefined ? 'get' : 'post'} ${path.replace(/\?.*/, '')}`
    // Parsing drops what the schema does not know.
    expect(operations[name as OperationName].answer.parse(answer)).toEqual(answer)
    return answer
  }

  /** The error of an operation that is refused. */
  async function refusedBy(path: string, body?: unknown) {
    const response = await call(path, body)
    const { error } = (await response.json()) as {
      error: { message: string; param: string | null; code: string }
    }
    return { status: response.status, ...error }
  }

  return { ...made, call, operate, refusedBy }
}
