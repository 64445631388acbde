import type { Reading } from '../language/reading.ts'

/** No name that the other question lacks, in any form: Swiss, Switzerland. */
export function sameNames(a: Reading, b: Reading): boolean {
  return !namesAMissingOne(a, b) && !namesAMissingOne(b, a)
}

function namesAMissingOne(of: Reading, from: Reading): boolean {
  const { areRelated, stemOf } = of.vocabulary
  const known = new Set([...from.plain, ...from.names])
  const stems = from.stems
  return of.names.some((name) => {
    const at = of.plain.indexOf(name)
    if (at < 0 || known.has(name) || from.content.includes(of.content[at]!)) return false
    const stem = stemOf(name)
    return !stems.some((beside) => areRelated(stem, beside)) && !isInitials(name, from.plain)
  })
}

/** Whether a word is made of the first letters of some that follow one another. */
function isInitials(word: string, words: readonly string[]): boolean {
  if (word.length < 2 || word.length > 5) return false
  const initials = words.map(([first]) => first).join('')
  return initials.includes(word)
}
