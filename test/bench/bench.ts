/**
 * `make bench`: the built gateway on bare workerd, side by side with the least that a Worker and a cache
 * must do. Prints ratios, each the median of several interleaved rounds with the lowest and the highest,
 * and draws a chart. `ROUNDS` and `SECONDS` (of each measurement) make it shorter; `PEERS=1` adds other
 * gateways; `SVG` names the chart's file.
 */

import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzippedKib } from '../../infra/bundle-size.ts'
import { build, startUpMs } from './builds.ts'
import { chart } from './chart.ts'
import { checkClaims } from './claims.ts'
import { measureBurst } from './burst.ts'
import { firstByte } from './client.ts'
import { hasWrk, measure } from './load.ts'
import { cpuMicros, memoryMb } from './process-stats.ts'
import { startPeers } from './peers.ts'
import type { Peer, PeerName } from './peers.ts'
import { FOLDER, running } from './processes.ts'
import { p50s, report } from './report.ts'
import type { Result, Round } from './report.ts'
import { peerScenarios, SCENARIOS } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'
import { warningsIn } from './warnings.ts'
import { startWorkerd } from './workerd.ts'
import type { Running } from './workerd.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 2)
const SVG = process.env['SVG'] ?? resolve(FOLDER, 'benchmarks.svg')
/** wrk's shortest measurement: enough for a median. */
const SHORTEST_SECONDS = 1
const FIRST_BYTES = 100

/** What runs: the Workers, and other gateways where they are asked for. */
interface Bench extends Running {
  readonly peers: Partial<Readonly<Record<PeerName, Peer>>>
}

async function main(): Promise<void> {
  console.log('Building the Worker …')
  build()
  const built = { bundleKib: gzippedKib(resolve(FOLDER, 'index.js')), startUpMs: startUpMs() }
  const workers = await startWorkerd()
  const { stubUrl } = workers
  const peers = process.env['PEERS'] === '1' ? await startPeers(stubUrl) : {}
  const bench: Bench = { ...workers, peers }
  const scenarios = 'portkey' in peers ? [...SCENARIOS, ...peerScenarios(stubUrl)] : SCENARIOS
  if (!hasWrk)
    console.log('wrk is not installed: the load comes from autocannon, and takes more of a core.')
  console.log('Warming up …')
  for (const scenario of scenarios) await warmUp(scenario, bench)
  const rounds: Round[] = []
  for (let number = 1; number <= ROUNDS; number += 1) {
    console.log(`Round ${number} of ${ROUNDS} …`)
    const round = new Map<string, Result>()
    for (const scenario of scenarios) round.set(scenario.name, await run(scenario, bench))
    rounds.push(round)
  }
  const warned = warningsIn(bench.logFile)
  const { body } = SCENARIOS.find(({ name }) => name === 'coalesced miss')!
  const burst = await measureBurst(serverOf(bench, 'slow').url, body, stubUrl)
  console.log(report(scenarios, rounds, burst, built))
  writeFileSync(SVG, drawn(rounds))
  console.log(`The chart is in ${SVG}.`)
  console.log(`workerd has ${memoryMb(bench.workerd, 'VmRSS').toFixed(0)} MB at the end.`)
  if (warned !== '') console.log(`The Workers warned before the burst: ${warned}.`)
  console.log(
    `\n${ROUNDS} rounds, interleaved; median (lowest–highest). Compare ratios, not machines.`,
  )
}

/** Runs a scenario's code until it is fast, and makes sure that it does what its name claims. */
async function warmUp(scenario: Scenario, bench: Bench): Promise<void> {
  const { url } = serverOf(bench, scenario.worker)
  await measure({ ...scenario, url, seconds: SHORTEST_SECONDS })
  await checkClaims(scenario, url)
}

async function run({ name, worker, ...load }: Scenario, bench: Bench): Promise<Result> {
  const { url, process } = serverOf(bench, worker)
  const before = cpuMicros(process)
  const many = await measure({ ...load, url, seconds: SECONDS })
  const used = (cpuMicros(process) - before) / many.requests
  const isSingle = load.connections === 1
  const single = isSingle
    ? many
    : await measure({ ...load, url, connections: 1, seconds: SHORTEST_SECONDS })
  // Few requests take less than the system's clock can tell.
  const cpu = isSingle ? Number.NaN : used
  const first = name.endsWith('streamed') ? await firstByte(url, load.body, FIRST_BYTES) : undefined
  return { p50: single.p50, requestsPerSecond: many.requestsPerSecond, cpu, first }
}

function serverOf({ urls, workerd, peers }: Bench, name: Scenario['worker']): Peer {
  const own = name === 'portkey' || name === 'litellm' ? undefined : urls[name]
  const { url, process } =
    own === undefined ? peers[name as PeerName]! : { url: own, process: workerd }
  return { url: `${url}/v1/chat/completions`, process }
}

function drawn(rounds: readonly Round[]): string {
  const hits = ['hit, memory', 'hit, colo', 'hit, Qdrant', 'hit, LiteLLM']
  const misses = ['reference', 'miss alone', 'coalesced miss', 'semantic hit, verified']
  return chart(
    'Time for one request',
    'Median at one connection, less is better. Blue is this gateway.',
    [
      { title: 'Exact hits', bars: p50s(rounds, hits) },
      { title: 'Sent on to LiteLLM', bars: p50s(rounds, [...misses, 'miss, Portkey']) },
    ],
  )
}

await running(main)
