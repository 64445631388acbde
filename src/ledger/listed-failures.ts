import { MOST_FAILURES } from './report.ts'
import type { FailedRequest } from './report.ts'

/**
 * The failures that a batch describes and a report lists: the newest, but other errors leave half of the places to server
 * errors, which they would push out otherwise.
 */
export function listedFailures(failures: readonly FailedRequest[]): FailedRequest[] {
  const newest = [...failures].sort((a, b) => b.at - a.at)
  const servers = newest.filter(({ status }) => status >= 500)
  const others = newest.filter(({ status }) => status < 500)
  const places = MOST_FAILURES - Math.min(servers.length, MOST_FAILURES / 2)
  const shown = others.slice(0, places)
  return [...shown, ...servers.slice(0, MOST_FAILURES - shown.length)].sort((a, b) => b.at - a.at)
}
