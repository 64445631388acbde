import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../src/admin/openapi.ts'
import { operations } from '../../src/admin/operations.ts'

const document = openApiDocument(operations, '1.2.3')
/** As it is served. */
const served = JSON.parse(JSON.stringify(document)) as Record<string, unknown>

describe('the OpenAPI document of the admin API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validated = await new Validator().validate(structuredClone(served))
    expect(validated).toEqual({ valid: true })
    const broken = { ...served, paths: { 'no-slash': {} } }
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  it('describes exactly the routes of app.ts', () => {
    const app = readFileSync(resolve(import.meta.dirname, '../../src/app.ts'), 'utf8')
    const routes = [...app.matchAll(/\b(get|post)(?:Stream)?\(\[?'(\/admin\/[^']+)'/g)]
    const inCode = routes.map(([, method, path]) => `${method} ${path}`)
    expect(inCode.sort()).toEqual(Object.keys(operations).sort())
  })

  it('asks for the ADMIN_KEY everywhere, and describes every parameter', () => {
    expect(document.security).toEqual([{ adminKey: [] }])
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      for (const operation of Object.values(
        item as Record<
          string,
          { operationId: string; parameters?: { name: string; description?: string }[] }
        >,
      )) {
        expect(operation.operationId, path).toMatch(/^(get|post)[A-Z]\w+$/)
        for (const { name, description } of operation.parameters ?? []) {
          if (name !== 'limit') expect(description, `${path} ${name}`).toMatch(/\.$/)
        }
      }
    }
  })
})
