import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QuestionPair, Verdict } from '../../src/semantic/judge.ts'
import { DecisionUnavailable } from '../../src/upstream/decisions.ts'
import { chart } from '../semantic-eval/chart.ts'
import { judgePairs } from '../semantic-eval/judge-pairs.ts'
import type { JudgePairsOptions } from '../semantic-eval/judge-pairs.ts'
import { measured } from '../semantic-eval/measured.ts'
import { pairsOf, ratingsBeside } from '../semantic-eval/pairs.ts'
import { progressOf } from '../semantic-eval/progress.ts'
import { atThreshold, boundText, countsText, thresholdTable } from '../semantic-eval/report.ts'
import { settingsFrom } from '../semantic-eval/settings.ts'
import {
  auc,
  lowestThreshold,
  NEVER,
  quantile,
  servedAt,
  shareOf,
  wilson,
} from '../semantic-eval/statistics.ts'
import { verdictFile, verdictLog } from '../semantic-eval/verdict-log.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'eval-'))
const paraphrase = (score?: number) => ({ same: true, score })
const nearMiss = (score?: number) => ({ same: false, score })

describe('the statistics of semantic-eval', () => {
  it.each<[hits: number, of: number, low: number, high: number]>([
    [3, 100, 0.0103, 0.0845],
    [0, 100, 0, 0.037],
    [100, 100, 0.963, 1],
    [81, 263, 0.2553, 0.3662],
    [0, 0, 0, 1],
  ])('give the Wilson interval of %i of %i', (hits, of, low, high) => {
    const [from, to] = wilson({ hits, of })
    expect(from).toBeCloseTo(low, 4)
    expect(to).toBeCloseTo(high, 4)
  })

  it('count a tie as half in the AUC and leave out pairs without a verdict', () => {
    // 0.9 ties once and wins twice, 0.4 loses once, ties once and wins once: 4 of 6.
    const pairs = [paraphrase(0.9), paraphrase(0.4), nearMiss(0.9), nearMiss(0.4), nearMiss(0.1)]
    expect(auc([...pairs, paraphrase(undefined), nearMiss(undefined)])).toBeCloseTo(4 / 6, 10)
    expect(auc([paraphrase(0.2), nearMiss(NEVER)])).toBe(1)
    expect(auc([paraphrase(0.2)])).toBeNaN()
  })

  it('use the nearest rank for quantiles', () => {
    const values = [30, 10, 20, 40]
    expect([0, 0.5, 0.95].map((share) => quantile(values, share))).toEqual([10, 20, 40])
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('count a pair as served from the threshold on, and never without a verdict or with an injection', () => {
    const pairs = [paraphrase(0.9), paraphrase(0.89), paraphrase(), nearMiss(NEVER), nearMiss(1)]
    expect(servedAt(0.9, pairs)).toEqual({ kept: { hits: 1, of: 3 }, wrong: { hits: 1, of: 2 } })
    expect(servedAt(0, [nearMiss(NEVER)]).wrong.hits).toBe(0)
  })

  it('find the lowest threshold within MAX_FALSE, with the fewest decimals', () => {
    const pairs = [paraphrase(0.97), paraphrase(0.9134821), nearMiss(0.9081), nearMiss(0.2)]
    expect(lowestThreshold(pairs, 0)).toBe(0.91)
    expect(lowestThreshold(pairs, 0.5)).toBe(0.9)
    expect(lowestThreshold(pairs, 0.49)).toBe(0.91)
  })

  it('find no threshold if the best near miss scores as high as the best paraphrase', () => {
    expect(lowestThreshold([paraphrase(0.9), nearMiss(0.9)], 0)).toBeUndefined()
    expect(lowestThreshold([paraphrase(), nearMiss(NEVER)], 1)).toBeUndefined()
    expect(lowestThreshold([], 1)).toBeUndefined()
  })

  it('find a threshold within MAX_FALSE that the next lower score would exceed', () => {
    const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined })
    const pair = fc.record({ same: fc.boolean(), score })
    const bound = fc.constantFrom(0, 0.02, 0.3, 0.9)
    fc.assert(
      fc.property(fc.array(pair), bound, (pairs, maxFalse) => {
        const found = lowestThreshold(pairs, maxFalse)
        if (found === undefined) return
        expect(servedAt(found, pairs).kept.hits).toBeGreaterThan(0)
        expect(shareOf(servedAt(found, pairs).wrong)).toBeLessThanOrEqual(maxFalse)
        const lower = pairs.flatMap(({ score = 1 }) => (score < found ? [score] : []))
        if (lower.length === 0) return
        expect(shareOf(servedAt(Math.max(...lower), pairs).wrong)).toBeGreaterThan(maxFalse)
      }),
    )
  })
})

