/** A run of signs between spaces, without the punctuation around it. */
const TOKEN = /[\p{L}\p{N}$€£¥%][^\s]*[\p{L}\p{N}$€£¥%+#]|[\p{L}\p{N}$€£¥%]/gu

/** Behind a phrase it is as good as not there: `the United Kingdom's`. */
const POSSESSIVE = /'s$/

/** What may follow a beginning of phrases, and what the beginning means if it is one itself. */
interface Branch {
  readonly next: Map<string, Branch>
  meaning: string | undefined
}

interface Found {
  readonly token: string
  readonly at: number
}

/**
 * Writes phrases as what they mean: at each place the longest one that begins there. Whole words only;
 * all in lower case. Of two meanings of a phrase the first one counts.
 */
export function phraseTable(
  phrases: readonly (readonly [from: string, to: string])[],
): (text: string) => string {
  const root: Branch = { next: new Map(), meaning: undefined }
  for (const [from, to] of phrases) {
    let branch = root
    for (const token of from.match(TOKEN) ?? []) {
      const known = branch.next.get(token) ?? { next: new Map(), meaning: undefined }
      branch.next.set(token, known)
      branch = known
    }
    if (branch !== root) branch.meaning ??= to
  }
  return (text) => {
    const found = Array.from(text.matchAll(TOKEN), (match) => ({
      token: match[0],
      at: match.index,
    }))
    let written = ''
    let until = 0
    for (let at = 0; at < found.length; at += 1) {
      const phrase = longestAt(root, found, at, text)
      if (phrase === undefined) continue
      const last = found[phrase.last]!
      written += text.slice(until, found[at]!.at) + phrase.meaning
      until = last.at + last.token.length
      at = phrase.last
    }
    return written + text.slice(until)
  }
}

/** The longest phrase that begins at a token and is in one sentence. */
function longestAt(
  root: Branch,
  found: readonly Found[],
  from: number,
  text: string,
): { readonly meaning: string; readonly last: number } | undefined {
  let branch: Branch | undefined = root
  let longest: { meaning: string; last: number } | undefined
  for (let at = from; at < found.length; at += 1) {
    const { token } = found[at]!
    if (at > from && isApart(found[at - 1]!, found[at]!, text)) break
    const next: Branch | undefined = branch.next.get(token)
    const meaning: string | undefined =
      next?.meaning ?? branch.next.get(token.replace(POSSESSIVE, ''))?.meaning
    if (meaning !== undefined) longest = { meaning, last: at }
    if (next === undefined) break
    branch = next
  }
  return longest
}

/** Whether something other than a space or a hyphen stands between two tokens. */
function isApart(one: Found, other: Found, text: string): boolean {
  return /[^\s-]/.test(text.slice(one.at + one.token.length, other.at))
}
