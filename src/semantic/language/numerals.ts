import type { Lexicon } from './lexicon/lexicon.ts'

export interface Numerals {
  /** Whether a word is a number that is written out. */
  readonly isNumberWord: (word: string) => boolean
  readonly numberOf: (word: string) => number | undefined
}

export function numeralsOf({ numbers, language }: Lexicon): Numerals {
  // Not `in`: "constructor" is no number.
  const isNumberWord = (word: string) => Object.hasOwn(numbers, word)
  return {
    isNumberWord,
    numberOf: (word) => (isNumberWord(word) ? numbers[word] : digits(word, language)),
  }
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
