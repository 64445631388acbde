import { Hono } from 'hono'
import type { Context } from 'hono'

type Payload = Record<string, unknown>
interface Collection {
  readonly points: Map<string, Payload>
  readonly indexes: Map<string, unknown>
  readonly vectors?: unknown
}
interface Condition {
  readonly key?: string
  readonly match?: { readonly value?: unknown; readonly any?: readonly unknown[] }
  readonly range?: Readonly<Record<'lt' | 'lte' | 'gt' | 'gte', number | undefined>>
  readonly has_id?: readonly string[]
}
interface Filter {
  readonly must?: readonly (Condition | Filter)[]
  readonly should?: readonly (Condition | Filter)[]
  readonly must_not?: readonly (Condition | Filter)[]
}

/** Which members of a payload are answered. */
type Selector = boolean | readonly string[] | { readonly exclude: readonly string[] }

/** The subset of Qdrant's REST API that the gateway uses, with the server's status codes and bodies. */
export class FakeQdrant {
  readonly collections = new Map<string, Collection>()
  /** `METHOD path` of each request, in order. */
  readonly requests: string[] = []
  /** The bodies of the delete requests, in order. */
  readonly deletes: unknown[] = []
  /** Runs between the arrival of a delete and its effect. */
  beforeDelete: () => void = () => {}
  version = '1.19.0'
  /** How far its clock is ahead. */
  skewMs = 0
  private readonly app = new Hono()

  constructor() {
    const { app } = this
    app.use(async (c, next) => {
      this.requests.push(`${c.req.method} ${c.req.path}`)
      await next()
    })
    app.get('/', (c) => this.root(c))
    app.get('/collections/:name', (c) => this.info(c))
    app.put('/collections/:name', (c) => this.create(c))
    app.put('/collections/:name/index', (c) => this.index(c))
    app.put('/collections/:name/points', (c) => this.upsert(c))
    app.post('/collections/:name/points', (c) => this.retrieve(c))
    app.post('/collections/:name/points/search', () => failed(400, 'missing field `vector`'))
    app.post('/collections/:name/points/scroll', (c) => this.scroll(c))
    app.post('/collections/:name/points/count', (c) => this.count(c))
    app.post('/collections/:name/facet', (c) => this.facet(c))
    app.post('/collections/:name/points/delete', (c) => this.remove(c))
  }

  fetch = (request: Request) => this.app.fetch(request)

  /** The only collection's points, by id. */
  get points(): Map<string, Payload> {
    return this.collections.values().next().value?.points ?? new Map<string, Payload>()
  }

  private find(c: Context): Collection {
    const name = c.req.param('name') ?? ''
    const found = this.collections.get(name)
    if (found === undefined) throw missing(name)
    return found
  }

  private root(c: Context) {
    c.header('date', new Date(Date.now() + this.skewMs).toUTCString())
    return c.json({ title: 'qdrant - vector search engine', version: this.version })
  }

  private info(c: Context) {
    const { points, indexes, vectors = {} } = this.find(c)
    const payload_schema = Object.fromEntries(
      [...indexes].map(([name, schema]) => [name, { ...described(schema), points: points.size }]),
    )
    const config = { params: { vectors } }
    return ok(c, { status: 'green', points_count: points.size, config, payload_schema })
  }

  private async create(c: Context) {
    const name = c.req.param('name') ?? ''
    const { vectors } = await c.req.json<{ vectors?: unknown }>()
    if (this.collections.has(name)) {
      return failed(409, `Wrong input: Collection \`${name}\` already exists!`)
    }
    this.collections.set(name, { points: new Map(), indexes: new Map(), vectors })
    return ok(c, true)
  }

  private async index(c: Context) {
    const { field_name, field_schema } = await c.req.json<Record<string, string>>()
    this.find(c).indexes.set(field_name ?? '', field_schema)
    return ok(c, { operation_id: 0, status: 'completed' })
  }

  private async upsert(c: Context) {
    const { points, update_filter } = await c.req.json<{
      points: { id: string; payload: Payload }[]
      update_filter?: Filter
    }>()
    const found = this.find(c)
    for (const { id, payload } of points) {
      const known = found.points.get(hyphenated(id))
      // A new point is written whatever the condition says.
      if (known !== undefined && !matches(id, known, update_filter)) continue
      found.points.set(hyphenated(id), payload)
    }
    return ok(c, { operation_id: 1, status: 'completed' })
  }

