/**
 * `make bench`: the built gateway on bare workerd, side by side with the least that a Worker and a cache
 * must do. Prints ratios, each the median of several interleaved rounds with the lowest and the highest.
 * `ROUNDS` and `SECONDS` (of each measurement) make it shorter.
 */

import { readFileSync } from 'node:fs'
import { burst, firstByte, hasWrk, measure, median } from './load.ts'
import { cpuMicros, memoryMb } from './process-stats.ts'
import { build, running } from './processes.ts'
import { burstReport, report } from './report.ts'
import type { Burst, Result, Round } from './report.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'
import { startWorkerd } from './workerd.ts'
import type { Running } from './workerd.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 2)
/** wrk's shortest measurement. */
const WARM_UP_SECONDS = 1
const FIRST_BYTES = 100
const BURST = 1_000

async function main(): Promise<void> {
  console.log('Building the Worker …')
  build()
  const bench = await startWorkerd()
  if (!hasWrk)
    console.log('wrk is not installed: the load comes from Node, and takes more of a core.')
  console.log('Warming up …')
  for (const scenario of SCENARIOS) await run(scenario, bench, WARM_UP_SECONDS)
  const rounds: Round[] = []
  for (let number = 1; number <= ROUNDS; number += 1) {
    console.log(`Round ${number} of ${ROUNDS} …`)
    const round = new Map<string, Result>()
    for (const scenario of SCENARIOS) round.set(scenario.name, await run(scenario, bench, SECONDS))
    rounds.push(round)
  }
  console.log(report(rounds))
  console.log(burstReport(await burstOf(bench)))
  console.log(`workerd has ${memoryMb(bench.workerd, 'VmRSS').toFixed(0)} MB at the end.`)
  const logged = readFileSync(bench.logFile, 'utf8').split('\n').length - 1
  if (logged > 0) console.log(`The Workers logged ${logged} warnings: see ${bench.logFile}`)
  console.log(
    `\n${ROUNDS} rounds, interleaved; median (lowest–highest). Compare ratios, not machines.`,
  )
}

async function run(scenario: Scenario, bench: Running, seconds: number): Promise<Result> {
  const { worker, body, connections } = scenario
  const url = urlOf(bench, worker)
  const single = await measure({ url, connections: 1, seconds, body })
  const before = cpuMicros(bench.workerd)
  const many = await measure({ url, connections, seconds, body })
  const cpu = (cpuMicros(bench.workerd) - before) / many.requests
  const first = scenario.name.endsWith('streamed')
    ? await firstByte(url, body, FIRST_BYTES)
    : undefined
  return { p50: single.p50, requestsPerSecond: many.requestsPerSecond, cpu, first }
}

/** Identical requests at once, to a LiteLLM that takes 60 ms; and one alone, to compare. */
async function burstOf(bench: Running): Promise<Burst> {
  const url = urlOf(bench, 'slow')
  const { body } = SCENARIOS.find(({ name }) => name === 'coalesced miss')!
  await burst(url, body, 20)
  const alone = median(
    await Promise.all(Array.from({ length: 5 }, async () => (await burst(url, body, 1))[0]!)),
  )
  const before = await callsOf(bench)
  const times = await burst(url, body, BURST)
  const calls = (await callsOf(bench)) - before
  return { requests: BURST, calls, alone, median: median(times), last: Math.max(...times) }
}

async function callsOf({ stubUrl }: Running): Promise<number> {
  return Number(await (await fetch(`${stubUrl}/calls`)).text())
}

function urlOf({ urls }: Running, worker: Scenario['worker']): string {
  return `${urls[worker]}/v1/chat/completions`
}

await running(main)
