import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disagreement } from '../../src/semantic/guard.ts'
import { pairsOf } from '../semantic-eval/pairs.ts'

/** The pairs that the guard was made with; the others are for `make semantic-eval` alone. */
const pairs = pairsOf('tune')
const like = ({ cosine }: { readonly cosine?: number }) => cosine ?? 0

/** Questions, and why the answer to one is not given to the other, in either order, however alike. */
const REFUSED: readonly [why: RegExp, asked: string, original: string][] = [
  [/^units/, 'Convert 10 miles to km.', 'Convert 10 km to miles.'],
  [/^units/, 'How far is 5 km?', 'How far is 5 miles?'],
  [/^units/, 'Convert 100 hp to kilowatts.', 'How much horsepower are 100 kilowatts?'],
  [
    /^units/,
    'What is my hourly wage at 3,000 euros a month?',
    'At 3,000 pounds a month, what do I earn an hour?',
  ],
  [/^numbers$/, 'Is 5 prime?', 'Is 6 prime?'],
  [/^numbers$/, 'What is the sum of 5 and 100?', 'What is the sum of 500?'],
  [/^numbers$/, 'What is 3 2020?', 'What is 6 1010?'],
  [/^numbers$/, 'Name three rivers.', 'Name four rivers.'],
  [/^numbers$/, 'What is new in Python 3.12?', 'What is new in Python 3.11?'],
  [/^order of numbers/, 'What is 15% of 80 kg?', 'What is 80% of 15 kg?'],
  [/^opposites/, 'How do I enable two-factor login?', 'How do I disable two-factor login?'],
  [/^opposites/, 'How do I turn on dark mode?', 'How do I turn off dark mode?'],
  [/^opposites/, 'How do I zoom in in Figma?', 'How do I zoom out in Figma?'],
  [/^opposites|^telling/, 'Who is the oldest president?', 'Who is the youngest president?'],
  [
    /^opposites|^kind/,
    'Which month is the driest in Bangkok?',
    'In which month is Bangkok wettest?',
  ],
  [/^opposites/, 'How do I make the crust softer?', 'What can I do to get a harder crust?'],
  [/^opposites/, 'How do I soften butter?', 'Is there a fast method for getting butter hard?'],
  [/^opposites/, 'Is my thyroid overactive?', 'How can I tell that my thyroid is underactive?'],
  [
    /^opposites/,
    'Check in bash for a number greater than 10.',
    'How do I test in bash whether a number is below 10?',
  ],
  [/^opposites/, 'Wie aktiviere ich den Flugmodus?', 'Wie deaktiviere ich den Flugmodus?'],
  [/^opposites/, 'Wie blende ich eine Spalte ein?', 'Wie blende ich eine Spalte aus?'],
  [/^opposites/, '¿Cómo abrir una cuenta?', '¿Cómo cerrar una cuenta?'],
  [/^telling/, 'What to eat before a race?', 'What to eat after a race?'],
  [/^telling/, 'What do I do before surgery?', 'What is to be done once surgery is over?'],
  [/^telling/, 'Is aspirin safe?', 'Is aspirin safe for children?'],
  [/^telling/, 'Which museums are in Paris?', 'What are the free museums of Paris?'],
  [/^negation/, 'Can I eat this raw?', "Can't I eat this raw?"],
  [/^negation/, 'Puis-je manger ceci ?', 'Ne puis-je pas manger ceci ?'],
  [/^negation|^opposites/, 'Tea with sugar', 'Tea without sugar'],
  [/^names$/, 'What is the capital of France?', 'What is the capital of Spain?'],
  [/^order of names/, 'Trains from Paris to Rome?', 'Trains from Rome to Paris?'],
  [/^order of names/, 'Did France invade Russia?', 'Did Russia invade France?'],
  [
    /^order of names/,
    'Translate from English into French: hello',
    'Translate from French into English: hello',
  ],
  [
    /^direction/,
    'Which teams did Brazil beat in 1998?',
    'Name the sides that managed to defeat Brazil in 1998.',
  ],
  [
    /^direction/,
    'How does an employee thank her manager?',
    'How does a manager thank an employee?',
  ],
  [/^direction/, 'How do I convert a string to a date?', 'How can a date be turned into a string?'],
  [/^kind$/, 'Who built the Eiffel Tower?', 'When was the Eiffel Tower built?'],
  [/^kind/, 'Why do cats sleep?', 'Where do cats sleep?'],
  [/^kind/, 'Why do cats purr?', 'Do cats purr?'],
  [/^kind/, 'How do I renew my passport?', 'What does renewing a passport cost?'],
  [/^kind/, 'How long does the ferry take?', 'What does the ferry cost?'],
  [/^kind/, 'Do I have to tip in Japan?', 'May I tip in Japan?'],
  [/^kind|^words/, 'How tall is he?', 'How old is he?'],
  [/^quoted/, 'What does "git pull" do?', 'What does "git push" do?'],
  [/^quoted/, 'What does get_user() return?', 'What does set_user() return?'],
  [/^quoted/, 'Explain the regex ^\\d{3}$', 'Explain the regex ^\\d{3,}$'],
  [/^order of quoted/, 'Put "cat" in place of "dog".', 'Put "dog" in place of "cat".'],
  [/^order of words/, 'Can sound shatter crystals?', 'Can crystals shatter sound?'],
  [/^opposites/, 'Which star is the brightest?', 'Name the weakest star.'],
  [
    /^opposites/,
    'How do I accept a job offer?',
    'I have a job offer and want to turn it down. How?',
  ],
  [
    /^direction|^order/,
    'How do I call Canada from France?',
    "I'm in Canada. How do I make a phone call to France?",
  ],
  [
    /^direction|^order/,
    'How do I convert a Word file to PDF?',
    'I have a PDF and would like a Word file out of it. How?',
  ],
  [/^units/, 'How many pounds are 100 euros?', 'How many euros are 100 British pounds?'],
  [/^language/, 'What is the weather like in Rome?', 'Wie ist das Wetter in Rom?'],
  [/^words/, 'How do I boil an egg?', 'How do I boil a potato?'],
  [/^words/, 'How do I boil an egg?', 'How can I boil an egg at altitude?'],
  [/^words|^names/, 'Sort a list in Python', 'Sort a list in Java'],
  [/^words/, 'how is a list sorted in python', 'please tell me how to sort a list in ruby'],
  [/^words/, 'Traduce «gracias» al chino.', '¿Cómo se dice «gracias» en griego?'],
  [/^words/, 'When did the Titanic sink?', 'In what year was the Titanic built?'],
  [/^wording/, '从北京到上海怎么走?', '从上海到北京怎么走?'],
  [/^wording/, 'Как включить звук?', 'Как выключить звук?'],
  [/^wording/, '정규식 \\d{3}은 무엇을 의미하나요?', '정규식 \\d{3,}은 무엇을 의미하나요?'],
]

