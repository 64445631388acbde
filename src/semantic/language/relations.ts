import { areOneFamily } from './families.ts'
import type { Lexicon, WordLists } from './lexicon/lexicon.ts'
import { things } from './lexicon/terms.ts'
import { placesOf, stemsOf } from './stems.ts'

/** What the words of a language have to do with one another. */
export interface Relations {
  readonly stemOf: (word: string) => string
  /** One word for all that mean the same. */
  readonly meaningOf: (word: string) => string
  /** Whether two stems may take one another's place, in some sense of theirs. */
  readonly areRelated: (one: string, other: string) => boolean
  /** Whether two stems stand for things of one class, of which one is never the other. */
  readonly areSiblings: (one: string, other: string) => boolean
  /** The stems that turn a question round where this one stood. */
  readonly oppositesOf: (stem: string) => readonly string[]
  /** 1 for a stem that says that there is more of something, -1 for less, else 0. */
  readonly poleOf: (stem: string) => number
  /** Whether a word says little: it may be there or not. */
  readonly isLight: (word: string) => boolean
  /** Whether a question with this word asks for less than one without. */
  readonly isNarrowing: (word: string) => boolean
  /** Whether a stem is what one does to another. */
  readonly isDeed: (stem: string) => boolean
  readonly isPreventing: (stem: string) => boolean
  /** Whether a stem says without a negation what can be said with one. */
  readonly standsForNegation: (stem: string) => boolean
}

export function relationsOf(lexicon: Lexicon, lists: WordLists): Relations {
  const stems = stemsOf(lexicon, lists)
  const { stemOf } = stems
  const groups = placesOf(lists.synonyms, stems)
  const classes = placesOf([...lists.siblings, ...things], stems)
  const turned = placesOf(lists.opposites, stems)
  const light = new Set(lists.light)
  const lightStems = placesOf(
    lists.light.map((word) => [word]),
    stems,
  )
  // By its stem only where no list has the stem: "accept" says more than "acceptable".
  const isLightStem = (stem: string) =>
    lightStems(stem).length > 0 &&
    [groups, classes, turned].every((places) => places(stem).length === 0)
  const some = (words: readonly string[]) => new Set(words.map(stemOf))
  const [more, less] = [some(lexicon.poles.more), some(lexicon.poles.less)]
  const [deeds, preventing] = [some(lexicon.deeds), some(lexicon.prevents)]
  const forNegation = some(lexicon.standsForNegation)
  const narrowing = new Set(lists.narrowing)

  const meanings = new Map<string, string>()
  /** The stem of the first word of the first group that a stem is in, and so on from there. */
  function meaningOfStem(stem: string): string {
    const known = meanings.get(stem)
    if (known !== undefined) return known
    const [group] = groups(stem)
    // Not remembered: there is no end to the words that are in no list.
    if (group === undefined) return stem
    // In the same group or an earlier one: this comes to an end.
    const first = stemOf(lists.synonyms[group]![0]!)
    const meaning = first === stem ? stem : meaningOfStem(first)
    meanings.set(stem, meaning)
    return meaning
  }

  return {
    stemOf,
    meaningOf: (word) => meaningOfStem(stemOf(word)),
    areRelated: (one, other) =>
      share(groups(one), groups(other)) || areOneFamily(one, other, lexicon.endings),
    areSiblings: (one, other) => share(classes(one), classes(other)),
    oppositesOf: (stem) =>
      turned(stem).flatMap((at) => lists.opposites[at]!.map(stemOf).filter((one) => one !== stem)),
    poleOf: (stem) => Number(more.has(stem)) - Number(less.has(stem)),
    isLight: (word) => light.has(word) || isLightStem(stemOf(word)),
    isNarrowing: (word) => narrowing.has(word) || narrowing.has(word.replace(/s$/, '')),
    isDeed: (stem) => deeds.has(stem),
    isPreventing: (stem) => preventing.has(stem),
    standsForNegation: (stem) => forNegation.has(stem),
  }
}

const share = (one: readonly number[], other: readonly number[]): boolean =>
  one.some((at) => other.includes(at))
