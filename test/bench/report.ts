import type { Burst } from './burst.ts'
import { median } from './client.ts'
import { BURST_MOST, FIRST_BYTE_MOST_MS, FIRST_BYTES, RATIOS, WORKER_MOST } from './goals.ts'
import type { Measured, Pair, RatioGoal } from './goals.ts'
import type { Scenario } from './scenarios.ts'

export interface Result {
  /** ms, at one connection. */
  readonly p50: number
  readonly requestsPerSecond: number
  /** µs of the Worker's process for each request, at many connections; NaN if it is not known. */
  readonly cpu: number
  /** ms to the first byte of a stream, at one connection. */
  readonly first: number | undefined
}

/** By the scenario's name. */
export type Round = ReadonlyMap<string, Result>

export interface Built {
  readonly bundleKib: number
  /** NaN if it was not measured. */
  readonly startUpMs: number
}

const MEASURED: Readonly<Record<Measured, (result: Result) => number>> = {
  p50: ({ p50 }) => p50,
  'time per request': ({ requestsPerSecond }) => 1 / requestsPerSecond,
  CPU: ({ cpu }) => cpu,
}

/** Three tables in Markdown: what was measured, the ratios with their goals, and the other goals. */
export function report(
  scenarios: readonly Scenario[],
  rounds: readonly Round[],
  burst: Burst,
  built: Built,
): string {
  const ratios = RATIOS.filter(({ of, to }) => [of, to].every((name) => rounds[0]?.has(name)))
  return `
| scenario | p50 at 1 connection, ms | first byte, ms | requests/s | at connections | CPU, µs |
|---|---|---|---|---|---|
${scenarios.map(({ name, connections }) => absolute(rounds, name, connections)).join('\n')}

| times as much | p50 at 1 connection | time per request | CPU |
|---|---|---|---|
${ratios.map((goal) => relative(rounds, goal)).join('\n')}

| other goals | measured | goal |
|---|---|---|
${[...FIRST_BYTES.map((pair) => firstByte(rounds, pair)), ...ofBurst(burst), ...ofBuilt(built)].join('\n')}

Of the ${burst.requests} requests at once, the median took ${burst.median.toFixed(0)} ms and the last ${burst.last.toFixed(0)} ms; one alone takes ${burst.alone.toFixed(0)} ms.`
}

const middle = (rounds: readonly Round[], name: string, pick: (result: Result) => number) =>
  median(rounds.map((round) => pick(round.get(name)!)))

const shown = (value: number, digits: number) => (Number.isNaN(value) ? '' : value.toFixed(digits))

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

function absolute(rounds: readonly Round[], name: string, connections: number): string {
  const first = middle(rounds, name, (result) => result.first ?? Number.NaN)
  return row(
    name,
    middle(rounds, name, MEASURED.p50).toFixed(2),
    shown(first, 2),
    middle(rounds, name, ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    connections,
    shown(middle(rounds, name, MEASURED.CPU), 0),
  )
}

function relative(rounds: readonly Round[], { of, to, most }: RatioGoal): string {
  const cells = (Object.keys(MEASURED) as Measured[]).map((measured) => {
    const ratios = rounds.map(
      (round) => MEASURED[measured](round.get(of)!) / MEASURED[measured](round.get(to)!),
    )
    if (ratios.some(Number.isNaN)) return ''
    const goal = most[measured] === undefined ? '' : `, goal ${most[measured]}`
    return `${spread(ratios)}${goal}`
  })
  return row(`${of} : ${to}`, ...cells)
}

/** The median with the lowest and the highest. */
function spread(values: readonly number[]): string {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  return `${median(values).toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}

function firstByte(rounds: readonly Round[], { of, to }: Pair): string {
  const later = rounds.map((round) => round.get(of)!.first! - round.get(to)!.first!)
  const name = `first byte, ms: ${of} − ${to}`
  return row(name, spread(later), FIRST_BYTE_MOST_MS)
}

function ofBurst({ requests, calls, alone, last }: Burst): string[] {
  const name = `${requests} identical requests at once`
  return [
    row(`${name}: calls`, calls, BURST_MOST.calls),
    row(`${name}: last : one alone`, (last / alone).toFixed(2), BURST_MOST.last),
  ]
}

function ofBuilt({ bundleKib, startUpMs }: Built): string[] {
  const startUp = Number.isNaN(startUpMs) ? 'not measured' : startUpMs.toFixed(0)
  return [
    row('bundle, gzip, KiB', bundleKib.toFixed(1), WORKER_MOST.bundleKib),
    row('start-up, ms', startUp, WORKER_MOST.startUpMs),
  ]
}

/** The bars of the chart: the median p50 of these scenarios, where they were measured. */
export function p50s(rounds: readonly Round[], names: readonly string[]) {
  return names
    .filter((name) => rounds[0]?.has(name))
    .map((name) => ({ name, value: middle(rounds, name, MEASURED.p50) }))
}
