import { isMoved, sameItems } from './items.ts'
import { isUnit } from '../language/lexicon/terms.ts'
import type { Reading } from '../language/reading.ts'

/** Names that both have stand in one order, unless the words beside them tell the part of each. */
export function sameNameOrder(a: Reading, b: Reading): boolean {
  if (a.isSymmetric || b.isSymmetric) return true
  const isName = (word: string) =>
    (a.names.includes(word) || b.names.includes(word)) && !isUnit(meaningIn(a, word))
  const shared = (reading: Reading, other: Reading) =>
    reading.plain.filter((word) => isName(word) && other.plain.includes(word))
  const [one, other] = [shared(a, b), shared(b, a)]
  if (!sameItems(one, other) || one.join() === other.join()) return true
  const meanings = one.map((word) => meaningIn(a, word)!)
  if (meanings.some((word) => playsOnePart(word, a, b))) return true
  const haveParts = [a, b].some(({ roles }) =>
    [...roles.values()].some((words) => meanings.some((word) => words.has(word))),
  )
  return !haveParts && !sameItems(a.content, b.content)
}

const meaningIn = ({ plain, content }: Reading, word: string) => content[plain.indexOf(word)]

/** Whether a word stands behind words of one part in both: behind "from", say. */
function playsOnePart(word: string, a: Reading, b: Reading): boolean {
  return [...a.roles].some(([role, words]) => words.has(word) && b.roles.get(role)?.has(word))
}

/** The same words in other parts: from A to B is not from B to A, and a dog bites no man as a man a dog. */
export function sameDirection(a: Reading, b: Reading): boolean {
  if (goesTheOtherWay(a, b) || goesTheOtherWay(b, a)) return false
  const { directionsInPairs } = a.vocabulary.lexicon
  const areWhole = [a, b].every(({ roles }) => roles.has('from') && roles.has('to'))
  for (const [role, one] of a.roles) {
    const other = b.roles.get(role)
    if (directionsInPairs && !areWhole && /^(from|to)$/.test(role)) continue
    if (other === undefined || [...one].some((word) => other.has(word))) continue
    const isElsewhere =
      [...one].some((word) => holds(b, word)) && [...other].some((word) => holds(a, word))
    if (isElsewhere) return false
  }
  return (
    a.isSymmetric ||
    b.isSymmetric ||
    !(changePlaces(a, b) || changePlaces(b, a) || isDoneToTheDoer(a, b))
  )
}

/** Whom did Brazil beat, who beat Brazil: a name on the other side of what is done, and no passive. */
function isDoneToTheDoer(a: Reading, b: Reading): boolean {
  const { isDeed, areRelated, lexicon } = a.vocabulary
  const isPassive = ({ words }: Reading) => words.some((word) => lexicon.passives.has(word))
  if (isPassive(a) !== isPassive(b)) return false
  const names = [...a.names, ...b.names].map((name) => [
    a.plain.indexOf(name),
    b.plain.indexOf(name),
  ])
  const isTurned = (deed: number, done: number) =>
    names.some(([one = -1, other = -1]) => one >= 0 && other >= 0 && one < deed !== other < done)
  return a.stems.some((stem, deed) =>
    b.stems.some(
      (beside, done) =>
        isDeed(stem) && isDeed(beside) && areRelated(stem, beside) && isTurned(deed, done),
    ),
  )
}

/** From somewhere in one, to the same in the other. */
function goesTheOtherWay(a: Reading, b: Reading): boolean {
  const [from, to] = [a.roles.get('from'), b.roles.get('to')]
  if (from === undefined || to === undefined) return false
  const both = [...from].filter((word) => to.has(word))
  return both.some((word) => !a.roles.get('to')?.has(word) && !b.roles.get('from')?.has(word))
}

/** Whether two things of one class stand in both, in another order: employer and employee. */
function changePlaces(a: Reading, b: Reading): boolean {
  const { areSiblings, oppositesOf, areRelated } = a.vocabulary
  const shared = a.content.flatMap((meaning, at) => {
    const stem = a.stems[at]!
    const same = b.content.indexOf(meaning)
    const beside = same >= 0 ? same : b.stems.findIndex((other) => areRelated(stem, other))
    return beside < 0 || isUnit(meaning) ? [] : [{ meaning, stem, beside }]
  })
  return shared.some((one, at) =>
    shared.slice(at + 1).some((other) => {
      const isPair =
        areSiblings(one.stem, other.stem) ||
        oppositesOf(one.stem).includes(other.stem) ||
        oppositesOf(one.meaning).includes(other.meaning)
      return isPair && one.beside > other.beside && !playsOnePart(one.meaning, a, b)
    }),
  )
}

function holds({ content, amounts }: Reading, word: string): boolean {
  return content.includes(word) || amounts.some(({ value }) => String(value) === word)
}

/** The very same words in another order ask something else; but a part may come first or last. */
export function sameOrder(a: Reading, b: Reading): boolean {
  if (a.isSymmetric || b.isSymmetric || !sameItems(a.sentence, b.sentence)) return true
  // In English, two that change places ask the other way round; elsewhere a verb may go first.
  const smallest = a.vocabulary.lexicon.language === 'en' ? 3 : 2
  return isMoved(a.content, b.content, smallest)
}
