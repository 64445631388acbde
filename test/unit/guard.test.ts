import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disagreement } from '../../src/semantic/guard.ts'

interface Pair {
  readonly id: string
  readonly same: boolean
  readonly a: string
  readonly b: string
}

/** The pairs that the guard was made with; the others are for `make semantic-eval` alone. */
const pairs = readFileSync(
  resolve(import.meta.dirname, '../fixtures/semantic/pairs.tune.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair)

describe('the guard', () => {
  it.each<[why: RegExp, asked: string, original: string]>([
    [/^units/, 'Convert 10 miles to km.', 'Convert 10 km to miles.'],
    [/^numbers$/, 'Is 5 prime?', 'Is 6 prime?'],
    [/^numbers$/, 'What is the sum of 5 and 100?', 'What is the sum of 500?'],
    [/^numbers$/, 'What is 3 2020?', 'What is 6 1010?'],
    [/^numbers/, 'Name three rivers.', 'Name four rivers.'],
    [/^units/, 'How far is 5 km?', 'How far is 5 miles?'],
    [/^order of numbers/, 'What is 15% of 80 kg?', 'What is 80% of 15 kg?'],
    [/^opposites/, 'How do I enable two-factor login?', 'How do I disable two-factor login?'],
    [/^opposites/, 'How do I turn on dark mode?', 'How do I turn off dark mode?'],
    [/^telling/, 'What to eat before a race?', 'What to eat after a race?'],
    [/^opposites/, 'Who is the oldest president?', 'Who is the youngest president?'],
    [/^negation/, 'Can I eat this raw?', "Can't I eat this raw?"],
    [/^negation|^opposites/, 'Tea with sugar', 'Tea without sugar'],
    [/^names$/, 'What is the capital of France?', 'What is the capital of Spain?'],
    [/^order of names/, 'Trains from Paris to Rome?', 'Trains from Rome to Paris?'],
    [
      /^order of names/,
      'Translate from English into French: hello',
      'Translate from French into English: hello',
    ],
    [/^order of names/, 'Did France invade Russia?', 'Did Russia invade France?'],
    [/^kind$/, 'Who built the Eiffel Tower?', 'When was the Eiffel Tower built?'],
    [/^kind/, 'Why do cats sleep?', 'Where do cats sleep?'],
    [/^kind|^words/, 'How tall is he?', 'How old is he?'],
    [/^quoted/, 'What does "git pull" do?', 'What does "git push" do?'],
    [/^quoted/, 'What does get_user() return?', 'What does set_user() return?'],
    [/^language/, 'What is the weather like in Rome?', 'Wie ist das Wetter in Rom?'],
    [/^words/, 'How do I boil an egg?', 'How do I boil a potato?'],
    [/^words/, 'Is aspirin safe?', 'Is aspirin safe for children?'],
    [/^words|^names/, 'Sort a list in Python', 'Sort a list in Java'],
    [/^numbers/, 'What is new in Python 3.12?', 'What is new in Python 3.11?'],
    [/^opposites/, 'Wie aktiviere ich den Flugmodus?', 'Wie deaktiviere ich den Flugmodus?'],
    [/^negation/, 'Puis-je manger ceci ?', 'Ne puis-je pas manger ceci ?'],
    [/^opposites/, '¿Cómo abrir una cuenta?', '¿Cómo cerrar una cuenta?'],
    [/^wording/, '从北京到上海怎么走?', '从上海到北京怎么走?'],
    [/^wording/, 'Как включить звук?', 'Как выключить звук?'],
  ])('refuses with %s: %s | %s', (why, asked, original) => {
    expect(disagreement(asked, original, 0.99)).toMatch(why)
    expect(disagreement(original, asked, 0.99)).toBeDefined()
  })

  it.each([
    ['Convert 10 miles to km.', 'please convert ten miles to kilometres'],
    ['How many kilometres are 10 miles?', 'How many km are ten miles?'],
    ["What's the capital of France?", 'Can you tell me what the capital of France is?'],
    ['Why is the sky blue?', 'Explain to me why the sky is blue, please.'],
    ['How do I get rid of ants?', 'What is the best way to remove ants?'],
    ['What is the difference between Java and Kotlin?', 'How does Kotlin differ from Java?'],
    ['What is the population of the UK?', 'what is the United Kingdom’s population'],
    ['Wie kann ich mein Passwort ändern?', 'Bitte erkläre mir, wie ich mein Passwort ändere.'],
    ['¿Cuál es la capital de Perú?', 'Dime cuál es la capital de Perú, por favor'],
    ['How do I sort a list in Python?', 'In Python, how do I sort a list?'],
    ['Name twenty-five rivers.', 'Please name 25 rivers.'],
    ['Is three hundred a square?', 'Is 300 a square?'],
    ['How do I write a constructor in Java?', 'In Java, how do I write a constructor?'],
    ['日本の首都はどこですか?', '日本の首都はどこですか'],
  ])('lets pass: %s | %s', (one, other) => {
    expect(disagreement(one, other, 0.95)).toBeUndefined()
    expect(disagreement(other, one, 0.95)).toBeUndefined()
  })

  it('refuses every near miss that it was made with, unless the embeddings are very much alike', () => {
    const passed = pairs.filter(({ same, a, b }) => !same && disagreement(a, b, 0.79) === undefined)
    expect(passed.map(({ id }) => id)).toEqual([])
  })

  it('lets most of the paraphrases pass that it was made with', () => {
    const paraphrases = pairs.filter(({ same }) => same)
    const kept = paraphrases.filter(({ a, b }) => disagreement(a, b, 0.95) === undefined)
    expect(kept.length / paraphrases.length).toBeGreaterThan(0.6)
  })

  it('asks for more likeness the more is said in other words', () => {
    const [one, other] = ['Can I freeze cooked pasta?', 'Is freezing pasta fine once it is boiled?']
    expect(disagreement(one, other, 0.95)).toBeUndefined()
    expect(disagreement(one, other, 0.85)).toMatch(/^words/)
    const [short, long] = [
      'Do penguins live at the North Pole?',
      'Are there penguins at the North Pole at all?',
    ]
    expect(disagreement(short, long, 0.85)).toBeUndefined()
    expect(disagreement(short, long, 0.75)).toMatch(/^words/)
  })

  it('says the same in either order, and nothing against a question itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), ({ a, b }) => {
        expect(disagreement(a, a, 1)).toBeUndefined()
        expect(disagreement(a, b, 0.9) === undefined).toBe(disagreement(b, a, 0.9) === undefined)
      }),
      { numRuns: 300 },
    )
  })

  it('takes any text, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (one, other) => {
        disagreement(one, other, 0.9)
        expect(disagreement(one, one, 0.9)).toBeUndefined()
      }),
    )
    const long = 'how do i "quote, (unclosed `and` so on _ - '.repeat(100)
    expect(disagreement(long, `${long}x`, 0.9)).toBeDefined()
  })
})
