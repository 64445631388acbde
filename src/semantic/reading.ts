import { english } from './lexicon/english.ts'
import { french } from './lexicon/french.ts'
import { german } from './lexicon/german.ts'
import type { Kind } from './lexicon/lexicon.ts'
import { spanish } from './lexicon/spanish.ts'
import { languageNames, units } from './lexicon/terms.ts'
import { vocabularyOf } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary.ts'
import { apart, VERBATIM, wordsOf } from './words.ts'
import type { Word } from './words.ts'

/** A number and what it is a number of: the unit or the word behind it. */
export interface Amount {
  readonly value: number
  readonly of: string | undefined
}

/** What the guard understands of one question. */
export interface Reading {
  readonly vocabulary: Vocabulary
  /** Quoted text and code, as it is written. */
  readonly verbatim: readonly string[]
  readonly amounts: readonly Amount[]
  readonly negations: number
  readonly kind: Kind | undefined
  /** The words that carry the meaning, stemmed, in order; words of one meaning are one word. */
  readonly content: readonly string[]
  /** All words as they were written, in lower case, but fillers. */
  readonly words: readonly string[]
  /** The same, with those of the content as they are there. */
  readonly sentence: readonly string[]
  /** The words of the content as they were written, in lower case. */
  readonly plain: readonly string[]
  /** Words in capitals in the middle of a sentence, in lower case. */
  readonly names: readonly string[]
  /** The parts that content words play: `to` → the words behind it. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether the words stand beside one another, so that their order does not matter. */
  readonly isSymmetric: boolean
}

/** Made with the first question: they take some milliseconds, and an isolate that only hits needs none. */
let made: readonly Vocabulary[] | undefined
const vocabularies = () => (made ??= [english, german, french, spanish].map(vocabularyOf))

/** The vocabulary of a text's language: the one that knows most of its words; undefined for none. */
function languageOf(words: readonly Word[]): Vocabulary | undefined {
  let best: Vocabulary | undefined
  let most = 0
  for (const vocabulary of vocabularies()) {
    const known = words.filter(({ text }) => vocabulary.isKnown(text)).length
    if (known > most) [best, most] = [vocabulary, known]
  }
  return best
}

/** Reads a question; undefined where it is in no language that is known here. */
export function read(question: string): Reading | undefined {
  const { text, verbatim } = apart(question.normalize('NFKC'))
  const written = wordsOf(text)
  const vocabulary = languageOf(written)
  if (vocabulary === undefined) return undefined
  const rewritten = vocabulary.rewrite(text)
  const { kind, rest } = vocabulary.kindOf(rewritten)
  const { roles: roleWords, symmetric, appositions } = vocabulary.lexicon

  const amounts: { value: number; of: string | undefined }[] = []
  const content: string[] = []
  const plain: string[] = []
  const sentence: string[] = []
  const all: string[] = []
  const roles = new Map<string, Set<string>>()
  let negations = 0
  let isSymmetric = false
  /** Whether the word before was a number. */
  let isBehindNumber = false
  let role: string | undefined
  /** The number that has not met its unit yet. */
  let open: { value: number; of: string | undefined } | undefined

  for (const { text: word } of wordsOf(vocabulary.withoutFillers(rest))) {
    if (word === VERBATIM.toLowerCase()) {
      // "The word" says nothing that the word itself does not.
      const before = plain.at(-1)
      if (before !== undefined && all.at(-1) === before && appositions.has(before)) {
        for (const list of [plain, content, sentence, all]) list.pop()
      }
      continue
    }
    sentence.push(word)
    all.push(word.replace(/['’]s$/, ''))
    const value = vocabulary.numberOf(word)
    if (value !== undefined) {
      const isSpelledOut = vocabulary.isNumberWord(word)
      if (open !== undefined && isSpelledOut && isBehindNumber && isPart(open.value, value)) {
        open.value = value >= 100 ? open.value * value : open.value + value
        continue
      }
      isBehindNumber = true
      open = { value, of: undefined }
      amounts.push(open)
      if (role !== undefined) play(roles, role, String(value))
      role = undefined
      continue
    }
    isBehindNumber = false
    if (vocabulary.lexicon.negations.has(word)) {
      negations += 1
      continue
    }
    if (symmetric.has(word)) isSymmetric = true
    role = roleWords.get(word) ?? role
    const unit = unitOf(word, open !== undefined, vocabulary)
    if (unit === undefined && vocabulary.isFunctionWord(word)) continue
    const bare = word.replace(/['’]s$/, '')
    const meaning = unit ?? meaningOf(bare, vocabulary)
    content.push(meaning)
    sentence[sentence.length - 1] = meaning
    plain.push(bare)
    if (open !== undefined) open.of = meaning
    open = undefined
    if (role !== undefined) play(roles, role, meaning)
    role = undefined
  }
  const names = namesIn(written, vocabulary)
  return {
    vocabulary,
    verbatim,
    amounts,
    negations,
    kind,
    content,
    words: all,
    sentence,
    plain,
    names,
    roles,
    isSymmetric,
  }
}

/** One word for all that mean the same, in any of the languages here. */
export function meaningOf(word: string, vocabulary: Vocabulary): string {
  return languageNames.get(word) ?? vocabulary.meaningOf(word)
}

/** Whether a number goes on: three hundred, twenty five. */
function isPart(before: number, value: number): boolean {
  return value >= 100
    ? value > before
    : before >= 20 && before % 10 === 0 && before < 100 && value < 10
}

function play(roles: Map<string, Set<string>>, role: string, word: string): void {
  const played = roles.get(role) ?? new Set()
  roles.set(role, played.add(word))
}

/** Behind a number short names are units, too. */
function unitOf(word: string, behindNumber: boolean, vocabulary: Vocabulary): string | undefined {
  const unit = units.get(word)
  if (unit === undefined || behindNumber) return unit
  return word.length < 2 || vocabulary.isFunctionWord(word) ? undefined : unit
}

/** Written in capitals behind a name, and left out as often. */
const KINDS_OF_PLACES = new Set(
  'airport station river mount lake university street museum tower bridge hotel island inc'.split(
    ' ',
  ),
)

/** Words in capitals tell names, but not in titles; in German only where capitals stand inside. */
function namesIn(words: readonly Word[], { lexicon }: Vocabulary): string[] {
  const isCapital = ({ written }: Word) => /^\p{Lu}/u.test(written)
  const letters = words.filter(({ written }) => /^\p{L}/u.test(written))
  const isTitle = letters.length > 3 && letters.filter(isCapital).length > 0.8 * letters.length
  return words
    .filter((word) => {
      const { written, text, startsSentence } = word
      if (/\p{L}\p{Lu}/u.test(written)) return true
      if (isTitle || lexicon.language === 'de' || startsSentence || /^i(['’]|$)/.test(text))
        return false
      return isCapital(word) && !KINDS_OF_PLACES.has(text)
    })
    .map(({ text }) => text.replace(/['’]s$/, ''))
}
