import { without, sameItems } from './items.ts'
import { isUnit } from '../language/lexicon/terms.ts'
import type { Amount, Reading } from '../language/reading.ts'

/** "A sentence" is one, too. */
const told = ({ amounts }: Reading) => amounts.filter(({ value }) => value !== 1)
const values = (amounts: readonly Amount[]) => amounts.map(({ value }) => String(value))
const bound = (amounts: readonly Amount[]) => amounts.map(({ value, of }) => `${value} ${of}`)

/** The same numbers, in any order. */
export function sameNumbers(a: Reading, b: Reading): boolean {
  return sameItems(values(told(a)), values(told(b)))
}

/** In the same order, or each of the same thing. */
export function sameNumberOrder(a: Reading, b: Reading): boolean {
  const [one, other] = [told(a), told(b)]
  if (values(one).join() === values(other).join() || a.isSymmetric || b.isSymmetric) return true
  return sameItems(bound(one), bound(other))
}

/** No number of another unit; and no other units on both sides, for they say what is asked for. */
export function sameUnits(a: Reading, b: Reading): boolean {
  const [one, other] = [told(a), told(b)]
  const inOrder = values(one).join() === values(other).join()
  const isOther = (of: string | undefined, beside: string | undefined) =>
    isUnit(of) && isUnit(beside) && of !== beside
  if (inOrder && one.some(({ of }, at) => isOther(of, other[at]?.of))) return false
  const only = (of: Reading, from: Reading) => without(of.content, from.content).some(isUnit)
  return !(only(a, b) && only(b, a))
}