/** One question in two wordings, as alike as most are. */
const PASSES: readonly [one: string, other: string][] = [
  ['Convert 10 miles to km.', 'please convert ten miles to kilometres'],
  ['How many kilometres are 10 miles?', 'How many km are ten miles?'],
  ['How many ounces are in a pound?', 'A pound is how many ounces?'],
  ["What's the capital of France?", 'Can you tell me what the capital of France is?'],
  ["What's the capital of Australia?", 'Which city is the Australian capital?'],
  ['Why is the sky blue?', 'Explain to me why the sky is blue, please.'],
  ['How do I get rid of ants?', 'What is the best way to remove ants?'],
  ['What is the difference between Java and Kotlin?', 'How does Kotlin differ from Java?'],
  ['What is the population of the UK?', 'what is the United Kingdom’s population'],
  ['Who directed Jaws?', 'Who was the director of "Jaws"?'],
  ["What's the plural of octopus?", 'What is the plural of the word "octopus"?'],
  [
    'How do I undo a commit without losing the changes?',
    'How can I take back a commit but keep the changes?',
  ],
  [
    'How do I soften brown sugar that has gone hard?',
    'My brown sugar has hardened, how do I make it soft again?',
  ],
  ['How do I enable 2FA?', 'How do I turn on two-factor authentication?'],
  ['What lifespan does a goldfish have?', 'How long do goldfish live?'],
  ['How do I open a PR on GitHub?', 'How is a pull request opened on GitHub?'],
  ['Has an apple or a pear more sugar?', 'Has a pear or an apple more sugar?'],
  ['Wie schaltet man den Flugmodus aus?', 'Wie wird der Flugmodus ausgeschaltet?'],
  ['whats a sales pipeline', 'What is a sales pipeline?'],
  ['Wie kann ich mein Passwort ändern?', 'Bitte erkläre mir, wie ich mein Passwort ändere.'],
  ['Wie schalte ich den Flugmodus aus?', 'Wie kann man den Flugmodus ausschalten?'],
  ['¿Cuál es la capital de Perú?', 'Dime cuál es la capital de Perú, por favor'],
  ['¿Por qué flota el hielo en el agua?', '¿Por qué el hielo flota en el agua?'],
  ['Pourquoi le ciel est-il bleu ?', "Explique-moi pourquoi le ciel est bleu, s'il te plaît."],
  ['How do I sort a list in Python?', 'In Python, how do I sort a list?'],
  ['Name twenty-five rivers.', 'Please name 25 rivers.'],
  ['Is three hundred a square?', 'Is 300 a square?'],
  ['How do I write a constructor in Java?', 'In Java, how do I write a constructor?'],
  ['日本の首都はどこですか?', '日本の首都はどこですか'],
]