  private async retrieve(c: Context) {
    const { ids, with_payload } = await c.req.json<{ ids: string[]; with_payload?: boolean }>()
    const { points } = this.find(c)
    const known = ids.map(hyphenated).filter((id) => points.has(id))
    return ok(
      c,
      known.map((id) => ({ id, ...(with_payload ? { payload: points.get(id) } : {}) })),
    )
  }

  private async scroll(c: Context) {
    const body = await c.req.json<{
      filter?: Filter
      limit?: number
      offset?: string
      with_payload?: Selector
    }>()
    const found = this.find(c)
    const all = [...found.points]
      .filter(([id, payload]) => matches(id, payload, body.filter))
      .filter(([id]) => id >= (body.offset ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const page = all.slice(0, body.limit ?? 10)
    const points = page.map(([id, payload]) => ({ id, ...selected(payload, body.with_payload) }))
    return ok(c, { points, next_page_offset: all[page.length]?.[0] ?? null })
  }

  private async count(c: Context) {
    const { filter } = await c.req.json<{ filter?: Filter }>()
    const found = [...this.find(c).points].filter(([id, payload]) => matches(id, payload, filter))
    return ok(c, { count: found.length })
  }

  private async facet(c: Context) {
    const { key, limit, filter } = await c.req.json<{
      key: string
      limit: number
      filter?: Filter
    }>()
    const values = [...this.find(c).points]
      .filter(([id, payload]) => matches(id, payload, filter))
      .map(([, payload]) => String(payload[key]))
    const groups = [...Map.groupBy(values, (value) => value)]
    const hits = groups.map(([value, all]) => ({ value, count: all.length }))
    return ok(c, { hits: hits.sort((a, b) => b.count - a.count).slice(0, limit) })
  }

  private async remove(c: Context) {
    const body = await c.req.json<{ points?: string[]; filter?: Filter }>()
    this.deletes.push(body)
    this.beforeDelete()
    const { points, filter } = body
    const found = this.find(c)
    for (const [id, payload] of found.points) {
      if (points ? points.includes(id) : matches(id, payload, filter)) found.points.delete(id)
    }
    return ok(c, { operation_id: 2, status: 'completed' })
  }
}

function selected(payload: Payload, selector: Selector = true): { payload?: Payload } {
  if (typeof selector === 'boolean') return selector ? { payload } : {}
  const isWanted = (name: string) =>
    'exclude' in selector ? !selector.exclude.includes(name) : selector.includes(name)
  return {
    payload: Object.fromEntries(Object.entries(payload).filter(([name]) => isWanted(name))),
  }
}

/** An index is asked for by its type, or by an object with its type and parameters. */
function described(schema: unknown): object {
  if (typeof schema === 'string') return { data_type: schema }
  return { data_type: (schema as { type: string }).type, params: schema }
}

function matches(id: string, payload: Payload, filter: Filter = {}): boolean {
  const holds = (part: Condition | Filter): boolean =>
    'must' in part || 'should' in part || 'must_not' in part
      ? matches(id, payload, part)
      : meets(id, payload, part as Condition)
  const { must = [], should = [], must_not = [] } = filter
  return must.every(holds) && (should.length === 0 || should.some(holds)) && !must_not.some(holds)
}

function meets(id: string, payload: Payload, { key, match, range, has_id }: Condition): boolean {
  if (has_id) return has_id.includes(id)
  const value = payload[key ?? '']
  // A list matches if one of its values does.
  const values = Array.isArray(value) ? value : [value]
  if (match) return values.some((one) => (match.any ?? [match.value]).includes(one))
  const { lt = Infinity, lte = Infinity, gt = -Infinity, gte = -Infinity } = range ?? {}
  if (typeof value !== 'number') return false
  return value < lt && value <= lte && value > gt && value >= gte
}

function hyphenated(id: string): string {
  return id.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function ok(c: Context, result: unknown): Response {
  return c.json({ result, status: 'ok', time: 0.0001 })
}

function failed(status: number, error: string): Response {
  return Response.json({ status: { error }, time: 0.0001 }, { status })
}

function missing(name: string): Error & { getResponse(): Response } {
  const response = failed(404, `Not found: Collection \`${name}\` doesn't exist!`)
  return Object.assign(new Error('missing collection'), { getResponse: () => response })
}
