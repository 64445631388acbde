/**
 * Whether a text is among these patterns, literally or by their wildcards: `*` matches any text, even
 * none, anywhere in a pattern.
 */
export function matchesAny(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(text, pattern.split('*')))
}

/** Whether the text contains these parts in order, anchored at both ends. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
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
