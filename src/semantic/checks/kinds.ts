import type { Kind } from '../language/lexicon/lexicon.ts'
import type { Reading } from '../language/reading.ts'

/** Kinds that leave it to the other words what is asked for. */
const OPEN: ReadonlySet<Kind> = new Set<Kind>(['how', 'what'])
/** "How many hours" is how long, "how much does it cost" how expensive. */
const QUANTITIES: readonly Kind[] = [
  'how long',
  'how expensive',
  'how far',
  'how old',
  'how big',
  'how often',
]
/** What a question asks for only if it says so. */
const TOLD: ReadonlySet<Kind> = new Set<Kind>(['who', 'when', 'where', 'why'])

/** Whether two questions may be of one kind: when and "what year", but not when and where. */
export function mayBeOfOneKind(a: Reading, b: Reading): boolean {
  const [one, other] = [kindsOf(a), kindsOf(b)]
  if (a.kind === undefined || b.kind === undefined) {
    // "Name the inventor" asks who: the words must tell.
    const told = [a.kind, b.kind].find((kind) => kind !== undefined && TOLD.has(kind))
    if (told !== undefined) return one.has(told) && other.has(told)
    return a.kind !== undefined || b.kind !== undefined || sameModality(a, b)
  }
  return [...one].some((kind) => other.has(kind)) && asksNoMore(a, b) && asksNoMore(b, a)
}

/** How to renew is not what a renewal costs: "what" is told by its words. */
function asksNoMore({ kind: how }: Reading, b: Reading): boolean {
  if (how !== 'how' || b.kind !== 'what') return true
  const { askedFor } = b.vocabulary.lexicon
  return !b.words.some((word) => askedFor['how expensive'].has(word))
}

/** Must I is not may I. */
function sameModality(a: Reading, b: Reading): boolean {
  const { obliges, allows } = a.vocabulary.lexicon.modality
  const asks = ({ words }: Reading) => {
    const [must, may] = [obliges, allows].map((known) => words.some((word) => known.has(word)))
    return must === may ? undefined : must
  }
  const [one, other] = [asks(a), asks(b)]
  return one === undefined || other === undefined || one === other
}

/** All kinds that a question may be of. */
function kindsOf({ kind, words, amounts, vocabulary }: Reading): ReadonlySet<Kind> {
  const { askedFor } = vocabulary.lexicon
  // What has an amount of some kind has an amount.
  const amountOf = (known: readonly Kind[]): readonly Kind[] =>
    known.some((one) => QUANTITIES.includes(one)) ? [...known, 'how many'] : known
  const said = (kinds: readonly (keyof typeof askedFor)[]) =>
    kinds.filter((known) => words.some((word) => askedFor[known].has(word)))
  if (kind === undefined || OPEN.has(kind)) {
    // "What is 15 % of 240" is how much.
    const sum: Kind[] = amounts.length > 1 ? ['how many'] : []
    return new Set([
      ...OPEN,
      ...sum,
      ...amountOf(said(Object.keys(askedFor) as (keyof typeof askedFor)[])),
    ])
  }
  if (kind === 'how many') return new Set([kind, ...said(QUANTITIES as (keyof typeof askedFor)[])])
  return new Set(kind === 'how big' ? [kind, 'how many'] : [kind])
}
