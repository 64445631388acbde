import { isReworded } from './alignment.ts'
import { sameItems } from './items.ts'
import { isTurnedByPrefix } from '../language/prefixes.ts'
import type { Reading } from '../language/reading.ts'
import type { Vocabulary } from '../language/vocabulary.ts'

/** As many negations; but "without losing" may be "keep". */
export function sameNegation(a: Reading, b: Reading): boolean {
  const more = a.negations - b.negations
  if (Math.abs(more) > 1) return false
  if (more === 0) return true
  const [fewer, other] = more > 0 ? [b, a] : [a, b]
  const { standsForNegation } = fewer.vocabulary
  return fewer.stems.some((stem) => standsForNegation(stem) && !other.stems.includes(stem))
}

/** Before, less, only: what one question says and the other does not, in whatever words. */
export function saysNoMore(a: Reading, b: Reading): boolean {
  const told = ({ words, vocabulary }: Reading) =>
    words.flatMap((word) => vocabulary.lexicon.telling.get(word) ?? [])
  return sameItems(told(a), told(b)) && !narrows(a, b) && !narrows(b, a)
}

/** For children, at night: whether a question has such a word, and the other nothing like it. */
function narrows(a: Reading, b: Reading): boolean {
  const { isNarrowing } = a.vocabulary
  return onlyIn(a, b).some(
    ({ word, stem, meaning }) =>
      isNarrowing(word) && !b.content.includes(meaning) && !hasRelative(stem, b),
  )
}

/** Whether what one question alone says is the opposite of what the other alone says. */
export function areTurned(a: Reading, b: Reading): boolean {
  const { poleOf, isFunctionWord } = a.vocabulary
  const [one, other] = [onlyIn(a, b), onlyIn(b, a)]
  const isReplaced = (word: Form, beside: Form) =>
    areOpposites(word, beside, a.vocabulary) &&
    !(hasRelative(word.stem, b) && hasRelative(beside.stem, a)) &&
    // In another sentence, small words say nothing alone: off the wall, from the wall.
    !(isFunctionWord(word.word) && isFunctionWord(beside.word) && isReworded(a.written, b.written))
  if (one.some((word) => other.some((beside) => isReplaced(word, beside)))) return true
  const poles = (words: readonly Form[]) =>
    new Set(words.map(({ stem }) => poleOf(stem)).filter((pole) => pole !== 0))
  const [left, right] = [poles(one), poles(other)]
  return left.size === 1 && right.size === 1 && [...left][0] !== [...right][0]
}

interface Form {
  readonly word: string
  readonly stem: string
  readonly meaning: string
}

function areOpposites(one: Form, other: Form, { oppositesOf, areRelated }: Vocabulary): boolean {
  if (oppositesOf(one.meaning).includes(other.meaning)) return true
  if (isTurnedByPrefix(one.word, other.word)) return true
  // Soften, hard: the opposite of a relative.
  const turned = (word: string, beside: string) =>
    oppositesOf(word).some((known) => known === beside || areRelated(known, beside))
  return turned(one.stem, other.stem) || turned(other.stem, one.stem)
}

/** Whether a question has the word in another form: soften, soft. */
function hasRelative(stem: string, { stems, vocabulary }: Reading): boolean {
  return stems.some((known) => vocabulary.areRelated(stem, known))
}

function onlyIn(a: Reading, b: Reading): Form[] {
  const { stemOf, meaningOf } = a.vocabulary
  const there = b.words.map(stemOf)
  return a.words
    .map((word) => ({ word, stem: stemOf(word), meaning: meaningOf(word) }))
    .filter(({ stem }) => {
      const at = there.indexOf(stem)
      if (at >= 0) there.splice(at, 1)
      return at < 0
    })
}
