import * as z from 'zod'
import { createDocument } from 'zod-openapi'
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi'

/** One operation of the admin API, as its document describes it. */
export interface Operation {
  /** One sentence, without a full stop. */
  readonly summary: string
  /** What a developer must know besides the schemas. */
  readonly description?: string
  /** Query parameters of a GET. */
  readonly query?: z.ZodObject
  /** The JSON body of a POST. */
  readonly body?: z.ZodType
  /** The JSON that is answered; for JSON Lines, one line. */
  readonly answer: z.ZodType
  readonly answersLines?: true
  /** Codes of the errors that it may answer, besides those that every operation has. */
  readonly errors?: readonly string[]
}

/** Operations by method and path, such as `post /admin/purge`. */
export type Operations = Readonly<Record<`${'get' | 'post'} /admin/${string}`, Operation>>

/** One JSON text per line (https://jsonlines.org). */
export const JSON_LINES = 'application/jsonl'

/** OpenAI's error shape, which all errors of the admin API have. */
const errorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: 'Error' })

/** The OpenAPI document of the admin API (https://spec.openapis.org/oas/v3.1.1.html). */
export function openApiDocument(operations: Operations, version: string) {
  const paths: ZodOpenApiPathsObject = {}
  for (const [name, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = name.split(' ')
    paths[path] = { ...paths[path], [method]: described(path, method, operation) }
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'edge-llm-cache admin API',
      version,
      description: 'For operators. Every operation needs the ADMIN_KEY.',
    },
    security: [{ adminKey: [] }],
    paths,
    components: {
      securitySchemes: {
        adminKey: { type: 'http', scheme: 'bearer', description: 'The ADMIN_KEY.' },
      },
    },
  })
}

function described(
  path: string,
  method: string,
  { summary, description, query, body, answer, answersLines, errors = [] }: Operation,
): ZodOpenApiOperationObject {
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
  const answered = answersLines ? { [JSON_LINES]: { schema: answer } } : json(answer)
  const codes = ['invalid_request', 'invalid_api_key', ...errors].map((code) => `\`${code}\``)
  return {
    operationId: `${method}${path.replace('/admin', '').replaceAll(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(query === undefined ? {} : { requestParams: { query } }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      '200': { description: summary, content: answered },
      default: { description: `An error: ${codes.join(', ')}.`, content: json(errorSchema) },
    },
  }
}
