/**
 * Whether two sentences say it in other words: with as much as possible laid side by side, they differ
 * in several places, and neither is the other one with something put in. What differs in one place
 * only was put in, or took another's place.
 */
export function isReworded(one: readonly string[], other: readonly string[]): boolean {
  const common = commonLengths(one, other)
  const shorter = Math.min(one.length, other.length)
  const isContained = shorter === common[0]?.[0]
  if (isContained) return false
  // Which places are found depends on where one begins.
  const turned = places(other, one, commonLengths(other, one))
  return Math.min(places(one, other, common), turned) > 1
}

/** In how many places they differ. */
function places(one: readonly string[], other: readonly string[], common: number[][]): number {
  let [at, beside] = [0, 0]
  let found = 0
  let isEqual = true
  while (at < one.length || beside < other.length) {
    if (at < one.length && one[at] === other[beside]) {
      isEqual = true
      at += 1
      beside += 1
      continue
    }
    if (isEqual) found += 1
    isEqual = false
    const skipsOne = beside >= other.length || common[at + 1]![beside]! >= common[at]![beside + 1]!
    if (at < one.length && skipsOne) at += 1
    else beside += 1
  }
  return found
}

/** The longest common subsequence of what is behind each pair of places. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 2 }, () =>
    Array<number>(other.length + 2).fill(0),
  )
  for (let at = one.length - 1; at >= 0; at -= 1) {
    for (let beside = other.length - 1; beside >= 0; beside -= 1) {
      lengths[at]![beside] =
        one[at] === other[beside]
          ? lengths[at + 1]![beside + 1]! + 1
          : Math.max(lengths[at + 1]![beside]!, lengths[at]![beside + 1]!)
    }
  }
  return lengths
}
