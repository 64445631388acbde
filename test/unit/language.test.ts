import { describe, expect, it } from 'vitest'
import { areOneFamily } from '../../src/semantic/language/families.ts'
import { baseOfJoined, withVerbsJoined } from '../../src/semantic/language/german-verbs.ts'
import { english } from '../../src/semantic/language/lexicon/english.ts'
import { french } from '../../src/semantic/language/lexicon/french.ts'
import { german } from '../../src/semantic/language/lexicon/german.ts'
import { spanish } from '../../src/semantic/language/lexicon/spanish.ts'
import { phraseTable } from '../../src/semantic/language/phrases.ts'
import { isTurnedByPrefix } from '../../src/semantic/language/prefixes.ts'
import { read } from '../../src/semantic/language/reading.ts'
import { vocabularyOf } from '../../src/semantic/language/vocabulary.ts'

describe('phrases', () => {
  const rewrite = phraseTable([
    ['get rid of', 'remove'],
    ['get', 'obtain'],
    ['please', ''],
    ['united kingdom', 'uk'],
    ['e-mail', 'email'],
  ])

  it.each([
    ['how do i get rid of ants?', 'how do i remove ants?'],
    ['how do i get rid, of ants?', 'how do i obtain rid, of ants?'],
    ["the united kingdom's e-mail", 'the uk email'],
    ['forget pleased kingdoms', 'forget pleased kingdoms'],
    ['please! get', '! obtain'],
    ['', ''],
  ])('%s → %s', (text, expected) => {
    expect(rewrite(text)).toBe(expected)
  })
})

describe('families of words', () => {
  const endings = new Set(['', 'th', 'ment', 'de', 'sion', 'e'])

  it.each([
    ['grow', 'growth', true],
    ['decide', 'decision', true],
    ['import', 'important', false],
    ['iran', 'iraq', false],
    ['cat', 'cation', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(areOneFamily(one, other, endings)).toBe(expected)
    expect(areOneFamily(other, one, endings)).toBe(expected)
  })
})

describe('Spanish verbs', () => {
  it.each([
    ['pagarte', 'pagar'],
    ['cambiárselo', 'cambiar'],
    ['busqué', 'buscar'],
    ['pagué', 'pagar'],
    ['crucé', 'cruzar'],
  ])('%s is %s', (form, infinitive) => {
    expect(spanish.stem(form)).toBe(spanish.stem(infinitive))
  })

  it('takes nothing off other words', () => {
    for (const word of ['carlos', 'mar', 'sur', 'lugares']) {
      expect(spanish.stem(word)).toMatch(new RegExp(`^${word.slice(0, 3)}`))
    }
  })
})

describe('prefixes that turn a word round', () => {
  it.each([
    ['lock', 'unlock', true],
    ['overactive', 'underactive', true],
    ['import', 'export', true],
    ['inform', 'form', true],
    ['ready', 'read', false],
    ['lock', 'lock', false],
    ['under', 'over', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isTurnedByPrefix(one, other)).toBe(expected)
    expect(isTurnedByPrefix(other, one)).toBe(expected)
  })
})

describe('German verbs in two parts', () => {
  const isSmall = (word: string) => ['wie', 'ich', 'die', 'das', 'man'].includes(word)

  it.each([
    ['Wie blende ich die Spalte ein?', 'Wie einblende ich die Spalte?'],
    ['Schalte das Licht aus!', 'ausschalte das Licht!'],
    ['Wie rechnet man das um, bitte', 'Wie umrechnet man das, bitte'],
    ['Wie komme ich ins Haus?', 'Wie komme ich ins Haus?'],
    ['Mach zu', 'Mach zu'],
  ])('%s → %s', (text, expected) => {
    expect(withVerbsJoined(text, isSmall).replace(/ +(?=[?!,]|$)/g, '')).toBe(expected)
  })

  it('finds the base form behind the first part', () => {
    const bases = new Map([['geschaltet', 'schalten']])
    expect(baseOfJoined('eingeschaltet', bases)).toBe('einschalten')
    expect(baseOfJoined('einzuschalten', bases)).toBe('einschalten')
    expect(baseOfJoined('schalten', bases)).toBe('schalten')
  })
})

describe('the word lists', () => {
  const all = [english, german, french, spanish].map((lexicon) => vocabularyOf(lexicon))

  it.each(all.map((vocabulary) => [vocabulary.lexicon.language, vocabulary] as const))(
    '%s: opposites are no synonyms',
    (_, { lexicon, meaningOf, stemOf, areRelated }) => {
      const same = lexicon.lists().opposites.filter(([one, other]) => {
        const [stem, beside] = [stemOf(one), stemOf(other)]
        return stem === beside || areRelated(stem, beside) || meaningOf(one) === meaningOf(other)
      })
      expect(same.map((pair) => pair.join(' '))).toEqual([])
    },
  )

  it('takes a word for light by its stem only where no list has the stem', () => {
    const { isLight } = vocabularyOf(english)
    expect(['acceptable', 'needed'].map(isLight)).toEqual([true, true])
    expect(['accept', 'delete'].map(isLight)).toEqual([false, false])
  })

  it.each([
    ['How do I boil an egg?', 'en'],
    ['Wie koche ich ein Ei?', 'de'],
    ['Comment faire cuire un œuf ?', 'fr'],
    ['¿Cómo se cuece un huevo?', 'es'],
    ['42', undefined],
  ])('%s is in %s', (question, language) => {
    expect(read(question)?.vocabulary.lexicon.language).toBe(language)
  })
})
