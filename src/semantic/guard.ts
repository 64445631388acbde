import { isReworded } from './alignment.ts'
import type { Kind } from './lexicon/lexicon.ts'
import { bareText, isOtherScript, tellingWords } from './other-scripts.ts'
import { isUnit } from './lexicon/terms.ts'
import { read } from './reading.ts'
import type { Reading } from './reading.ts'

/** Why not, in words that tell nothing of either question: another's may be one of them. */
export type Disagreement =
  | 'wording'
  | 'language'
  | 'quoted text or code'
  | 'order of quoted text'
  | 'numbers'
  | 'order of numbers'
  | 'units'
  | 'negation'
  | 'telling words'
  | 'kind'
  | 'opposites'
  | 'names'
  | 'order of names'
  | 'direction'
  | 'order of words'
  | 'words'

/**
 * Why the answer to one question may not be given to another one that an embedding finds alike;
 * undefined where nothing speaks against it. Pure, and the same for both orders. It errs on the side of
 * asking again: a wrong answer is worse than a miss.
 */
export function disagreement(
  asked: string,
  original: string,
  similarity: number,
): Disagreement | undefined {
  if (bareText(asked) === bareText(original)) return undefined
  const [a, b] = [asked, original].map((text) => (isOtherScript(text) ? undefined : read(text)))
  // Where there is no list of words to tell what may differ, nothing may that says anything.
  if (a === undefined || b === undefined) return sayTheSame(asked, original) ? undefined : 'wording'
  for (const check of CHECKS) {
    const found = check(a, b, similarity)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether the same words are there, in the same order; but a part may come first or last. */
function sayTheSame(asked: string, original: string): boolean {
  const [one, other] = [tellingWords(asked), tellingWords(original)]
  return one.length > 0 && one.length === other.length && isTurned(one, other)
}

type Check = (a: Reading, b: Reading, similarity: number) => Disagreement | undefined

const CHECKS: readonly Check[] = [
  language,
  verbatim,
  numbers,
  units,
  negation,
  telling,
  kind,
  opposites,
  names,
  direction,
  order,
  residue,
]

/** An answer is in its question's language. */
function language(a: Reading, b: Reading): Disagreement | undefined {
  const [one, other] = [a, b].map(({ vocabulary }) => vocabulary.lexicon.language)
  return one === other ? undefined : 'language'
}

function verbatim(a: Reading, b: Reading): Disagreement | undefined {
  if (!sameItems(a.verbatim, b.verbatim)) return 'quoted text or code'
  const isMoved = a.verbatim.some((text, at) => text !== b.verbatim[at])
  return isMoved && !a.isSymmetric && !b.isSymmetric ? 'order of quoted text' : undefined
}

/** Units on one side may say how much is asked for; other ones on the other side ask for something else. */
function units(a: Reading, b: Reading): Disagreement | undefined {
  const only = (one: Reading, other: Reading) => without(one.content, other.content).find(isUnit)
  const [one, other] = [only(a, b), only(b, a)]
  return one !== undefined && other !== undefined ? 'units' : undefined
}

/** The same numbers, each of the same thing or in the same order. */
function numbers(left: Reading, right: Reading): Disagreement | undefined {
  const [{ amounts: a }, { amounts: b }] = [left, right]
  const isEitherWay = left.isSymmetric || right.isSymmetric
  // "A sentence" is one, too.
  const told = (amounts: Reading['amounts']) => amounts.filter(({ value }) => value !== 1)
  const [one, other] = [told(a), told(b)]
  const values = (amounts: Reading['amounts']) => amounts.map(({ value }) => String(value))
  if (!sameItems(values(one), values(other))) return 'numbers'
  if (values(one).join() === values(other).join()) {
    const isOther = (of: string | undefined, beside: string | undefined) =>
      isUnit(of) && isUnit(beside) && of !== beside
    return one.some(({ of }, at) => isOther(of, other[at]?.of)) ? 'units' : undefined
  }
  return isEitherWay || sameBound(one, other) ? undefined : 'order of numbers'
}

function sameBound(one: Reading['amounts'], other: Reading['amounts']): boolean {
  const bound = (amounts: Reading['amounts']) => amounts.map(({ value, of }) => `${value} ${of}`)
  return sameItems(bound(one), bound(other))
}

function negation(a: Reading, b: Reading): Disagreement | undefined {
  return a.negations === b.negations ? undefined : 'negation'
}

/** Before, less, only: what one question says and the other does not, in whatever words. */
function telling(a: Reading, b: Reading): Disagreement | undefined {
  const told = ({ words, vocabulary }: Reading) =>
    words.filter((word) => vocabulary.lexicon.telling.has(word))
  return sameItems(told(a), told(b)) ? undefined : 'telling words'
}

/** Kinds that leave it to the other words what is asked for. */
const OPEN_KINDS: ReadonlySet<Kind> = new Set<Kind>(['how', 'what'])
/** "How many hours" is how long, "how many kilometres" how far. */
const QUANTITIES: ReadonlySet<Kind> = new Set<Kind>(['how many', 'how long', 'how far', 'how big'])

function kind(a: Reading, b: Reading): Disagreement | undefined {
  // "Name the inventor" asks who: the words must tell.
  if (a.kind === undefined || b.kind === undefined || a.kind === b.kind) return undefined
  return agree(a, b) || agree(b, a) ? undefined : 'kind'
}

function agree({ kind: one }: Reading, other: Reading): boolean {
  if (one === undefined || other.kind === undefined) return true
  if (OPEN_KINDS.has(one)) return OPEN_KINDS.has(other.kind)
  if (OPEN_KINDS.has(other.kind) && asksFor(one, other)) return true
  return QUANTITIES.has(one) && other.kind === 'how many'
}

/** "What is the distance", "which year", "what is 15 % of 240". */
function asksFor(kind: Kind, { words, amounts, vocabulary }: Reading): boolean {
  const { askedFor } = vocabulary.lexicon
  const isQuantity = QUANTITIES.has(kind) || kind === 'how old'
  if (isQuantity && amounts.length > 1) return true
  const known = isQuantity ? 'how many' : kind
  return (
    known in askedFor && words.some((word) => askedFor[known as keyof typeof askedFor].has(word))
  )
}

function opposites(a: Reading, b: Reading): Disagreement | undefined {
  const { oppositesOf, lexicon } = a.vocabulary
  const stems = ({ words }: Reading) => words.map((word) => lexicon.stem(word))
  const [one, other] = [new Set(stems(a)), new Set(stems(b))]
  for (const word of one) {
    if (other.has(word)) continue
    const isTurned = [...oppositesOf(word)].some((stem) => other.has(stem) && !one.has(stem))
    if (isTurned) return 'opposites'
  }
  return undefined
}

function names(a: Reading, b: Reading): Disagreement | undefined {
  if (namesAMissingOne(a, b) || namesAMissingOne(b, a)) return 'names'
  if (a.isSymmetric || b.isSymmetric) return undefined
  const shared = (reading: Reading, other: Reading) =>
    reading.plain.filter((word) => reading.names.includes(word) && other.plain.includes(word))
  const [one, other] = [shared(a, b), shared(b, a)]
  const isMoved = one.length === other.length && one.join() !== other.join()
  return isMoved && sameItems(one, other) && sameItems(a.content, b.content)
    ? 'order of names'
    : undefined
}

function namesAMissingOne(of: Reading, from: Reading): boolean {
  const { plain, content, names, verbatim } = from
  const known = new Set([...plain, ...names, ...verbatim.map((text) => text.toLowerCase())])
  return of.names.some((name) => {
    const at = of.plain.indexOf(name)
    return at >= 0 && !known.has(name) && !content.includes(of.content[at]!)
  })
}

/** The same words in other parts: from A to B is not from B to A. */
function direction(a: Reading, b: Reading): Disagreement | undefined {
  for (const [role, one] of a.roles) {
    const other = b.roles.get(role)
    if (other === undefined || [...one].some((word) => other.has(word))) continue
    const isElsewhere =
      [...one].some((word) => holds(b, word)) && [...other].some((word) => holds(a, word))
    if (isElsewhere) return 'direction'
  }
  return undefined
}

function holds({ content, amounts }: Reading, word: string): boolean {
  return content.includes(word) || amounts.some(({ value }) => String(value) === word)
}

/** The very same words in another order ask something else; but a part may come first or last. */
function order(a: Reading, b: Reading): Disagreement | undefined {
  if (a.isSymmetric || b.isSymmetric || !sameItems(a.sentence, b.sentence)) return undefined
  return isTurned(a.content, b.content) ? undefined : 'order of words'
}

/** Whether a list is the other one, begun at some place of it. */
function isTurned(one: readonly string[], other: readonly string[]): boolean {
  return one.some((_, from) => other.every((word, at) => word === one[(from + at) % one.length]))
}

/** Words that differ on both sides need so much likeness beside them, and those on one side so much. */
const LIKE_ENOUGH = { both: 0.88, one: 0.8 }
/** Of all words that carry meaning, so many must be on both sides. */
const SHARED_ENOUGH = 0.5

/**
 * What is said on one side only: nothing may be, in a sentence that is the same otherwise. In other
 * words, something may, if the questions are alike enough.
 */
function residue(a: Reading, b: Reading, similarity: number): Disagreement | undefined {
  const one = without(a.content, b.content)
  const other = without(b.content, a.content)
  if (one.length === 0 && other.length === 0) return undefined
  const shared = 1 - (one.length + other.length) / (a.content.length + b.content.length)
  const enough = one.length > 0 && other.length > 0 ? LIKE_ENOUGH.both : LIKE_ENOUGH.one
  const isAlike = similarity >= enough && shared >= SHARED_ENOUGH
  if (isAlike && isReworded(a.sentence, b.sentence)) return undefined
  return 'words'
}

/** The items of the first list that the second has not, each as often. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return items.filter((item) => {
    const at = left.indexOf(item)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}

function sameItems(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && without(one, other).length === 0
}
