import { baseOfJoined } from './german-verbs.ts'
import type { Lexicon, WordLists } from './lexicon/lexicon.ts'

export interface Stems {
  /** The first letters that the stem of a word has. */
  readonly initialOf: (word: string) => string
  readonly stemOf: (word: string) => string
}

/** So many stems are remembered; then all are forgotten. */
const REMEMBERED = 5_000

export function stemsOf({ language, stem }: Lexicon, lists: WordLists): Stems {
  const bases = new Map<string, string>()
  for (const [base = '', ...forms] of lists.irregular) {
    for (const form of forms) if (!bases.has(form)) bases.set(form, base)
  }
  const adjectives = new Set(language === 'en' ? lists.opposites.flat() : [])
  const compared = (word: string) =>
    positivesOf(word).find((positive) => adjectives.has(positive)) ?? word
  const joined = (word: string) => (language === 'de' ? baseOfJoined(word, bases) : word)

  const remembered = new Map<string, string>()
  function stemOf(word: string): string {
    const known = remembered.get(word)
    if (known !== undefined) return known
    const found = stem(bases.get(word) ?? compared(joined(word)))
    if (remembered.size >= REMEMBERED) remembered.clear()
    remembered.set(word, found)
    return found
  }
  // Endings and first parts of verbs leave a word's first letters, and so do its forms but irregular ones.
  return { initialOf: (word) => initial(bases.get(word) ?? word), stemOf }
}

/** Stemmers may take off accents. */
function initial(word: string): string {
  const first = word.slice(0, 2)
  if (/^[a-z]+$/.test(first)) return first
  return first.normalize('NFD').replace(/\p{M}/gu, '').replace('ß', 's')
}

/** What an English comparative or superlative may be one of: softer, driest, larger, thinner. */
function positivesOf(word: string): string[] {
  const [, root] = /^(.{2,}?)(?:er|est)$/.exec(word) ?? []
  if (root === undefined) return []
  return [root, `${root}e`, root.replace(/i$/, 'y'), root.replace(/(.)\1$/, '$1')]
}

/**
 * Finds the places in a list of groups at which a stem stands. Making all stems takes a tenth of a
 * second, so words are stemmed only when one that begins like them is looked for.
 */
export function placesOf(
  groups: readonly (readonly string[])[],
  { initialOf, stemOf }: Stems,
): (stem: string) => readonly number[] {
  const waiting = new Map<string, { readonly word: string; readonly at: number }[]>()
  for (const [at, group] of groups.entries()) {
    for (const word of group) {
      const initial = initialOf(word)
      const known = waiting.get(initial)
      if (known === undefined) waiting.set(initial, [{ word, at }])
      else known.push({ word, at })
    }
  }
  const places = new Map<string, number[]>()
  return (stem) => {
    const initial = initialOf(stem)
    for (const { word, at } of waiting.get(initial) ?? []) {
      const known = places.get(stemOf(word))
      if (known === undefined) places.set(stemOf(word), [at])
      else if (!known.includes(at)) known.push(at)
    }
    waiting.delete(initial)
    return places.get(stem) ?? NOWHERE
  }
}

const NOWHERE: readonly number[] = []
