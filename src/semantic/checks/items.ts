/** The items of the first list that the second has not, each as often. */
export function without<T>(items: readonly T[], others: readonly T[]): T[] {
  const left = [...others]
  return items.filter((item) => {
    const at = left.indexOf(item)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}

/** Whether two lists have the same items, each as often, in any order. */
export function sameItems(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && without(one, other).length === 0
}

/** Whether a list is the other one, begun at some place of it. */
export function isTurned(one: readonly string[], other: readonly string[]): boolean {
  return one.some((_, from) => other.every((word, at) => word === one[(from + at) % one.length]))
}

/** Whether a list is the other one with a part of it moved, if so many items at least are concerned. */
export function isMoved(one: readonly string[], other: readonly string[], smallest = 3): boolean {
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  let end = 0
  while (end < one.length - start && one.at(-1 - end) === other.at(-1 - end)) end += 1
  const middle = (list: readonly string[]) => list.slice(start, list.length - end)
  if (start + end >= one.length || isTurned(one, other)) return true
  return middle(one).length >= smallest && isTurned(middle(one), middle(other))
}
