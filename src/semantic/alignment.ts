/**
 * In how many places two lists differ, when as much as possible is laid side by side: one, where
 * something was put into a sentence or took another's place; several, where it was said in other words.
 */
export function differences(one: readonly string[], other: readonly string[]): number {
  const common = commonLengths(one, other)
  let [at, beside] = [0, 0]
  let places = 0
  let isEqual = true
  while (at < one.length || beside < other.length) {
    if (at < one.length && one[at] === other[beside]) {
      isEqual = true
      at += 1
      beside += 1
      continue
    }
    if (isEqual) places += 1
    isEqual = false
    const skipsOne = beside >= other.length || common[at + 1]![beside]! >= common[at]![beside + 1]!
    if (at < one.length && skipsOne) at += 1
    else beside += 1
  }
  return places
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
