import { english } from './lexicon/english.ts'
import { french } from './lexicon/french.ts'
import { german } from './lexicon/german.ts'
import type { Kind, Lexicon } from './lexicon/lexicon.ts'
import { spanish } from './lexicon/spanish.ts'
import { isUnit, languageNames, units } from './lexicon/terms.ts'
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
  /** All words of the text, in lower case, and nothing taken out or rewritten. */
  readonly written: readonly string[]
  /** The words of the content as they were written, in lower case. */
  readonly plain: readonly string[]
  /** Their stems. */
  readonly stems: readonly string[]
  /** Words in capitals in the middle of a sentence, in lower case. */
  readonly names: readonly string[]
  /** The parts that content words play: `to` → the words behind it. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether the words stand beside one another, so that their order does not matter. */
  readonly isSymmetric: boolean
}

const LANGUAGES = [english, german, french, spanish].map((lexicon) => ({
  lexicon,
  tells: tellingOf(lexicon),
}))

/** Made with the first question in a language: they take some milliseconds, and who only hits needs none. */
const made = new Map<Lexicon, Vocabulary>()

/** The words that tell that a text is in a language. */
function tellingOf({ functionWords, negations, numbers, fillers }: Lexicon): ReadonlySet<string> {
  const single = fillers.filter((filler) => !filler.includes(' '))
  return new Set([...functionWords, ...negations, ...Object.keys(numbers), ...single])
}

/** The vocabulary of a text's language: the one that knows most of its words; undefined for none. */
function languageOf(words: readonly Word[]): Vocabulary | undefined {
  let best: Lexicon | undefined
  let most = 0
  const parts = words.map(({ text }) => text.split(/[-'’]/))
  for (const { lexicon, tells } of LANGUAGES) {
    const known = parts.filter((word) => word.some((part) => tells.has(part))).length
    if (known > most) [best, most] = [lexicon, known]
  }
  if (best === undefined) return undefined
  const vocabulary = made.get(best) ?? vocabularyOf(best)
  made.set(best, vocabulary)
  return vocabulary
}

/**
 * Reads a question; undefined where it is in no language that is known here. `quoted` texts are taken
 * for quoted where they stand without marks, too.
 */
export function read(question: string, quoted: readonly string[] = []): Reading | undefined {
  const { text, verbatim } = apart(question.normalize('NFKC'), quoted)
  const written = wordsOf(text)
  const vocabulary = languageOf(written)
  if (vocabulary === undefined) return undefined
  const { kind, rest } = vocabulary.kindOf(vocabulary.rewrite(text))
  const reader = new Reader(vocabulary)
  for (const { text: word } of wordsOf(vocabulary.withoutFillers(rest))) reader.take(word)
  return {
    ...reader.found(),
    vocabulary,
    verbatim,
    kind,
    names: namesIn(written, vocabulary),
    written: written.map(({ text: word }) => word),
  }
}

type Found = Omit<Reading, 'vocabulary' | 'verbatim' | 'kind' | 'names' | 'written'>

/** Takes the words of a question one by one. */
class Reader {
  private readonly content: string[] = []
  private readonly plain: string[] = []
  private readonly words: string[] = []
  private readonly sentence: string[] = []
  private readonly amounts: { value: number; of: string | undefined }[] = []
  private readonly roles = new Map<string, Set<string>>()
  private negations = 0
  private isSymmetric = false
  /** The number that has not met its unit yet. */
  private open: { value: number; of: string | undefined } | undefined
  private isBehindNumber = false
  /** The part that the next word plays. */
  private role: string | undefined
  /** Whether an "and" came behind a word that says something, and nothing but articles since. */
  private isJoined = false

  private readonly vocabulary: Vocabulary

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
  }

  take(word: string): void {
    if (word === VERBATIM.toLowerCase()) return this.takeVerbatim()
    const value = this.vocabulary.numberOf(word)
    this.sentence.push(word)
    this.words.push(withoutPossessive(word))
    if (value !== undefined) return this.takeNumber(word, value)
    const wasNumber = this.isBehindNumber
    this.isBehindNumber = false
    const { negations, roles } = this.vocabulary.lexicon
    if (negations.has(word)) {
      this.negations += 1
      return
    }
    const unit = unitOf(word, this.open !== undefined, this.vocabulary)
    this.role = roles.get(word) ?? this.role
    const isSmall = roles.has(word) || this.vocabulary.isFunctionWord(word)
    if (unit === undefined && isSmall) this.takeSmall(word, wasNumber)
    else this.takeContent(word, unit)
  }

  found(): Found {
    const { content, plain, words, sentence, amounts, roles, negations, isSymmetric } = this
    const stems = plain.map((word) => this.vocabulary.stemOf(word))
    return { content, plain, words, sentence, amounts, roles, negations, isSymmetric, stems }
  }

  /** "The word" says nothing that the word itself does not. */
  private takeVerbatim(): void {
    const before = this.plain.at(-1)
    if (before === undefined || this.words.at(-1) !== before) return
    if (!this.vocabulary.lexicon.appositions.has(before)) return
    for (const list of [this.plain, this.content, this.sentence, this.words]) list.pop()
  }

  private takeNumber(word: string, value: number): void {
    const { open, isBehindNumber, vocabulary } = this
    const goesOn = open !== undefined && isBehindNumber && vocabulary.isNumberWord(word)
    this.isBehindNumber = true
    if (this.isJoined) this.isSymmetric = true
    this.isJoined = false
    if (goesOn && isPart(open.value, value)) {
      open.value = value >= 100 ? open.value * value : open.value + value
      return
    }
    this.open = { value, of: undefined }
    this.amounts.push(this.open)
    this.play(String(value))
  }

  private takeSmall(word: string, wasNumber: boolean): void {
    const { symmetric, joins, articles } = this.vocabulary.lexicon
    if (symmetric.has(word)) this.isSymmetric = true
    const isBehindContent = this.plain.length > 0 && this.plain.at(-1) === this.words.at(-2)
    if (joins.has(word)) this.isJoined = isBehindContent || wasNumber
    else if (!articles.has(word)) this.isJoined = false
  }

  private takeContent(word: string, unit: string | undefined): void {
    const { vocabulary, open } = this
    const plain = withoutPossessive(word)
    const meaning = unit ?? meaningOf(plain, vocabulary)
    if (vocabulary.isPreventing(vocabulary.stemOf(plain))) this.negations += 1
    if (vocabulary.lexicon.symmetric.has(word) || this.isJoined) this.isSymmetric = true
    this.isJoined = false
    this.content.push(meaning)
    this.sentence[this.sentence.length - 1] = meaning
    this.plain.push(plain)
    // "100 British pounds" are pounds.
    if (open !== undefined && (open.of === undefined || isUnit(meaning))) open.of = meaning
    if (open?.of !== undefined && (isUnit(open.of) || open.of !== meaning)) this.open = undefined
    this.play(meaning)
  }

  private play(word: string): void {
    if (this.role !== undefined) {
      const played = this.roles.get(this.role) ?? new Set()
      this.roles.set(this.role, played.add(word))
    }
    this.role = undefined
  }
}

const withoutPossessive = (word: string) => word.replace(/['’]s$/, '')

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
    .flatMap(({ text }) => withoutPossessive(text).split(/-(?=\p{L})/u))
}