describe('the report of semantic-eval', () => {
  const verdict = (same: number, over: Partial<Verdict> = {}): Verdict => ({
    same,
    addressesJudge: 0,
    latencyMs: 40,
    costUsd: null,
    ...over,
  })
  const pair = (category: string, language: string, cosine: number, given?: Verdict) => {
    const same = category === 'free' || category === 'near-verbatim'
    const texts = { id: 'x', a: 'one', b: 'other' }
    return measured({ ...texts, category, language, same }, cosine, given)
  }
  const all = [
    pair('free', 'en', 0.9, verdict(0.95)),
    pair('free', 'en', 0.8, verdict(0.6)),
    pair('near-verbatim', 'en', 0.99, verdict(0.99)),
    pair('free', 'de', 0.7, verdict(0.92)),
    pair('free', 'en', 0.69),
    pair('numbers', 'en', 0.95, verdict(0.93, { latencyMs: 1_200 })),
    pair('units', 'en', 0.95, verdict(0.1)),
    pair('injection', 'en', 0.9, verdict(0.97, { addressesJudge: 0.5 })),
    pair('injection', 'en', 0.9, undefined),
    pair('units', 'de', 0.2),
  ]

  it('counts all and gated pairs and shows how far the raters agreed', () => {
    expect(countsText(all, { pairs: 2_000, agreed: 1_900, kappa: 0.871 })).toBe(
      [
        '* Pairs: 10 (5 paraphrases, 5 near misses)',
        '* Gated, cosine at least 0.7: 8 (4 paraphrases, 4 near misses)',
        '* Labels: the raters agreed on 1,900 of 2,000 pairs; kappa 0.87',
      ].join('\n'),
    )
  })

  it('lists the shares of the embedding alone and at ten thresholds', () => {
    const rows = thresholdTable(all)
      .split('\n')
      .filter((line) => /^\| (embedding|0)/.test(line))
    expect(rows).toHaveLength(11)
    expect(rows[0]).toBe('| embedding alone | 80.0 % (37.6–96.4) | 80.0 % (37.6–96.4) |')
    expect(rows[6]).toBe('| 0.90 | 75.0 % (30.1–95.4) | 25.0 % (4.6–69.9) |')
  })

  it('breaks the result at the current threshold down by kind, language and category', () => {
    const text = atThreshold(0.9, all)
    expect(text).toContain('English, free paraphrases kept: 50.0 % (9.5–90.5) of 2')
    expect(text).toContain('English, near-verbatim repeats kept: 100.0 % (20.7–100.0) of 1')
    expect(text).toContain('Injections served: 0.0 % (0.0–65.8) of 2')
    expect(text).toContain('AUC: 0.833')
    expect(text).toContain('p50 40 ms, p95 1200 ms; later than 1,000 ms: 14.3 %')
    expect(text).toContain('USD per 1,000 verdicts: not told')
    expect(text).toContain('| de | 1 | 100.0 % (20.7–100.0) | – |')
    expect(text).toContain('| numbers | 1 | 100.0 % (20.7–100.0) |')
    expect(text).not.toContain('| free |')
  })

  it('shows the mean cost of the verdicts that have one', () => {
    const priced = [0.001, 0.003, null].map((costUsd) =>
      pair('free', 'en', 1, verdict(1, { costUsd })),
    )
    expect(atThreshold(0.9, priced)).toContain('USD per 1,000 verdicts: 2.0000')
  })

  it('shows the threshold for MAX_FALSE, or that there is none', () => {
    expect(boundText(0.02, 0.94, all)).toContain('2.0 % of the near misses is **0.94**: paraphr')
    expect(boundText(0, undefined, all)).toMatch(/^No threshold serves at most 0\.0 %/)
  })

  it('draws a chart with one line per series inside the frame and labelled axes', () => {
    const svg = chart(all, 0.9)
    const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points = '']) =>
      points.split(' ').map((point) => point.split(',').map(Number) as [number, number]),
    )
    expect(lines.map((points) => points.length)).toEqual([51, 51])
    for (const [x, y] of lines.flat()) {
      expect(x >= 0 && x <= 640 && y >= 0 && y <= 340).toBe(true)
    }
    expect(svg).toContain('>least probability that the questions are the same</text>')
    expect(svg).toContain('>share of gated pairs</text>')
    expect(unclosedTags(svg)).toEqual([])
    expect(chart([], 0.9)).not.toContain('NaN')
  })
})

