/**
 * `make semantic-shadow-report FILE=log.jsonl`: what semantic hits would have been worth, from the log
 * lines of SEMANTIC=shadow. Reads plain logs and `wrangler tail --format json`.
 */

import { readFileSync } from 'node:fs'
import * as z from 'zod'

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.99]

/** One semantic hit that was not served, as `src/semantic/shadow.ts` logs it. */
const hitShape = z.object({
  event: z.literal('semantic shadow'),
  verdict: z.string(),
  same: z.number().optional(),
  agrees: z.boolean().optional(),
  overlap: z.number().optional(),
})
type Hit = z.infer<typeof hitShape>

const tailEventShape = z.object({
  logs: z.array(z.object({ message: z.array(z.unknown()) })),
})

const { FILE: file, OVERLAP } = process.env
const minOverlap = Number(OVERLAP || 0.5)

if (!file || !(minOverlap >= 0 && minOverlap <= 1)) {
  stop('make semantic-shadow-report FILE=log.jsonl [OVERLAP=0.5]   (FILE=- reads standard input)')
}
const hits = objectsIn(read(file)).flatMap(hitsIn)
if (hits.length === 0) stop(`${file} holds no line of SEMANTIC=shadow.`)
console.log(report(hits, minOverlap))

function stop(message: string): never {
  console.error(message)
  process.exit(1)
}

function read(name: string): string {
  try {
    return readFileSync(name === '-' ? process.stdin.fd : name, 'utf8')
  } catch {
    return stop(`${name} cannot be read.`)
  }
}

/** The JSON objects of a log: one per line, or over several lines as wrangler prints them. */
function objectsIn(text: string): unknown[] {
  const objects: unknown[] = []
  let open: string[] | undefined
  for (const line of text.split(/\r?\n/)) {
    if (line === '{') open = []
    open?.push(line)
    const whole = open === undefined ? line : line === '}' ? open.join('\n') : undefined
    if (whole === undefined) continue
    open = undefined
    objects.push(objectIn(whole))
  }
  return objects
}

/** The object in a text, without what surrounds it. */
function objectIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
  } catch {
    return undefined
  }
}

function hitsIn(object: unknown): Hit[] {
  const hit = hitShape.safeParse(object).data
  if (hit) return [hit]
  const logs = tailEventShape.safeParse(object).data?.logs ?? []
  return logs
    .flatMap(({ message }) => message)
    .flatMap((text) => hitShape.safeParse(objectIn(String(text))).data ?? [])
}

function report(hits: readonly Hit[], minOverlap: number): string {
  const row = (name: string, some: readonly Hit[]) => {
    const comparable = some.filter(isComparable)
    const right = comparable.filter((hit) => looksTrue(hit, minOverlap)).length
    const shares = [right, comparable.length - right].map((part) => partOf(part, comparable.length))
    return `| ${[name, some.length, ...shares].join(' | ')} |`
  }
  const served = (threshold: number) => hits.filter((hit) => isServed(hit, threshold))
  const verdicts = Map.groupBy(hits, ({ verdict }) => verdict.replace(/ \([^)]*\)$/, ''))
  const incomparable = hits.filter((hit) => !isComparable(hit)).length
  return [
    [
      '| threshold of `same` | hits that would have been served | true-looking | false-looking |',
      '|---|---|---|---|',
      row('similarity alone', hits),
      ...THRESHOLDS.map((threshold) => row(threshold.toFixed(2), served(threshold))),
    ].join('\n'),
    `Verdicts: ${[...verdicts].map(([verdict, some]) => `${verdict} ${some.length}`).join(', ')}. ` +
      `Not comparable, and so in neither of the last columns: ${incomparable}.`,
    'A hit looks true if its answer is the fresh one but for case and white space, or if the two ' +
      `share at least ${100 * minOverlap} % of their runs of three characters; at a temperature ` +
      'above 0 two right answers to one question differ as well, so some hits that look false are not.',
  ].join('\n\n')
}

/** A text that addresses the judge is served at no threshold. */
function isServed({ same, verdict }: Hit, threshold: number): boolean {
  return same !== undefined && same >= threshold && !verdict.startsWith('speaks to the judge')
}

function isComparable({ agrees, overlap }: Hit): boolean {
  return agrees !== undefined || overlap !== undefined
}

function looksTrue({ agrees = false, overlap = 0 }: Hit, minOverlap: number): boolean {
  return agrees || overlap >= minOverlap
}

function partOf(part: number, whole: number): string {
  return whole === 0 ? '0' : `${part} (${((100 * part) / whole).toFixed(1)} %)`
}
