import { readFileSync } from 'node:fs'

/** What the Workers have warned of so far, and how often: `lookup failed × 3, …`; empty if of nothing. */
export function warningsIn(logFile: string): string {
  const counts = new Map<string, number>()
  for (const line of readFileSync(logFile, 'utf8').split('\n')) {
    if (line === '') continue
    const event = /"event":"([^"]*)"/.exec(line)?.[1] ?? line
    counts.set(event, (counts.get(event) ?? 0) + 1)
  }
  return [...counts].map(([event, count]) => `${event} × ${count}`).join(', ')
}