/** The tags that are never closed; throws if a closing tag has no opening one. */
function unclosedTags(svg: string): string[] {
  const open: string[] = []
  for (const [, end, name, empty] of svg.matchAll(/<(\/?)(\w+)(?: [\w-]+="[^"<&]*")*(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name)
    else if (!empty) open.push(name!)
  }
  const between = svg.replaceAll(/<\/?\w+(?: [\w-]+="[^"<&]*")*\/?>/g, '')
  expect(between).not.toMatch(/[<>&]/)
  return open
}

describe('the judge calls of semantic-eval', () => {
  const pairs = Array.from({ length: 12 }, (_, at) => ({ a: `a ${at}`, b: `b ${at}` }))
  const yes: Verdict = { same: 0.9, addressesJudge: 0, latencyMs: 1, costUsd: 0.5 }
  const options = (over: Partial<JudgePairsOptions> = {}): JudgePairsOptions => ({
    judge: () => Promise.resolve(yes),
    log: verdictLog(join(folder(), 'log.jsonl'), false),
    signal: new AbortController().signal,
    pause: () => Promise.resolve(),
    onProgress: () => {},
    ...over,
  })

  it('are made once per pair of texts, four at a time', async () => {
    const seen: QuestionPair[] = []
    let [running, most] = [0, 0]
    const judge = async (pair: QuestionPair) => {
      seen.push(pair)
      running += 1
      most = Math.max(most, running)
      await new Promise((resume) => setImmediate(resume))
      running -= 1
      return yes
    }
    const progress: string[] = []
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`)
    const judged = await judgePairs([...pairs, ...pairs], options({ judge, onProgress }))
    expect(judged).toEqual({ asked: 12, refusals: new Map() })
    expect(seen).toEqual(pairs)
    expect(most).toBe(4)
    expect(progress.at(-1)).toBe('12/12')
  })

  it('skip every verdict in the log of an earlier run, even a killed one', async () => {
    const file = verdictFile(folder(), 'openai/judge', 'local')
    expect(file).toMatch(/openai_judge-[0-9a-f]{12}\.jsonl$/)
    await judgePairs(pairs.slice(0, 5), options({ log: verdictLog(file, false) }))
    appendFileSync(file, '{"key":"half a l')
    const second = await judgePairs(pairs, options({ log: verdictLog(file, false) }))
    expect(second.asked).toBe(7)
    const log = verdictLog(file, false)
    expect((await judgePairs(pairs, options({ log }))).asked).toBe(0)
    expect(log.get(pairs[11]!)).toEqual(yes)
    expect(readFileSync(file, 'utf8')).not.toContain('b 11')
    expect((await judgePairs(pairs, options({ log: verdictLog(file, true) }))).asked).toBe(12)
  })

  it('are logged in a separate file for each judge and LiteLLM address', () => {
    const names = [
      ['one', 'local'],
      ['one', 'http://elsewhere'],
      ['other', 'local'],
    ].map(([model, place]) => verdictFile('', model!, place!))
    expect(new Set(names).size).toBe(3)
  })

  it('are retried twice after a failure, which then counts as refused', async () => {
    const tries = new Map<string, number>()
    const judge = async ({ a }: QuestionPair) => {
      tries.set(a, (tries.get(a) ?? 0) + 1)
      const isLucky = a !== 'a 3' && (a !== 'a 5' || tries.get(a) === 3)
      if (!isLucky) throw new DecisionUnavailable('LiteLLM answered 500', 500)
      return yes
    }
    const given = options({ judge })
    const { asked, refusals } = await judgePairs(pairs, given)
    expect([asked, tries.get('a 3'), tries.get('a 5')]).toEqual([16, 3, 3])
    expect(refusals).toEqual(new Map([['LiteLLM answered 500', 1]]))
    expect(given.log.get(pairs[3]!)).toBeUndefined()
  })

  it('stop if the judge has failed on ten pairs and answered none', async () => {
    let asked = 0
    const judge = () => {
      asked += 1
      return Promise.reject(new DecisionUnavailable('LiteLLM answered 400', 400))
    }
    const many = Array.from({ length: 100 }, (_, at) => ({ a: `${at}`, b: '' }))
    await expect(judgePairs(many, options({ judge }))).rejects.toThrow(
      'The judge gave no verdict on 10 pairs: LiteLLM answered 400.',
    )
    expect(asked).toBeLessThan(50)
  })

  it('are not started after an abort, while calls in flight are kept', async () => {
    const leaving = new AbortController()
    const judge = async () => {
      leaving.abort()
      await new Promise((resume) => setImmediate(resume))
      return yes
    }
    const given = options({ judge, signal: leaving.signal })
    const { asked } = await judgePairs(pairs, given)
    expect(asked).toBe(1)
    expect(given.log.get(pairs[0]!)).toEqual(yes)
  })
})

describe('the input and progress of semantic-eval', () => {
  const pair = { id: '1', category: 'free', language: 'en', same: true, a: 'one', b: 'two' }

  it('are read from PAIRS and its ratings file, and errors quote no text', () => {
    const file = join(folder(), 'pairs.jsonl')
    writeFileSync(file, `${JSON.stringify({ ...pair, group: 7, loose: true })}\n\n`)
    expect(pairsOf(file)).toEqual([pair])
    expect(ratingsBeside(file)).toBeUndefined()
    const ratings = { pairs: 9, agreed: 8, kappa: 0.7 }
    writeFileSync(file.replace('.jsonl', '.ratings.json'), JSON.stringify(ratings))
    expect(ratingsBeside(file)).toEqual(ratings)
    appendFileSync(file, '{"a":"secret"}\n')
    expect(() => pairsOf(file)).toThrow(/^[^"]*pairs\.jsonl:3 is no pair: [^"]*$/)
    expect(() => pairsOf('/nowhere')).toThrow('PAIRS names another one')
  })

  it('use the default for an empty setting and name an invalid one', () => {
    const settings = settingsFrom({ JUDGE_MODEL: '', LITELLM_URL: 'http://127.0.0.1:4000/' })
    expect(settings).toMatchObject({
      JUDGE_MODEL: 'semantic-judge',
      EMBEDDING_MODEL: 'local-embed-model',
      LITELLM_URL: 'http://127.0.0.1:4000',
      MAX_FALSE: 0.02,
      MIN_PROBABILITY: 0.9,
    })
    expect(() => settingsFrom({ MAX_FALSE: '2' })).toThrow(/^MAX_FALSE: /)
  })

  it('show a one-line bar in a terminal, and a few lines elsewhere', () => {
    const show = (isTTY: boolean) => {
      let text = ''
      const tell = progressOf('verdicts', { isTTY, write: (more: string) => (text += more) })
      for (let done = 1; done <= 450; done += 1) tell(done, 450)
      return text
    }
    expect(show(true).match(/\n/g)).toHaveLength(1)
    expect(show(true)).toMatch(/\r█{30} 450 \/ 450 verdicts\n$/)
    expect(show(false).trim().split('\n')).toEqual(
      ['200', '400', '450'].map((done) => `${done} / 450 verdicts`),
    )
  })
})
