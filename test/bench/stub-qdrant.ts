import { completion } from './stub-answers.ts'

const MOST_POINTS = 10_000
const INDEXED = ['expires_at', 'tenant', 'model', 'tags', 'answer_id']

const points = new Map<string, unknown>()
/** The semantic namespace of the last semantic hit. */
let scope: string | undefined

/** What Qdrant answers (https://api.qdrant.tech/api-reference). */
export function qdrant(method: string, path: string, text: string): unknown {
  if (!path.includes('/points')) {
    return { payload_schema: Object.fromEntries(INDEXED.map((name) => [name, {}])) }
  }
  const body = JSON.parse(text) as Request
  if (path.includes('/points/scroll')) return { points: originals(body), next_page_offset: null }
  if (method === 'PUT') {
    for (const { id, payload } of body.points ?? []) store(id, payload)
    return { operation_id: 0, status: 'completed' }
  }
  const found = (body.ids ?? []).filter((id) => points.has(id))
  // What is read stays: the oldest are dropped first.
  for (const id of found) store(id, points.get(id))
  return found.map((id) => ({ id, payload: points.get(id) }))
}

interface Request {
  readonly ids?: readonly string[]
  readonly points?: readonly { readonly id: string; readonly payload: unknown }[]
  readonly filter?: { readonly must: readonly Condition[] }
}

interface Condition {
  readonly key: string
  readonly match: { readonly value: string }
}

/** From now on, the original of every semantic hit is in this namespace. */
export function setOriginal(namespace: string): void {
  scope = namespace
}

/** The entry that a semantic hit was made for: the same answer to another question. */
function originals({ filter }: Request): unknown[] {
  const wanted = filter?.must.map(({ key, match }) => [key, match.value]) ?? []
  const storedAt = Date.now() - 60_000
  const payload = {
    v: 1,
    proof: '0'.repeat(64),
    path: '/v1/chat/completions',
    namespace: '',
    tags: [],
    stored_at: storedAt,
    expires_at: storedAt + 1_800_000,
    status: 200,
    content_type: 'application/json',
    mode: 'json',
    body: completion,
    usage: null,
    cost_usd: null,
    latency_ms: 1_000,
    source: 'llm',
    created: null,
    question: 'For what reason is the sky blue?',
    scope,
    ...Object.fromEntries(wanted),
  }
  return [{ id: '00000000-0000-0000-0000-000000000000', payload }]
}

function store(id: string, payload: unknown): void {
  points.delete(id)
  points.set(id, payload)
  const [oldest] = points.keys()
  if (points.size > MOST_POINTS && oldest !== undefined) points.delete(oldest)
}
