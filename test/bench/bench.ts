/**
 * `make bench`: the built gateway on bare workerd, side by side with the least that a Worker and a cache
 * must do. Prints ratios, each the median of several interleaved rounds with the lowest and the highest.
 * `ROUNDS` and `SECONDS` (of each measurement) make it shorter; `PEERS=1` adds other gateways.
 */

import { readFileSync } from 'node:fs'
import { burst, firstByte, median } from './client.ts'
import { hasWrk, measure } from './load.ts'
import { cpuMicros, memoryMb } from './process-stats.ts'
import { startPeers } from './peers.ts'
import type { Peer, PeerName } from './peers.ts'
import { build, running } from './processes.ts'
import { burstReport, report } from './report.ts'
import type { Burst, Result, Round } from './report.ts'
import { peerScenarios, SCENARIOS } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'
import { startWorkerd } from './workerd.ts'
import type { Running } from './workerd.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 2)
/** wrk's shortest measurement. */
const WARM_UP_SECONDS = 1
const FIRST_BYTES = 100
const BURST = 1_000

/** What runs: the Workers, and other gateways where they are asked for. */
interface Bench extends Running {
  readonly peers: Partial<Readonly<Record<PeerName, Peer>>>
}

async function main(): Promise<void> {
  console.log('Building the Worker …')
  build()
  const workers = await startWorkerd()
  const { stubUrl } = workers
  const peers = process.env['PEERS'] === '1' ? await startPeers(stubUrl) : {}
  const bench: Bench = { ...workers, peers }
  const scenarios = 'portkey' in peers ? [...SCENARIOS, ...peerScenarios(stubUrl)] : SCENARIOS
  if (!hasWrk)
    console.log('wrk is not installed: the load comes from autocannon, and takes more of a core.')
  console.log('Warming up …')
  for (const scenario of scenarios) await run(scenario, bench, WARM_UP_SECONDS)
  const rounds: Round[] = []
  for (let number = 1; number <= ROUNDS; number += 1) {
    console.log(`Round ${number} of ${ROUNDS} …`)
    const round = new Map<string, Result>()
    for (const scenario of scenarios) round.set(scenario.name, await run(scenario, bench, SECONDS))
    rounds.push(round)
  }
  console.log(report(scenarios, rounds))
  console.log(burstReport(await burstOf(bench)))
  console.log(`workerd has ${memoryMb(bench.workerd, 'VmRSS').toFixed(0)} MB at the end.`)
  const logged = readFileSync(bench.logFile, 'utf8').split('\n').length - 1
  if (logged > 0) console.log(`The Workers logged ${logged} warnings: see ${bench.logFile}`)
  console.log(
    `\n${ROUNDS} rounds, interleaved; median (lowest–highest). Compare ratios, not machines.`,
  )
}

async function run(scenario: Scenario, bench: Bench, seconds: number): Promise<Result> {
  const { worker, body, connections, headers = {} } = scenario
  const { url, process } = serverOf(bench, worker)
  const single = await measure({ url, connections: 1, seconds, body, headers })
  const before = cpuMicros(process)
  const many = await measure({ url, connections, seconds, body, headers })
  const cpu = (cpuMicros(process) - before) / many.requests
  const first = scenario.name.endsWith('streamed')
    ? await firstByte(url, body, FIRST_BYTES)
    : undefined
  return { p50: single.p50, requestsPerSecond: many.requestsPerSecond, cpu, first }
}

/** Identical requests at once, to a LiteLLM that takes 60 ms; and one alone, to compare. */
async function burstOf(bench: Bench): Promise<Burst> {
  const { url } = serverOf(bench, 'slow')
  const { body } = SCENARIOS.find(({ name }) => name === 'coalesced miss')!
  await burst(url, body, 20)
  const single: number[] = []
  for (let n = 0; n < 5; n += 1) single.push(...(await burst(url, body, 1)))
  const alone = median(single)
  const before = await callsOf(bench)
  const times = await burst(url, body, BURST)
  const calls = (await callsOf(bench)) - before
  return { requests: BURST, calls, alone, median: median(times), last: Math.max(...times) }
}

async function callsOf({ stubUrl }: Running): Promise<number> {
  return Number(await (await fetch(`${stubUrl}/calls`)).text())
}

function serverOf({ urls, workerd, peers }: Bench, name: Scenario['worker']): Peer {
  const own = name === 'portkey' || name === 'litellm' ? undefined : urls[name]
  const { url, process } =
    own === undefined ? peers[name as PeerName]! : { url: own, process: workerd }
  return { url: `${url}/v1/chat/completions`, process }
}

await running(main)
