import { isReworded } from './alignment.ts'
import { isLanguage, isUnit } from '../language/lexicon/terms.ts'
import type { Reading } from '../language/reading.ts'

/** A word that one question has and the other has not. */
interface Word {
  readonly plain: string
  readonly stem: string
  readonly meaning: string
}

/** What two questions do not share. */
interface Leftover {
  /** Words that carry meaning, and have no relative on the other side. */
  readonly one: readonly string[]
  readonly other: readonly string[]
  /** How many words say the same in another way. */
  readonly reworded: number
  /** Things of one class on both sides, of which one is never the other. */
  readonly isExchanged: boolean
}

/** So many words may be left over on a side, and for each that both have, so many on both. */
const MOST = { aside: 4, toShared: 2 }
/** What is said on one side only needs so much likeness beside it: a word or two, and more. */
const LIKE_ENOUGH = { few: 0.75, more: 0.8, added: 0.8, much: 0.85 }

/**
 * Whether nothing is said on one side only that asks for something else. In a sentence that is the same
 * otherwise, whatever is put in or changed does. In other words, some may, if nothing was only added.
 */
export function leavesNothing(a: Reading, b: Reading, similarity: number): boolean {
  const { one, other, reworded, isExchanged } = leftoverOf(a, b)
  if (isExchanged) return false
  const [less, more] = [one.length, other.length].sort((x, y) => x - y) as [number, number]
  if (more === 0) return true
  const shared = a.content.filter((meaning) => b.content.includes(meaning)).length
  if (more > MOST.aside || less + more > MOST.toShared * (shared + 1)) return false
  if (!isReworded(a.sentence, b.sentence) && !isReworded(a.written, b.written)) return false
  if (less === 0) {
    const isCondition = one.length > 0 ? setsACondition(one, a) : setsACondition(other, b)
    if (isCondition && reworded === 0) return false
    return more === 1 || similarity >= (more === 2 ? LIKE_ENOUGH.added : LIKE_ENOUGH.much)
  }
  // When it was built, when it sank: of what happened, the one word tells all.
  if (shared < 2 && (asksOfAnEvent(a) || asksOfAnEvent(b))) return false
  return similarity >= (more === 1 ? LIKE_ENOUGH.few : LIKE_ENOUGH.more)
}

const asksOfAnEvent = ({ kind }: Reading) => kind === 'who' || kind === 'when' || kind === 'where'

/** Whether one of the words stands behind a word like in, for or with: at altitude, for a castle. */
function setsACondition(words: readonly string[], { words: all, vocabulary }: Reading): boolean {
  const { conditions } = vocabulary.lexicon
  return words.some((word) => {
    for (let at = all.indexOf(word) - 1; at >= 0; at -= 1) {
      const before = all[at]!
      if (conditions.has(before)) return true
      const saysLittle = vocabulary.isFunctionWord(before) || vocabulary.isLight(before)
      if (!saysLittle && !words.includes(before)) return false
    }
    return false
  })
}

function leftoverOf(a: Reading, b: Reading): Leftover {
  const { areRelated, areSiblings } = a.vocabulary
  const [only, onlyThere] = [without(wordsOf(a), wordsOf(b)), without(wordsOf(b), wordsOf(a))]
  const isExchanged = only.some(({ stem, meaning }) =>
    onlyThere.some(
      (beside) =>
        (isLanguage(meaning) && isLanguage(beside.meaning)) ||
        (areSiblings(stem, beside.stem) && !areRelated(stem, beside.stem)),
    ),
  )
  const other = [...onlyThere]
  const one = only.filter(({ stem }) => {
    const at = other.findIndex((beside) => areRelated(stem, beside.stem))
    if (at >= 0) other.splice(at, 1)
    return at < 0
  })
  return {
    one: one.filter((word) => isHeavy(word, a)).map(({ plain }) => plain),
    other: other.filter((word) => isHeavy(word, a)).map(({ plain }) => plain),
    reworded: sayOtherwise(a, b) + sayOtherwise(b, a) + only.length - one.length,
    isExchanged,
  }
}

function isHeavy({ meaning, plain }: Word, { vocabulary }: Reading): boolean {
  return isUnit(meaning) || !vocabulary.isLight(plain)
}

/** How many words have one of the same meaning on the other side, but not themselves. */
function sayOtherwise({ content, stems }: Reading, beside: Reading): number {
  const isThere = (meaning: string, at: number) =>
    beside.content.includes(meaning) && !beside.stems.includes(stems[at]!)
  return content.filter(isThere).length
}

function wordsOf({ content, plain, stems }: Reading): Word[] {
  return content.map((meaning, at) => ({ meaning, plain: plain[at]!, stem: stems[at]! }))
}

function without(words: readonly Word[], others: readonly Word[]): Word[] {
  const left = others.map(({ meaning }) => meaning)
  return words.filter(({ meaning }) => {
    const at = left.indexOf(meaning)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}
