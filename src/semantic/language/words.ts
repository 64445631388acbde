/** One word of a question. */
export interface Word {
  /** In lower case. */
  readonly text: string
  /** As it was written. */
  readonly written: string
  readonly startsSentence: boolean
}

/** Letters and marks, with what holds words together; numbers with their separators; single signs. */
const WORD =
  /\p{L}[\p{L}\p{M}\p{N}]*(?:[-+#'’.]\p{L}[\p{L}\p{M}\p{N}]*)*[+#]*|\p{N}+(?:[.,:]\p{N}+)*|[%°€$£¥]|[.?!;:\n]/gu

const ENDS_SENTENCE = /^[.?!;:\n]$/

/** The words of a text, in order. */
export function wordsOf(text: string): Word[] {
  const found: Word[] = []
  let startsSentence = true
  for (const [written] of text.matchAll(WORD)) {
    if (ENDS_SENTENCE.test(written)) {
      startsSentence = true
      continue
    }
    found.push({ text: written.toLowerCase(), written, startsSentence })
    startsSentence = false
  }
  return found
}

/** Between quotation marks or backticks; single ones only where they can't be apostrophes. */
const QUOTED =
  /"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«\s*([^»]+?)\s*»|`([^`]+)`|「([^」]+)」|(?<![\p{L}\p{N}])['‘]([^'’]+)['’](?![\p{L}\p{N}])/gu

/** What looks like code: paths, flags, calls, operators, identifiers, file names, versions. */
const CODE =
  /[^\s"'`]*[\\^{}|<>~][^\s"'`]*|(?<![\p{L}\p{N}])--?[a-z][\w-]*|[\w.$]+\([^()\s]*\)|\w*_\w+|(?:\/[\w.-]+)+\/?|\b[\w-]+\.(?:py|js|ts|java|go|rs|c|cpp|h|cs|rb|php|html|css|json|yaml|yml|toml|xml|csv|txt|md|pdf|docx?|xlsx?|sh|sql|png|jpe?g|mp[34]|zip|tar|gz|exe|env|log)\b|\b[a-z]{2,}[A-Z][a-z]\w*|[=!<>]==?|=>|->|&&|\|\||::|[{}[\]]/gu

/** Stands in a text where something was taken out of it: a letter that no language has. */
export const VERBATIM = 'ꟿ'

/** What stands between quotation marks. */
export function quotedIn(text: string): string[] {
  return [...text.normalize('NFKC').matchAll(QUOTED)].map((found) => inner(found).trim())
}

const inner = ([all, ...groups]: readonly (string | undefined)[]) =>
  groups.find((group) => group !== undefined) ?? all ?? ''

/**
 * A text without what is quoted or code, and that, as it is written. `known` texts are taken for quoted
 * where they stand as words of their own, in whatever case.
 */
export function apart(
  text: string,
  known: readonly string[] = [],
): { readonly text: string; readonly verbatim: string[] } {
  const verbatim: string[] = []
  const take = (found: string) => {
    verbatim.push(found.trim())
    return ` ${VERBATIM} `
  }
  let rest = text.replace(QUOTED, (...found: (string | undefined)[]) =>
    take(inner(found.slice(0, 8))),
  )
  for (const quote of known) {
    if (quote.length < 2 || !/^\p{L}.*\p{L}$/u.test(quote)) continue
    const escaped = quote.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu')
    rest = rest.replace(whole, () => take(quote))
  }
  return { text: rest.replace(CODE, take), verbatim }
}
