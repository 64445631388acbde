import { bareText, isOtherScript, sayTheSame } from './checks/other-scripts.ts'
import { mayBeOfOneKind } from './checks/kinds.ts'
import { leavesNothing } from './checks/leftover.ts'
import { sameNumberOrder, sameNumbers, sameUnits } from './checks/amounts.ts'
import { sameDirection, sameNameOrder, sameOrder } from './checks/order.ts'
import { sameNames } from './checks/names.ts'
import { areTurned, sameNegation, saysNoMore } from './checks/polarity.ts'
import { read } from './language/reading.ts'
import type { Reading } from './language/reading.ts'
import { quotedIn } from './language/words.ts'
import { sameItems } from './checks/items.ts'

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
  // Where there is no list of words to tell what may differ, nothing may that says anything.
  const byWords = () => (sayTheSame(asked, original) ? undefined : 'wording')
  if (isOtherScript(asked) || isOtherScript(original)) return byWords()
  const quoted = [...quotedIn(asked), ...quotedIn(original)]
  const [a, b] = [read(asked, quoted), read(original, quoted)]
  if (a === undefined || b === undefined) return byWords()
  return CHECKS.find(([, agrees]) => !agrees(a, b, similarity))?.[0]
}

type Agrees = (a: Reading, b: Reading, similarity: number) => boolean

const CHECKS: readonly (readonly [Disagreement, Agrees])[] = [
  ['language', sameLanguage],
  ['quoted text or code', sameVerbatim],
  ['order of quoted text', sameVerbatimOrder],
  ['numbers', sameNumbers],
  ['order of numbers', sameNumberOrder],
  ['units', sameUnits],
  ['negation', sameNegation],
  ['telling words', saysNoMore],
  ['kind', mayBeOfOneKind],
  ['opposites', (a, b) => !areTurned(a, b)],
  ['names', sameNames],
  ['order of names', sameNameOrder],
  ['direction', sameDirection],
  ['order of words', sameOrder],
  ['words', leavesNothing],
]

/** An answer is in its question's language. */
function sameLanguage(a: Reading, b: Reading): boolean {
  return a.vocabulary.lexicon.language === b.vocabulary.lexicon.language
}

function sameVerbatim(a: Reading, b: Reading): boolean {
  return sameItems(a.verbatim, b.verbatim)
}

function sameVerbatimOrder(a: Reading, b: Reading): boolean {
  return a.isSymmetric || b.isSymmetric || a.verbatim.join() === b.verbatim.join()
}
