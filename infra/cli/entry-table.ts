import type { EntrySummary } from '../../src/admin/entry-summary.ts'
import { columns, printableLine } from './output.ts'

/** Entries as lines: key, age, what is left, model, tenant, labels. */
export function entryTable(entries: readonly EntrySummary[]): string {
  const header = ['KEY', 'AGE', 'TTL', 'MODEL', 'API', 'TENANT', 'SOURCE', 'TAGS']
  const rows = entries.map(
    ({ key, age_seconds, ttl_seconds, model, api, tenant, source, tags, readable }) => [
      key,
      readable ? duration(age_seconds) : 'unreadable',
      duration(ttl_seconds),
      printableLine(model ?? ''),
      printableLine(api ?? ''),
      printableLine(tenant ?? ''),
      printableLine(source ?? ''),
      printableLine(tags.join(', ')),
    ],
  )
  return columns([header, ...rows])
}

function duration(seconds: number | null): string {
  if (seconds === null) return ''
  if (Math.abs(seconds) < 120) return `${seconds} s`
  if (Math.abs(seconds) < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
