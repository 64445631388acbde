/** The least that two words of one family begin with together. */
const ROOT = 4

/**
 * Whether two stems are one word with other endings: grow and growth, gültig and Gültigkeit. The stemmer
 * brings together the forms of a verb or a noun, not these.
 */
export function areOneFamily(one: string, other: string, endings: ReadonlySet<string>): boolean {
  let root = 0
  while (root < one.length && one[root] === other[root]) root += 1
  // "ripe" and "ripen", but also "decide" and "decision".
  for (let at = root; at >= Math.max(ROOT, root - 1); at -= 1) {
    if (endings.has(one.slice(at)) && endings.has(other.slice(at))) return true
  }
  return false
}
