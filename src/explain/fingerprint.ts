import { canonicalJson } from '../cache/canonical-json.ts'
import { countedMembers } from '../cache/canonical.ts'
import type { CountedRequest } from '../cache/canonical.ts'
import { isObject } from '../cache/json.ts'
import type { Json } from '../cache/json.ts'
import { DIGEST_LENGTH } from './digests.ts'
import type { Digest } from './digests.ts'
import { isWord } from './mark.ts'
import type { Fingerprint, LineMark, Mark, Setting } from './mark.ts'
import { masked } from './masked-text.ts'

/** Marks in a fingerprint. */
export const MOST_MARKS = 200
/** In a path, such as `messages[0].content[0].text`. What is below is one digest. */
export const MOST_SEGMENTS = 5
/** The length of a fingerprint as JSON. */
export const LONGEST_FINGERPRINT = 15_360
/** Lines of one text that have digests of their own. */
export const MOST_LINES = 40
/** A longer text is masked up to here: a time stamp that is in every request comes early. */
const LONGEST_MASKED = 16_384

/** The length of a mark as JSON, without its name, at most. */
const MARK_LENGTH = 64
/** The same of a line. */
const LINE_LENGTH = 2 * DIGEST_LENGTH + 8

/** Only the digest of any other name is kept, for it may be content. */
const NAME = /^[\w.$-]{1,40}$/
const LONGEST_NAME = 40
/** Stands before the digest of a name. */
export const UNUSUAL_NAME = '#'

/**
 * Members whose object is content, names and numbers included: the state of System One, and variables of
 * prompts. It has one digest: those of its parts, such as a flag, could be guessed.
 */
const CONTENT_MEMBERS: ReadonlySet<string> = new Set(['state', 'variables', 'prompt_variables'])

/** Members whose text is a word of the API. */
const WORD_MEMBERS: ReadonlySet<string> = new Set([
  'role',
  'effort',
  'reasoning_effort',
  'verbosity',
  'service_tier',
  'tool_choice',
])

/**
 * The fingerprint of a request: equal for equal cache keys of a tenant, different for different ones,
 * and bounded. Needs the request until the promise has resolved.
 */
export async function fingerprintOf(request: CountedRequest, digest: Digest): Promise<Fingerprint> {
  const { path, namespace } = request
  const budget = { marks: MOST_MARKS, length: LONGEST_FINGERPRINT }
  // By what callers set. Apart from the body, whose members may have the same names.
  const identity = outline({ 'api-version': path, 'x-cache-namespace': namespace }, budget)
  const body = outline(countedMembers(request), budget)
  return { identity: await markOf(identity, digest), body: await markOf(body, digest) }
}

/** What may still be kept. */
interface Budget {
  marks: number
  length: number
}

/** A value at a path, before it is digested. */
interface Place {
  /** Empty for an item of a list. */
  readonly name: string
  readonly value: Json
  readonly segments: number
  /** Whether a list is on its path. What is in lists is content. */
  readonly isInList: boolean
  /** The places below it that have marks of their own; undefined if it has one mark as a whole. */
  below: readonly Place[] | undefined
  /** How many places below it have none. */
  more: number
  /** How many of its lines have digests of their own. */
  lines: number
}

/**
 * Chooses what has a mark, level by level: of a long conversation, all messages rather than every
 * detail of the first ones. Lines take what is left.
 */
function outline(root: Json, budget: Budget): Place {
  const top = placeOf('', root, 0, false)
  const places = [top]
  // The list grows while it is read.
  for (const place of places) {
    const segments = place.segments + 1
    const isInList = place.isInList || Array.isArray(place.value)
    const isWhole = segments > MOST_SEGMENTS || isContent(place)
    const children = isWhole ? undefined : childrenOf(place.value)
    if (children === undefined) continue
    const below: Place[] = []
    for (const [name, value] of children) {
      const length = MARK_LENGTH + Math.min(name.length, LONGEST_NAME)
      if (budget.marks === 0 || budget.length < length) break
      budget.marks -= 1
      budget.length -= length
      below.push(placeOf(name, value, segments, isInList))
    }
    place.more = children.length - below.length
    if (below.length === 0 && place.more > 0) continue
    place.below = below
    places.push(...below)
  }
  for (const place of places) {
    const lines = linesOf(place.value).length
    place.lines = lines < 2 ? 0 : Math.min(lines, Math.floor(budget.length / LINE_LENGTH))
    budget.length -= place.lines * LINE_LENGTH
  }
  return top
}

