import { median } from './client.ts'
import { GOALS } from './scenarios.ts'
import type { Goal, Measured, Scenario } from './scenarios.ts'

export interface Result {
  /** ms, at one connection. */
  readonly p50: number
  readonly requestsPerSecond: number
  /** µs of the Worker's process for each request, at many connections. */
  readonly cpu: number
  /** ms to the first byte of a stream, at one connection. */
  readonly first: number | undefined
}

/** By the scenario's name. */
export type Round = ReadonlyMap<string, Result>

export interface Burst {
  readonly requests: number
  readonly calls: number
  /** How long one request alone takes, and of the burst the one in the middle and the last, ms. */
  readonly alone: number
  readonly median: number
  readonly last: number
}

const MEASURED: Readonly<Record<Measured, (result: Result) => number>> = {
  p50: ({ p50 }) => p50,
  'time per request': ({ requestsPerSecond }) => 1 / requestsPerSecond,
  CPU: ({ cpu }) => cpu,
}

/** Two tables in Markdown: what was measured, and the ratios with their goals. */
export function report(scenarios: readonly Scenario[], rounds: readonly Round[]): string {
  const goals = GOALS.filter(({ of, to }) => [of, to].every((name) => rounds[0]?.has(name)))
  return `
| scenario | p50 at 1 connection, ms | first byte, ms | requests/s | at connections | CPU, µs |
|---|---|---|---|---|---|
${scenarios.map(({ name, connections }) => absolute(rounds, name, connections)).join('\n')}

| times as much | p50 at 1 connection | time per request | CPU |
|---|---|---|---|
${goals.map((goal) => relative(rounds, goal)).join('\n')}
`
}

function absolute(rounds: readonly Round[], name: string, connections: number): string {
  const middle = (pick: (result: Result) => number) =>
    median(rounds.map((round) => pick(round.get(name)!)))
  const first = middle((result) => result.first ?? Number.NaN)
  const cells = [
    name,
    middle(MEASURED.p50).toFixed(2),
    Number.isNaN(first) ? '' : first.toFixed(2),
    middle(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    connections,
    middle(MEASURED.CPU).toFixed(0),
  ]
  return `| ${cells.join(' | ')} |`
}

function relative(rounds: readonly Round[], { of, to, most }: Goal): string {
  const cells = (Object.keys(MEASURED) as Measured[]).map((measured) => {
    const ratios = rounds.map(
      (round) => MEASURED[measured](round.get(of)!) / MEASURED[measured](round.get(to)!),
    )
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
    const goal = most[measured] === undefined ? '' : `, goal ${most[measured]}`
    return `${median(ratios).toFixed(2)} (${spread})${goal}`
  })
  return `| ${of} : ${to} | ${cells.join(' | ')} |`
}

export function burstReport({ requests, calls, alone, median, last }: Burst): string {
  const ms = (time: number) => `${time.toFixed(0)} ms`
  return `${requests} identical requests at once cost ${calls} ${calls === 1 ? 'call' : 'calls'}. One alone takes ${ms(alone)}; of the burst, the median took ${ms(median)} and the last ${ms(last)}.`
}
