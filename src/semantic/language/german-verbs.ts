/** First parts of verbs that stand at the end of a sentence. */
const PARTICLES = new Set(
  'ab an auf aus bei ein fest her hin los mit nach um vor weg zu zurück herunter runter hoch frei durch zusammen heraus raus hinzu hinein rein'.split(
    ' ',
  ),
)

/** Writes `Wie blende ich die Spalte ein?` as `Wie einblende ich die Spalte?`: on and off are one verb's parts. */
export function withVerbsJoined(text: string, isFunctionWord: (word: string) => boolean): string {
  return text.replace(/[^.?!,;:\n]+/g, (clause) => joined(clause, isFunctionWord))
}

function joined(clause: string, isFunctionWord: (word: string) => boolean): string {
  const words = [...clause.matchAll(/\p{L}[\p{L}-]*/gu)]
  const last = words.at(-1)
  if (last === undefined || words.length < 3 || !PARTICLES.has(last[0])) return clause
  if (/[\p{L}\p{N}]/u.test(clause.slice(last.index + last[0].length))) return clause
  const verb = words.slice(0, -1).find(([word], at) => {
    const isNoun = at > 0 && /^\p{Lu}/u.test(word)
    return !isNoun && !isFunctionWord(word.toLowerCase())
  })
  if (verb === undefined) return clause
  const [before, between] = [clause.slice(0, verb.index), clause.slice(verb.index, last.index)]
  return `${before}${last[0]}${between[0]!.toLowerCase()}${between.slice(1)}`
}

/** The base form of a verb with such a part before it: `eingeschaltet`, `einzuschalten`. */
export function baseOfJoined(word: string, bases: ReadonlyMap<string, string>): string {
  for (const particle of PARTICLES) {
    if (!word.startsWith(particle)) continue
    const rest = word.slice(particle.length).replace(/^zu/, '')
    const base = bases.get(rest)
    if (base !== undefined) return particle + base
    if (rest.length > 3 && word.startsWith(`${particle}zu`)) return particle + rest
  }
  return word
}
