import type { Kind, Lexicon } from './lexicon/lexicon.ts'
import { numeralsOf } from './numerals.ts'
import type { Numerals } from './numerals.ts'
import { relationsOf } from './relations.ts'
import type { Relations } from './relations.ts'
import { rewritingOf } from './rewriting.ts'
import type { Rewriting } from './rewriting.ts'

/** A lexicon, made ready for reading. */
export interface Vocabulary extends Rewriting, Numerals, Relations {
  readonly lexicon: Lexicon
  readonly isFunctionWord: (word: string) => boolean
  /** What is asked for, and the text without the words that say so, where they say no more. */
  readonly kindOf: (text: string) => { readonly kind: Kind | undefined; readonly rest: string }
}

/** Kinds whose words say no more than the kind: not so "how tall" and "how heavy". */
const SAY_ALL: ReadonlySet<Kind> = new Set<Kind>(['how many', 'how long', 'how old', 'how often'])

/** Made once for a language; takes some tens of milliseconds. */
export function vocabularyOf(lexicon: Lexicon): Vocabulary {
  const lists = lexicon.lists()
  return {
    ...rewritingOf(lexicon, lists),
    ...numeralsOf(lexicon),
    ...relationsOf(lexicon, lists),
    lexicon,
    isFunctionWord: (word) => lexicon.functionWords.has(word),
    kindOf: (text) => {
      const [pattern, kind] = lexicon.kinds.find(([pattern]) => pattern.test(text)) ?? []
      const isAll = kind !== undefined && SAY_ALL.has(kind)
      return { kind, rest: isAll && pattern !== undefined ? text.replace(pattern, ' ') : text }
    },
  }
}
