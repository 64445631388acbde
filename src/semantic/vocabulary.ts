import type { Kind, Lexicon } from './lexicon/lexicon.ts'

/** A lexicon, made ready for reading. */
export interface Vocabulary {
  readonly lexicon: Lexicon
  readonly isFunctionWord: (word: string) => boolean
  /** Whether a word tells that this is the language. */
  readonly isKnown: (word: string) => boolean
  /** The text in lower case, contractions written out, phrases as the one word that they mean. */
  readonly rewrite: (text: string) => string
  readonly withoutFillers: (text: string) => string
  /** What is asked for, and the text without the words that say so, where they say no more. */
  readonly kindOf: (text: string) => { readonly kind: Kind | undefined; readonly rest: string }
  readonly isNumberWord: (word: string) => boolean
  readonly numberOf: (word: string) => number | undefined
  /** One word for all that mean the same. */
  readonly meaningOf: (word: string) => string
  /** The stems that turn a question round where this one stood. */
  readonly oppositesOf: (meaning: string) => ReadonlySet<string>
}

/** Kinds whose words say no more than the kind: not so "how tall" and "how heavy". */
const SAY_ALL: ReadonlySet<Kind> = new Set<Kind>(['how many', 'how long', 'how old', 'how often'])

const NONE: ReadonlySet<string> = new Set()

/** Names that are words in lower case. */
const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bUS (?=dollars?\b)/g, ''],
  [/\bUS\b/g, 'United States'],
  [/\bUK\b/g, 'United Kingdom'],
  [/\bEU\b/g, 'European Union'],
  [/\bLA\b/g, 'Los Angeles'],
  [/\bSF\b/g, 'San Francisco'],
  [/\bNYC\b/g, 'New York'],
]

/** Parts of a compound are words of their own: a ten-year-old. */
const HYPHEN = /(?<=[\p{L}\p{N}])-(?=\p{L})/gu

/** What English leaves out behind an apostrophe. */
const SHORTENED = /(n't|'ve|'re|'ll|'d|'m)(?!\p{L})/gu
const SHORTENINGS: Readonly<Record<string, string>> = {
  "n't": 'not',
  "'ve": 'have',
  "'re": 'are',
  "'ll": 'will',
  "'d": 'would',
  "'m": 'am',
}
/** A pronoun behind its verb: `peut-on`, `a-t-elle`. */
const INVERSION = /-(?:t-)?(on|je|tu|ils?|elles?|nous|vous|ce|moi|lui|y|en)(?!\p{L})/gu
const DEGREE_NAMES: Readonly<Record<string, string>> = { c: 'celsius', f: 'fahrenheit' }
/** `200 °C`, `200 degrees Celsius`. */
const DEGREES =
  /\s*(?:°|(?<!\p{L})(?:degrees?|degrés?|grados?|grad) )\s*(c|f|celsius|fahrenheit)(?!\p{L})/gu

export function vocabularyOf(lexicon: Lexicon): Vocabulary {
  const rewritings = new Map(lexicon.rewritings)
  const phrases = anyOf([...rewritings.keys()])
  const fillers = anyOf(lexicon.fillers)
  const groups = new Map<string, string>()
  for (const group of lexicon.synonyms) {
    const [first = ''] = group
    for (const word of group) {
      const stemmed = lexicon.stem(word)
      if (!groups.has(stemmed))
        groups.set(stemmed, groups.get(lexicon.stem(first)) ?? lexicon.stem(first))
    }
  }
  const meaningOf = (word: string) => {
    const stemmed = lexicon.stem(word)
    return groups.get(stemmed) ?? stemmed
  }
  const opposites = new Map<string, Set<string>>()
  for (const pair of lexicon.opposites) {
    for (const [one, other] of [pair, pair.toReversed() as [string, string]]) {
      const known = opposites.get(lexicon.stem(one)) ?? new Set()
      opposites.set(lexicon.stem(one), known.add(lexicon.stem(other)))
    }
  }
  const isFrench = lexicon.language === 'fr'

  function rewrite(text: string): string {
    const named = ABBREVIATIONS.reduce((so, [from, to]) => so.replace(from, to), text)
    let lower = named.toLowerCase().replaceAll('’', "'")
    if (isFrench) lower = lower.replaceAll("'", ' ').replace(INVERSION, ' $1')
    lower = lower.replace(DEGREES, (_, unit: string) => ` ${DEGREE_NAMES[unit] ?? unit}`)
    if (lexicon.language === 'en') {
      lower = lower.replace(SHORTENED, (_, end: string) => ` ${SHORTENINGS[end] ?? end}`)
    }
    // Twice: contractions are parts of phrases.
    for (const _ of [1, 2])
      lower = lower.replace(phrases, (found) => rewritings.get(found) ?? found)
    return lower
  }

  function kindOf(text: string): { kind: Kind | undefined; rest: string } {
    const [pattern, kind] = lexicon.kinds.find(([pattern]) => pattern.test(text)) ?? []
    const isAll = kind !== undefined && SAY_ALL.has(kind)
    return { kind, rest: isAll && pattern !== undefined ? text.replace(pattern, ' ') : text }
  }

  const { functionWords, negations, numbers } = lexicon
  // Not `in`: "constructor" is no number.
  const isNumberWord = (word: string) => Object.hasOwn(numbers, word)
  const tells = new Set([...functionWords, ...negations, ...Object.keys(numbers)])
  for (const filler of lexicon.fillers) if (!filler.includes(' ')) tells.add(filler)

  return {
    lexicon,
    isKnown: (word) => word.split(/[-'’]/).some((part) => tells.has(part)),
    isFunctionWord: (word) => lexicon.functionWords.has(word),
    rewrite,
    withoutFillers: (text) => text.replace(fillers, ' ').replace(HYPHEN, ' '),
    kindOf,
    isNumberWord,
    numberOf: (word) => (isNumberWord(word) ? numbers[word] : digits(word, lexicon.language)),
    meaningOf,
    oppositesOf: (stem) => opposites.get(stem) ?? NONE,
  }
}

/** A pattern for any of these as whole words; longer ones come first. */
function anyOf(texts: readonly string[]): RegExp {
  const sorted = [...texts].sort((a, b) => b.length - a.length)
  const escaped = sorted.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
}

/** A number in digits: `1,000`, `1.000` where that is a thousand, `3.5`, `3,5`, `12:30`. */
function digits(word: string, language: string): number | undefined {
  if (!/^\p{N}/u.test(word)) return undefined
  const [thousands, decimal] = language === 'en' ? [',', '.'] : ['.', ',']
  const grouped = new RegExp(`^\\d{1,3}(\\${thousands}\\d{3})+(\\${decimal}\\d+)?$`)
  const plain = grouped.test(word) ? word.replaceAll(thousands, '') : word
  const value = Number(plain.replace(',', '.'))
  // What is no decimal number (a time, a version) is told by its digits.
  return Number.isNaN(value) ? Number(`${plain.replace(/\D/g, '')}.000001`) : value
}
