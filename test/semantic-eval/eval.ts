/**
 * `make semantic-eval`: measures on labelled pairs which semantic hits are served, through LiteLLM: embedding,
 * LiteLLM's threshold, judge. Exits with 1 if no threshold keeps to MAX_FALSE.
 */

import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { decisionModel } from '../../src/semantic/judge.ts'
import type { QuestionPair, Verdict } from '../../src/semantic/judge.ts'
import { litellm } from '../../src/upstream/litellm.ts'
import { chart } from './chart.ts'
import { cosines } from './embeddings.ts'
import type { LiteLlm } from './embeddings.ts'
import { judgePairs } from './judge-pairs.ts'
import type { Judged } from './judge-pairs.ts'
import { localJudge, startLiteLlm } from './local-litellm.ts'
import { isGated, measured } from './measured.ts'
import type { Measured } from './measured.ts'
import { pairsOf, ratingsBeside } from './pairs.ts'
import type { Pair } from './pairs.ts'
import { progressOf } from './progress.ts'
import { atThreshold, boundText, countsText, thresholdTable } from './report.ts'
import { settingsFrom } from './settings.ts'
import type { EvalSettings } from './settings.ts'
import { lowestThreshold } from './statistics.ts'
import { verdictFile, verdictLog } from './verdict-log.ts'

const INTERRUPTED = 130

const leaving = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => leaving.abort())
const { signal } = leaving

try {
  process.exitCode = await main(settingsFrom(process.env))
} catch (error) {
  // Otherwise a part that is stopped during its start would be awaited.
  if (signal.aborted) process.exit(INTERRUPTED)
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(settings: EvalSettings): Promise<number> {
  const pairs = pairsOf(settings.PAIRS)
  const { LITELLM_URL: url, LITELLM_API_KEY: apiKey = 'sk-local-master' } = settings
  if (url !== undefined) return measure(pairs, { url, apiKey }, settings)
  console.error(
    'Starting the local LiteLLM, which takes half a minute (logs in .local/eval-logs) …',
  )
  const local = await startLiteLlm(process.env, signal)
  try {
    return await measure(pairs, local, settings)
  } finally {
    await local.stop()
  }
}

async function measure(
  pairs: readonly Pair[],
  { url, apiKey }: LiteLlm,
  settings: EvalSettings,
): Promise<number> {
  const { JUDGE_MODEL, EMBEDDING_MODEL, VERDICTS, FRESH } = settings
  const embedded = progressOf('embeddings', process.stderr)
  const similarity = await cosines(pairs, EMBEDDING_MODEL, { url, apiKey }, signal, embedded)
  const gated = pairs.filter((_, at) => isGated({ cosine: similarity[at]! }))
  const file = verdictFile(VERDICTS, JUDGE_MODEL, settings.LITELLM_URL ?? localJudge())
  const log = verdictLog(file, FRESH !== undefined)
  const judged = await judgePairs(gated, {
    judge: judgeAt({ url, apiKey }, settings),
    log,
    signal,
    pause,
    onProgress: progressOf('verdicts', process.stderr),
  })
  if (signal.aborted) {
    console.error(`\nStopped. The verdicts are in ${relative('', file)}; the next run goes on.`)
    return INTERRUPTED
  }
  const all = pairs.map((pair, at) => {
    const cosine = similarity[at]!
    return measured(pair, cosine, isGated({ cosine }) ? log.get(pair) : undefined)
  })
  return report(all, judged, settings)
}

/** The gateway's judge with a longer time limit. */
function judgeAt({ url, apiKey }: LiteLlm, settings: EvalSettings) {
  const timeoutMs = settings.JUDGE_TIMEOUT_MS
  const upstream = litellm({
    url,
    firstByteTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
    now: () => Date.now(),
  })
  const now = () => Date.now()
  const ask = decisionModel({ upstream, model: settings.JUDGE_MODEL, timeoutMs, now })
  // Not the signal of Ctrl-C, so that verdicts that were paid for are kept.
  return (pair: QuestionPair): Promise<Verdict> =>
    ask(pair, { apiKey, requestId: randomUUID(), signal: new AbortController().signal })
}

function report(all: readonly Measured[], judged: Judged, settings: EvalSettings): number {
  const { PAIRS, JUDGE_MODEL, CHART, MIN_PROBABILITY, MAX_FALSE } = settings
  const gated = all.filter(isGated)
  const threshold = lowestThreshold(gated, MAX_FALSE)
  console.log(`# ${JUDGE_MODEL} on ${relative('', PAIRS)}\n`)
  console.log(countsText(all, ratingsBeside(PAIRS)))
  console.log(`${judgedText(gated, judged)}\n`)
  console.log(`${thresholdTable(all)}\n`)
  console.log(`${atThreshold(MIN_PROBABILITY, all)}\n`)
  console.log(`## At most ${100 * MAX_FALSE} % false\n\n${boundText(MAX_FALSE, threshold, all)}`)
  mkdirSync(dirname(CHART), { recursive: true })
  writeFileSync(CHART, chart(gated, MIN_PROBABILITY))
  console.error(`Chart: ${relative('', CHART)}`)
  return threshold === undefined ? 1 : 0
}

function judgedText(gated: readonly Measured[], { asked, refusals }: Judged): string {
  const verdicts = gated.filter(({ verdict }) => verdict !== undefined).length
  const refused = [...refusals].map(([reason, times]) => `, ${reason} (${times} pairs)`).join('')
  return (
    `* Verdicts: ${verdicts}, after ${asked} calls in this run, 4 at a time; ` +
    `refused, and so never served: ${gated.length - verdicts}${refused}`
  )
}
