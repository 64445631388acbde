/**
 * Whether a text is among these patterns, literally or by their wildcards: `*` matches any text, even
 * none, anywhere in a pattern.
 */
export function matchesAny(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(text, pattern))
}

/** Whether the text contains the parts of the pattern in order, anchored at both ends. */
function matches(text: string, pattern: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return text === pattern
  if (!text.startsWith(pattern.slice(0, star))) return false
  const parts = pattern.slice(star + 1).split('*')
  const last = parts.pop() ?? ''
  let at = star
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** Whether `wide` matches every text that `narrow` matches. May miss a case, but is never wrong. */
export function covers(wide: readonly string[], narrow: readonly string[]): boolean {
  // A `*` in the narrower pattern can only be matched by one in the wider, which matches any text.
  return narrow.every((pattern) => matchesAny(pattern, wide))
}