describe('the guard', () => {
  it.each(REFUSED)('refuses with %s: %s | %s', (why, asked, original) => {
    expect(disagreement(asked, original, 0.99)).toMatch(why)
    expect(disagreement(original, asked, 0.99)).toBeDefined()
  })

  it.each(PASSES)('lets pass: %s | %s', (one, other) => {
    expect(disagreement(one, other, 0.9)).toBeUndefined()
    expect(disagreement(other, one, 0.9)).toBeUndefined()
  })

  it.each([
    ['How do I get rid of ants?', 'What is the best way to remove ants?'],
    ['How does a plant grow?', 'Explain the growth of a plant.'],
    ['Who wrote Hamlet?', 'Hamlet was written by whom?'],
    ['Wie blende ich eine Spalte ein?', 'Wie ist eine Spalte einzublenden?'],
    ['Pourquoi le ciel est-il bleu ?', "Explique-moi pourquoi le ciel est bleu, s'il te plaît."],
  ])('needs no likeness where nothing is left over: %s | %s', (one, other) => {
    expect(disagreement(one, other, 0)).toBeUndefined()
  })

  it('refuses nearly every near miss that it was made with', () => {
    const nearMisses = pairs.filter(({ same }) => !same)
    const passed = nearMisses.filter(
      (pair) => like(pair) >= 0.7 && disagreement(pair.a, pair.b, like(pair)) === undefined,
    )
    expect(passed.length / nearMisses.length).toBeLessThan(0.01)
  })

  it('lets most of the paraphrases pass that it was made with and an embedding finds', () => {
    const found = pairs.filter((pair) => pair.same && like(pair) >= 0.7)
    const kept = found.filter((pair) => disagreement(pair.a, pair.b, like(pair)) === undefined)
    expect(kept.length / found.length).toBeGreaterThan(0.6)
  })

  it('asks for more likeness the more is said in other words', () => {
    const [one, other] = ['Can I freeze cooked pasta?', 'Is freezing pasta fine once it is boiled?']
    expect(disagreement(one, other, 0.95)).toBeUndefined()
    expect(disagreement(one, other, 0.7)).toMatch(/^words|^telling/)
  })

  it('lets no more than a few words be left over, however alike the questions are', () => {
    const one = 'Plan a trip by bicycle through Norway with tents, stoves and old maps.'
    const other =
      'Please plan a journey by bike through Norway: museums, concerts, theatres, markets, hotels.'
    expect(disagreement(one, other, 0.99)).toMatch(/^words|^order/)
    const [short, long] = [
      'Plan a bike tour through Norway and Sweden with tents.',
      'Please plan a bike tour through Norway and Sweden: museums, concerts, theatres, markets, hotels.',
    ]
    expect(disagreement(short, long, 0.99)).toMatch(/^words/)
    expect(disagreement('Does a fox dig holes?', 'Can foxes climb tree trunks?', 0.99)).toMatch(
      /^words/,
    )
  })

  it('says the same in either order, and nothing against a question itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), ({ a, b }) => {
        expect(disagreement(a, a, 1)).toBeUndefined()
        expect(disagreement(a, b, 0.9) === undefined).toBe(disagreement(b, a, 0.9) === undefined)
      }),
      { numRuns: 500 },
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
