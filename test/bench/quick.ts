/**
 * `make bench-quick`: the built gateway on bare workerd, side by side with a reference Worker. Prints
 * ratios, each as the median, lowest and highest of several interleaved rounds.
 */

import { measure, median } from './load.ts'
import type { LoadResult } from './load.ts'
import { build, running, startWorkerd } from './workerd.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
/** Requests per measurement, with one connection and with sixteen. */
const [SINGLE, MANY] = [150, 800]
const CONNECTIONS = 16

const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' }

interface Scenario {
  readonly name: string
  readonly worker: 'gateway' | 'alone' | 'reference'
  readonly stream?: boolean
  /** Whether every request is a miss. */
  readonly unique: boolean
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'reference', worker: 'reference', unique: true },
  { name: 'hit', worker: 'gateway', unique: false },
  { name: 'miss alone', worker: 'alone', unique: true },
  { name: 'coalesced miss', worker: 'gateway', unique: true },
  { name: 'reference, streamed', worker: 'reference', stream: true, unique: true },
  { name: 'miss alone, streamed', worker: 'alone', stream: true, unique: true },
  { name: 'coalesced miss, streamed', worker: 'gateway', stream: true, unique: true },
]

async function main(): Promise<void> {
  console.log('Building the Worker …')
  build()
  const { ports } = await startWorkerd()

  const run = (scenario: Scenario, connections: number, count: number) =>
    measure({
      url: `http://127.0.0.1:${ports[scenario.worker]}/v1/chat/completions`,
      connections,
      count,
      headers,
      body: () => bodyOf(scenario),
    })
  console.log('Warming up …')
  for (const scenario of SCENARIOS) await run(scenario, CONNECTIONS, MANY)
  const rounds: Map<string, { single: LoadResult; many: LoadResult }>[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.log(`Round ${round} of ${ROUNDS} …`)
    const results = new Map<string, { single: LoadResult; many: LoadResult }>()
    for (const scenario of SCENARIOS) {
      const single = await run(scenario, 1, SINGLE)
      results.set(scenario.name, { single, many: await run(scenario, CONNECTIONS, MANY) })
    }
    rounds.push(results)
  }
  report(rounds)
}

let sent = 0
/** A typical request of about 1 KB. */
function bodyOf({ unique, stream = false }: Scenario): string {
  const subject = unique ? `${(sent += 1)} of ${process.pid}` : 'the sky'
  const content = `Why is ${subject} blue? ${'Please explain it in detail. '.repeat(30)}`
  return JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content }],
    ...(stream ? { stream } : {}),
  })
}

type Rounds = readonly Map<string, { single: LoadResult; many: LoadResult }>[]

function report(rounds: Rounds): void {
  const ratios = (name: string, to: string) => {
    const slower = rounds.map((one) => one.get(name)!.single.p50 / one.get(to)!.single.p50)
    const less = rounds.map(
      (one) => one.get(to)!.many.requestsPerSecond / one.get(name)!.many.requestsPerSecond,
    )
    return [slower, less].map(
      (all) =>
        `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`,
    )
  }
  const middle = (name: string, pick: (one: { single: LoadResult; many: LoadResult }) => number) =>
    median(rounds.map((one) => pick(one.get(name)!)))
  const pairs = [
    ['hit', 'reference'],
    ['miss alone', 'reference'],
    ['coalesced miss', 'reference'],
    ['coalesced miss', 'miss alone'],
    ['miss alone, streamed', 'reference, streamed'],
    ['coalesced miss, streamed', 'reference, streamed'],
    ['coalesced miss, streamed', 'miss alone, streamed'],
  ] as const
  console.log('\n| scenario | p50 at 1 connection, ms | requests/s at 16 |\n|---|---|---|')
  for (const { name } of SCENARIOS) {
    const p50 = middle(name, ({ single }) => single.p50).toFixed(2)
    const rate = middle(name, ({ many }) => many.requestsPerSecond).toFixed(0)
    console.log(`| ${name} | ${p50} | ${rate} |`)
  }
  console.log('\n| times as slow | p50 at 1 connection | time per request at 16 |\n|---|---|---|')
  for (const [name, to] of pairs) {
    console.log(`| ${name} : ${to} | ${ratios(name, to).join(' | ')} |`)
  }
  console.log(
    `\n${ROUNDS} rounds, interleaved; median (lowest–highest). Compare ratios, not machines.`,
  )
}

await running(main)
