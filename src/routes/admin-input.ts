import type { Context } from 'hono'
import type * as z from 'zod'
import { GatewayError } from '../errors.ts'

/** The query of an admin request. Throws a `GatewayError` that names the parameter. */
export function queryOf<Value>(c: Context, schema: z.ZodType<Value>): Value {
  return checked(schema, c.req.query())
}

/** The JSON body of an admin request. Throws a `GatewayError` that names the field. */
export async function bodyOf<Value>(c: Context, schema: z.ZodType<Value>): Promise<Value> {
  const text = await c.req.text()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new GatewayError('invalid_json', 'The body must be a JSON object.')
  }
  return checked(schema, value)
}

function checked<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.')
  const rule = unknown === undefined ? (issue?.message ?? 'is not valid') : 'is not known'
  throw new GatewayError(
    'invalid_request',
    field === '' ? `${rule}.` : `${field}: ${rule}.`,
    field === '' ? null : field,
  )
}

/** An answer for operators, which no cache on the way may keep. */
export function answer(c: Context, value: object): Response {
  c.header('cache-control', 'no-store')
  return c.json(value)
}
