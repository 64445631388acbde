/** `make semantic-eval`: what the semantic cache would answer, rightly and wrongly, with and without the guard. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { startGateway } from '../../infra/local/gateway.ts'
import { freePorts } from '../../infra/local/ports.ts'
import { startStack } from '../../infra/local/stack.ts'
import { eligibility } from '../../src/semantic/eligible.ts'
import { chart } from './chart.ts'
import { pairsOf } from './pairs.ts'
import type { Pair, Split } from './pairs.ts'
import { cosine, percent, ratesAt } from './rates.ts'
import type { Measured, Rates } from './rates.ts'

const LOCAL = resolve(import.meta.dirname, '../../.local')
const CHART = process.env.CHART || 'test/fixtures/semantic/eval.svg'
const THRESHOLDS = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.94, 0.98]
const BATCH = 32
/** So many pairs, evenly spread, are asked through gateway and LiteLLM as well. */
const SAMPLE = Number(process.env.SAMPLE || 40)

/** Of all pairs at most so many, evenly spread. */
const PAIRS = Number(process.env.PAIRS || Number.POSITIVE_INFINITY)

const split = (process.env.SPLIT || 'test') as Split
const pairs = spread(pairsOf(split), PAIRS)

const dataDirectory = mkdtempSync(join(LOCAL, 'eval-'))
const logDirectory = join(LOCAL, 'eval-logs')
const ports = await freePorts()
console.log('Starting the real stack (about 20 s; logs in .local/eval-logs) …')
const stack = await startStack({ dataDirectory, logDirectory, ports, env: process.env })
const { mlflow: gatewayPort } = await freePorts()
const gateway = startGateway({
  port: gatewayPort,
  stack,
  settings: { COALESCE: 'off', MLFLOW_URL: '' },
  dataDirectory,
  logDirectory,
  onDeath: (death) => console.error(death.message),
})
const url = `http://127.0.0.1:${gatewayPort}`

try {
  await gateway.answers(`${url}/health`)
  const measured = await embedAll(pairs)
  const rates = THRESHOLDS.map((threshold) => ratesAt(threshold, measured))
  console.log(
    `\n${pairs.length} pairs (${split} split): ${count(true)} paraphrases, ${count(false)} near misses\n`,
  )
  console.log(table(rates))
  console.log(`\n${byLanguage(measured)}\n`)
  console.log(`${fooledBy(measured)}\n`)
  console.log(`${eligibleShare()}\n`)
  writeFileSync(CHART, chart(rates))
  console.log(`Chart: ${CHART}\n`)
  console.log(await throughLiteLlm(measured))
} finally {
  await gateway.stop()
  await stack.stop()
  rmSync(dataDirectory, { recursive: true, force: true })
}

function count(same: boolean): number {
  return pairs.filter((pair) => pair.same === same).length
}

async function embedAll(all: readonly Pair[]): Promise<Measured[]> {
  const measured: Measured[] = []
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = all.slice(at, at + BATCH)
    const vectors = await embed(batch.flatMap(({ a, b }) => [a, b]))
    for (const [place, pair] of batch.entries()) {
      measured.push({ ...pair, cosine: cosine(vectors[2 * place]!, vectors[2 * place + 1]!) })
    }
  }
  return measured
}

async function embed(input: readonly string[]): Promise<number[][]> {
  const response = await fetch(`${stack.urls.embeddings}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'local-embed-model', input }),
  })
  const { data } = (await response.json()) as { data: { embedding: number[] }[] }
  return data.map(({ embedding }) => embedding)
}

/** The rates as a Markdown table, as the README has it. */
function table(rates: readonly Rates[]): string {
  const rows = rates.map((rate) => {
    const shares = [rate.trueHits, rate.falseHits, rate.guardedTrueHits, rate.guardedFalseHits]
    return `| ${rate.threshold.toFixed(2)} | ${shares.map(percent).join(' | ')} |`
  })
  return [
    '| threshold | paraphrases, LiteLLM alone | near misses, LiteLLM alone | paraphrases, guarded | near misses, guarded |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** The same at LiteLLM's threshold, by language: an embedding knows some better than others. */
function byLanguage(measured: readonly Measured[]): string {
  const groups = Map.groupBy(measured, ({ language }) => language)
  const rows = [...groups].map(([language, pairs]) => {
    const rate = ratesAt(0.7, pairs)
    const shares = [rate.trueHits, rate.falseHits, rate.guardedTrueHits, rate.guardedFalseHits]
    return `| ${language} (${pairs.length}) | ${shares.map(percent).join(' | ')} |`
  })
  return [
    '| language (pairs), at 0.70 | paraphrases, LiteLLM alone | near misses, LiteLLM alone | paraphrases, guarded | near misses, guarded |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** The categories of near misses that pass, and how often. No texts: the test split is not for reading. */
function fooledBy(measured: readonly Measured[]): string {
  const passed = measured.filter((pair) => !pair.same && ratesAt(0.7, [pair]).guardedFalseHits > 0)
  const groups = Map.groupBy(passed, ({ category }) => category)
  const counts = [...groups].map(([category, pairs]) => `${category} ${pairs.length}`)
  return `Near misses that pass at 0.70: ${counts.join(', ') || 'none'}`
}

/** Of the questions, how many may be matched at all, alone and behind instructions. */
function eligibleShare(): string {
  const limits = { minQuestionShare: 0.5, maxChars: 1_000, maxMessages: 4 }
  const behind = (chars: number) => {
    const system = { role: 'system', content: 'x'.repeat(chars) }
    const asked = pairs.map(({ a }) => [
      ...(chars === 0 ? [] : [system]),
      { role: 'user', content: a },
    ])
    const eligible = asked.filter((messages) => 'wording' in eligibility({ messages }, limits))
    return percent(eligible.length / asked.length)
  }
  return `Eligible: ${behind(0)} alone, ${behind(50)} behind a system prompt of 50 characters, ${behind(300)} behind one of 300`
}

/** The same through the gateway and the real LiteLLM, for a sample: what is said and what is done agree. */
async function throughLiteLlm(all: readonly Measured[]): Promise<string> {
  const sample = spread(all, SAMPLE)
  const expected = ratesAt(0.7, sample)
  let [kept, wrong] = [0, 0]
  for (const [at, { a, b, same }] of sample.entries()) {
    // A namespace each: only the pair's own question may be found.
    const ask = async (content: string) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-cache-namespace': `pair-${at}` },
        body: JSON.stringify({
          model: 'local-chat-model',
          max_tokens: 20,
          stop: [' ', '\n'],
          messages: [{ role: 'user', content }],
        }),
      })
      await response.text()
      return response.headers.get('x-cache')
    }
    await ask(a)
    // Both caches store after they have answered.
    for (let n = 0; n < 10 && (await ask(a)) !== 'exact-hit'; n += 1) await pause(100)
    await pause(200)
    const isHit = (await ask(b)) === 'semantic-hit'
    if (isHit && same) kept += 1
    if (isHit && !same) wrong += 1
  }
  const of = (same: boolean) => sample.filter((pair) => pair.same === same).length
  const wanted = Math.round(expected.guardedTrueHits * of(true))
  return `Through LiteLLM at its threshold: ${kept} of ${of(true)} paraphrases (${wanted} by the table's way), ${wrong} of ${of(false)} near misses`
}

function spread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.floor(all.length / most))
  return all.filter((_, at) => at % step === 0).slice(0, most)
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}
