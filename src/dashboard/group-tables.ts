import { OTHER } from '../ledger/report.ts'
import type { GroupSums, Report } from '../ledger/report.ts'
import { HIT_RATIO, hitRatioOf, REQUESTS, SAVINGS, savingsCells } from './sums.ts'
import type { Cell, Column, Table } from './table.ts'
import { hrefOf } from './view.ts'
import type { View } from './view.ts'

/** The largest groups of requests: models, tenants or APIs. */
export function groupTable(
  kind: 'models' | 'tenants' | 'apis',
  groups: readonly GroupSums[],
  view: View,
): Table {
  const [title, caption] = GROUPS[kind]
  const filter = (name: Cell) =>
    name === OTHER || name === '' ? undefined : hrefOf('/dashboard', view, { tenant: String(name) })
  const columns: Column[] = [
    {
      name: title.toLowerCase(),
      title,
      // Paths are few and short, and must not be cut.
      kind: kind === 'apis' ? 'id' : 'code',
      ...(kind === 'tenants' ? { href: filter } : {}),
    },
    REQUESTS,
    {
      name: 'rejected',
      title: 'Rejected',
      kind: 'count',
      definition: 'Requests that were refused before any cache was asked.',
    },
    HIT_RATIO,
    ...SAVINGS,
  ]
  const rows = groups.map((group) => [
    group.name,
    group.requests,
    group.rejected,
    hitRatioOf(group),
    ...savingsCells(group),
  ])
  return { name: kind, caption, columns, rows }
}

const GROUPS = {
  models: ['Model', 'Top models'],
  tenants: ['Tenant', 'Top tenants'],
  apis: ['API', 'APIs'],
} as const

/** The last requests that failed. */
export function failuresTable({ failures }: Report): Table {
  const columns: Column[] = [
    { name: 'at', title: 'Time (UTC)', kind: 'instant' },
    { name: 'status', title: 'Status', kind: 'text' },
    { name: 'error', title: 'Error', kind: 'text' },
    { name: 'api', title: 'API', kind: 'code' },
    { name: 'model', title: 'Model', kind: 'code' },
    { name: 'tenant', title: 'Tenant', kind: 'code' },
    {
      name: 'request_id',
      title: 'Request id',
      kind: 'id',
      definition: 'The x-request-id of the response. Traces and logs have it, too.',
    },
  ]
  const rows = failures.map(({ at, status, error, api, model, tenant, requestId }) => [
    at,
    status,
    error,
    api,
    model,
    tenant,
    requestId,
  ])
  return { name: 'failures', caption: 'Last failed requests', columns, rows }
}
