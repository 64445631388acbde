import { withVerbsJoined } from './german-verbs.ts'
import type { Lexicon, WordLists } from './lexicon/lexicon.ts'
import { phraseTable } from './phrases.ts'

export interface Rewriting {
  /** The text in lower case, contractions written out, phrases as the one word that they mean. */
  readonly rewrite: (text: string) => string
  readonly withoutFillers: (text: string) => string
}

/** Names that are words in lower case. */
const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bUS (?=dollars?\b)/g, ''],
  [/\bUS\b/g, 'usa'],
  [/\bUK\b/g, 'uk'],
  [/\bEU\b/g, 'European Union'],
  [/\bLA\b/g, 'Los Angeles'],
  [/\bSF\b/g, 'San Francisco'],
  [/\bNYC\b/g, 'new-york'],
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
/** `turn it down` is `turn down it`. */
const APART =
  /(?<!\p{L})(\p{L}+) (it|them|this|that) (up|down|off|out|on|in|back|away|over)(?!\p{L})/gu
/** A pronoun behind its verb: `peut-on`, `a-t-elle`. */
const INVERSION = /-(?:t-)?(on|je|tu|ils?|elles?|nous|vous|ce|moi|lui|y|en)(?!\p{L})/gu
const DEGREE_NAMES: Readonly<Record<string, string>> = { c: 'celsius', f: 'fahrenheit' }
/** `200 °C`, `200 degrees Celsius`. */
const DEGREES =
  /\s*(?:°|(?<!\p{L})(?:degrees?|degrés?|grados?|grad) )\s*(c|f|celsius|fahrenheit)(?!\p{L})/gu

export function rewritingOf(lexicon: Lexicon, lists: WordLists): Rewriting {
  const { language, functionWords } = lexicon
  const phrases = phraseTable(lists.rewritings)
  const fillers = phraseTable(lexicon.fillers.map((filler) => [filler, '']))

  function inLowerCase(text: string): string {
    const named = ABBREVIATIONS.reduce((so, [from, to]) => so.replace(from, to), text)
    const whole =
      language === 'de' ? withVerbsJoined(named, (word) => functionWords.has(word)) : named
    const lower = whole.toLowerCase().replaceAll('’', "'")
    return language === 'fr' ? lower.replaceAll("'", ' ').replace(INVERSION, ' $1') : lower
  }

  function rewrite(text: string): string {
    let lower = inLowerCase(text)
    lower = lower.replace(DEGREES, (_, unit: string) => ` ${DEGREE_NAMES[unit] ?? unit}`)
    if (language === 'en') {
      lower = lower.replace(SHORTENED, (_, end: string) => ` ${SHORTENINGS[end] ?? end}`)
      lower = lower.replace(APART, '$1 $3 $2')
    }
    // Twice: contractions are parts of phrases.
    return phrases(phrases(lower))
  }

  return { rewrite, withoutFillers: (text) => fillers(text).replace(HYPHEN, ' ') }
}
