/** Prefixes that turn a word round, and those that take one another's place. */
const TURNS = ['un', 'in', 'im', 'ir', 'il', 'non', 'dis', 'de', 'mis', 'anti', 'des', 'dés', 'ent']
const PAIRS = [
  ['over', 'under'],
  ['hyper', 'hypo'],
  ['pre', 'post'],
  ['up', 'down'],
  ['in', 'out'],
  ['in', 'ex'],
  ['im', 'ex'],
  ['micro', 'macro'],
  ['über', 'unter'],
  ['auf', 'ab'],
  ['ein', 'aus'],
  ['an', 'ab'],
  ['sur', 'sous'],
  ['sobre', 'sub'],
] as const

/** Whether one word is the other one turned round: overactive, underactive; lock, unlock. */
export function isTurnedByPrefix(one: string, other: string): boolean {
  const isLonger = (long: string, short: string) =>
    short.length > 2 && TURNS.some((prefix) => long === prefix + short)
  if (isLonger(one, other) || isLonger(other, one)) return true
  return PAIRS.some(([left, right]) =>
    [
      [one, other],
      [other, one],
    ].some(([first = '', second = '']) => {
      const rest = first.slice(left.length)
      return rest.length > 2 && first.startsWith(left) && second === right + rest
    }),
  )
}
