/** What a question asks for, as far as its first words tell. */
export type Kind =
  | 'who'
  | 'when'
  | 'where'
  | 'why'
  | 'how many'
  | 'how long'
  | 'how old'
  | 'how far'
  | 'how big'
  | 'how often'
  | 'how'
  | 'what'

/** The words of one language that the guard knows something of. All in lower case. */
export interface Lexicon {
  /** BCP 47. */
  readonly language: string
  readonly stem: (word: string) => string
  /** Words without a meaning of their own: articles, pronouns, auxiliaries, small prepositions. */
  readonly functionWords: ReadonlySet<string>
  /** Words that say how something is asked, and not what; phrases are taken out first. */
  readonly fillers: readonly string[]
  /** Phrases and abbreviations, and what they are written as instead. */
  readonly rewritings: readonly (readonly [from: string, to: string])[]
  readonly negations: ReadonlySet<string>
  /** Words that turn a question round when one takes the other's place. */
  readonly opposites: readonly (readonly [string, string])[]
  /** Words that may take one another's place; the first stands for all. */
  readonly synonyms: readonly (readonly string[])[]
  readonly numbers: Readonly<Record<string, number>>
  /** Beginnings that tell what is asked for, the most telling first. */
  readonly kinds: readonly (readonly [pattern: RegExp, kind: Kind])[]
  /** Words that tell what is asked for behind a "what": whose author, which year, what distance. */
  readonly askedFor: {
    readonly who: ReadonlySet<string>
    readonly when: ReadonlySet<string>
    readonly where: ReadonlySet<string>
    readonly 'how many': ReadonlySet<string>
  }
  /** Words that stand before what is quoted, and say no more than it: the word, the novel, the error. */
  readonly appositions: ReadonlySet<string>
  /** Words that turn a question round by being there: before, after, less, only … */
  readonly telling: ReadonlySet<string>
  /** Words that say which part the next word plays, and the one that stands for it: into → to. */
  readonly roles: ReadonlyMap<string, string>
  /** Words between things whose order does not matter: and, or, versus … */
  readonly symmetric: ReadonlySet<string>
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

/** Rewritings written as text, a line each: `from > to`. */
export const rewritings = (text: string): [string, string][] =>
  phrases(text).map((line) => {
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