function placeOf(name: string, value: Json, segments: number, isInList: boolean): Place {
  return { name, value, segments, isInList, below: undefined, more: 0, lines: 0 }
}

const isContent = ({ name, value }: Place) => CONTENT_MEMBERS.has(name) && isObject(value)

/** What a list or an object consists of, with names. A list of numbers is one value: a text as tokens. */
function childrenOf(value: Json): (readonly [string, Json])[] | undefined {
  if (Array.isArray(value)) return isNumbers(value) ? undefined : value.map((item) => ['', item])
  if (!isObject(value)) return undefined
  const { o: inOrder } = value
  // As canonical texts write objects whose member order counts.
  if (Array.isArray(inOrder) && Object.keys(value).length === 1 && inOrder.every(isMember)) {
    return inOrder
  }
  return Object.keys(value)
    .toSorted()
    .map((name) => [name, value[name] ?? null])
}

function isMember(value: Json): value is [string, Json] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string'
}

function linesOf(value: Json): string[] {
  return typeof value === 'string' ? value.split('\n', MOST_LINES) : []
}

async function markOf(place: Place, digest: Digest): Promise<Mark> {
  const { value, below, more } = place
  if (isSetting(place)) return { value: value as Setting }
  if (below === undefined) return textMark(place, digest)
  const marks = Promise.all(below.map((one) => markOf(one, digest)))
  const names = Promise.all(below.map(({ name }) => keptName(name, digest)))
  const whole = { digest: await digest(canonicalJson(value)), ...(more === 0 ? {} : { more }) }
  const items = await marks
  if (Array.isArray(value)) return { ...whole, items }
  return { ...whole, members: (await names).map((name, at) => [name, items[at]!]) }
}

/** Whether a value may be kept as it is, because nobody's text can be in it. */
function isSetting({ name, value, isInList }: Place): boolean {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'number') return !isInList
  return typeof value === 'string' && WORD_MEMBERS.has(name) && isWord(value)
}

async function keptName(name: string, digest: Digest): Promise<string> {
  return NAME.test(name) ? name : UNUSUAL_NAME + (await digest(name))
}

/** The mark of a text, or of a value that is digested like one. */
async function textMark({ value, lines }: Place, digest: Digest): Promise<Mark> {
  const isText = typeof value === 'string'
  const text = isText ? value : canonicalJson(value)
  const bare = isNumbers(value) ? text : maskedText(text)
  const bareLines = bare.split('\n', lines)
  const [whole, rest, ...digested] = await Promise.all([
    // With the sign, because a text may read like another value.
    digest(isText ? `"${text}` : text),
    bare === text ? undefined : digest(bare),
    ...text.split('\n', lines).map((line, at) => lineMark(line, bareLines[at] ?? line, digest)),
  ])
  return {
    digest: whole,
    ...(rest === undefined ? {} : { masked: rest }),
    ...(lines === 0 ? {} : { lines: digested }),
  }
}

async function lineMark(line: string, bare: string, digest: Digest): Promise<LineMark> {
  if (line === bare) return [await digest(line)]
  return [await digest(line), await digest(bare)]
}

/** Whether a value is made of numbers alone: there is nothing in them to mask. */
function isNumbers(value: Json): boolean {
  const all = [value].flat()
  return all.length > 0 && all.every((one) => typeof one === 'number')
}

function maskedText(text: string): string {
  return masked(text.slice(0, LONGEST_MASKED)) + text.slice(LONGEST_MASKED)
}
