/** What a question asks for, as far as its first words tell. */
export type Kind =
  | 'who'
  | 'when'
  | 'where'
  | 'why'
  | 'how many'
  | 'how expensive'
  | 'how long'
  | 'how old'
  | 'how far'
  | 'how big'
  | 'how often'
  | 'how'
  | 'what'

/** What takes a while to be read, and is needed only when two questions are compared. */
export interface WordLists {
  /** Phrases and abbreviations, and what they are written as instead. */
  readonly rewritings: readonly (readonly [from: string, to: string])[]
  /** Words that may take one another's place; of a word in several groups the first one stands for it. */
  readonly synonyms: readonly (readonly string[])[]
  /** Things of one class, of which one is never another. */
  readonly siblings: readonly (readonly string[])[]
  /** Words that turn a question round when one takes the other's place. */
  readonly opposites: readonly (readonly [string, string])[]
  /** Words that one wording has and another has not, without asking anything else. */
  readonly light: readonly string[]
  /** Words that narrow what is asked by being there: for children, at night, free. */
  readonly narrowing: readonly string[]
  /** Forms that the stemmer does not bring together, behind their base form. */
  readonly irregular: readonly (readonly string[])[]
}

/** The words of one language that the guard knows something of. All in lower case. */
export interface Lexicon {
  /** BCP 47. */
  readonly language: string
  readonly stem: (word: string) => string
  readonly lists: () => WordLists
  /** Words without a meaning of their own: articles, pronouns, auxiliaries, small prepositions. */
  readonly functionWords: ReadonlySet<string>
  /** Words that say how something is asked, and not what; phrases are taken out first. */
  readonly fillers: readonly string[]
  readonly negations: ReadonlySet<string>
  /** What is put behind a word to make another of its family: -ment, -ung, -ción. */
  readonly endings: ReadonlySet<string>
  readonly numbers: Readonly<Record<string, number>>
  /** Beginnings that tell what is asked for, the most telling first. */
  readonly kinds: readonly (readonly [pattern: RegExp, kind: Kind])[]
  /** Words that tell what is asked for behind a "what": whose author, which year, what distance. */
  readonly askedFor: Readonly<Record<Exclude<Kind, 'how' | 'what'>, ReadonlySet<string>>>
  /** Words that say that there is more of something, or less. */
  readonly poles: { readonly more: readonly string[]; readonly less: readonly string[] }
  /** Words that ask whether something must be, and whether it may be. */
  readonly modality: { readonly obliges: ReadonlySet<string>; readonly allows: ReadonlySet<string> }
  /** Verbs that have a negation in them. */
  readonly prevents: readonly string[]
  /** Words by which the same can be said without a negation: not lose, keep. */
  readonly standsForNegation: readonly string[]
  /** Words that stand before what is quoted, and say no more than it: the word, the novel, the error. */
  readonly appositions: ReadonlySet<string>
  /** Words that turn a question round by being there, and the one that stands for each: once → after. */
  readonly telling: ReadonlyMap<string, string>
  /** Words that say which part the next word plays, and the one that stands for it: into → to. */
  readonly roles: ReadonlyMap<string, string>
  /** Words before what narrows a question: at altitude, for a castle, if it rains. */
  readonly conditions: ReadonlySet<string>
  /** Whether the words for from and to say a direction only together: `de`, `a`. */
  readonly directionsInPairs: boolean
  /** Words that say that the order of things does not matter: versus, between, compare … */
  readonly symmetric: ReadonlySet<string>
  /** And, or: what stands on both sides may change places. */
  readonly joins: ReadonlySet<string>
  /** What stands before a thing without saying more of it. */
  readonly articles: ReadonlySet<string>
  /** What one does to another. */
  readonly deeds: readonly string[]
  /** Words that say that it was done by another. */
  readonly passives: ReadonlySet<string>
}

/** A list written as text. */
export const words = (text: string): string[] => text.trim().split(/\s+/)

/** Lists written as text, a line or a comma each. */
export const lists = (text: string): string[][] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/))

/** Phrases written as text, a line each. */
export const phrases = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Pairs written as text, a comma each. */
export const pairs = (text: string): [string, string][] =>
  lists(text).map(([one = '', other = '']) => [one, other])

/** Phrases and what they mean, written as text, a bar or a line each: `from > to`. */
export const rewritings = (text: string): [string, string][] =>
  phrases(text.replaceAll('|', '\n')).map((line) => {
    const [from = '', to = ''] = line.split('>')
    return [from.trim(), to.trim()]
  })

/** Groups of words as a map to the first of each, a comma between groups. */
export const firsts = (text: string): Map<string, string> =>
  new Map(lists(text).flatMap((group) => group.map((word): [string, string] => [word, group[0]!])))

/**
 * A pattern for whole words of any script; `after`, if given, must come before it, unless it begins a
 * sentence.
 */
export function whole(alternatives: string, after?: string): RegExp {
  const leading = after === undefined ? '' : `(?<=^|[?.!,:;] *|(?<!\\p{L})(?:${after}) )`
  return new RegExp(`${leading}(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, 'u')
}
