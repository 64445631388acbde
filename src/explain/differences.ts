import { UNUSUAL_NAME } from './fingerprint.ts'
import type { Fingerprint, LineMark, Mark, Setting } from './mark.ts'

/** A difference of a request from an earlier one, and where it is: `messages[0].content`. */
export type Difference = { readonly path: string } & (
  | { readonly what: 'setting'; readonly from: Setting; readonly to: Setting }
  /**
   * `line` is undefined if it is not known. `volatile` means that only words differ that have digits, or
   * are names from a calendar.
   */
  | { readonly what: 'text'; readonly line: number | undefined; readonly volatile: boolean }
  /** Only the request has it, or only the earlier one. `last` is the path of the last one of several. */
  | {
      readonly what: 'added' | 'missing'
      readonly last: string | undefined
      readonly count: number
    }
  /** Equal members in another order. */
  | { readonly what: 'order' }
)

type TextMark = Extract<Mark, { readonly masked?: unknown }>
type ObjectMark = Extract<Mark, { readonly members: unknown }>
type ListMark = Extract<Mark, { readonly items: unknown }>

/** How a request differs from an earlier one; empty only if their cache keys are equal. */
export function differencesOf(earlier: Fingerprint, request: Fingerprint): Difference[] {
  return [
    ...between(earlier.identity, request.identity, ''),
    ...between(earlier.body, request.body, ''),
  ]
}

/** How much differs: the request with the least is the nearest. */
export function weightOf(differences: readonly Difference[]): number {
  return differences.reduce((sum, difference) => sum + weightOfOne(difference), 0)
}

function weightOfOne(difference: Difference): number {
  switch (difference.what) {
    case 'order':
      return 1
    case 'setting':
      return 2
    case 'text':
      if (difference.volatile) return 1
      return difference.line === undefined ? 5 : 4
    case 'added':
    case 'missing':
      return 2 + difference.count
  }
}

function between(from: Mark, to: Mark, path: string): Difference[] {
  if (isSame(from, to)) return []
  if ('value' in from && 'value' in to) {
    return [{ path, what: 'setting', from: from.value, to: to.value }]
  }
  const found =
    'members' in from && 'members' in to
      ? betweenObjects(from, to, path)
      : 'items' in from && 'items' in to
        ? betweenLists(from, to, path)
        : isText(from) && isText(to)
          ? betweenTexts(from, to, path)
          : []
  // The difference is in a part that has no marks, or one is a list and the other is none.
  return found.length > 0 ? found : [{ path, what: 'text', line: undefined, volatile: false }]
}

function isSame(from: Mark, to: Mark): boolean {
  if ('value' in from || 'value' in to) {
    return 'value' in from && 'value' in to && from.value === to.value
  }
  return from.digest === to.digest
}

const isText = (mark: Mark): mark is TextMark =>
  !('value' in mark) && !('members' in mark) && !('items' in mark)

function betweenObjects(from: ObjectMark, to: ObjectMark, path: string): Difference[] {
  const before = new Map(from.members)
  const now = new Map(to.members)
  // A member that is not there may be among those without marks.
  const missing = to.more === undefined ? from.members.filter(([name]) => !now.has(name)) : []
  const added = from.more === undefined ? to.members.filter(([name]) => !before.has(name)) : []
  const found = [
    ...to.members.flatMap(([name, mark]) => {
      const earlier = before.get(name)
      return earlier === undefined ? [] : between(earlier, mark, memberPath(path, name))
    }),
    ...added.map(([name]) => onlyThere('added', memberPath(path, name))),
    ...missing.map(([name]) => onlyThere('missing', memberPath(path, name))),
  ]
  const isWhole = from.more === undefined && to.more === undefined
  return found.length === 0 && isWhole ? [{ path, what: 'order' }] : found
}

function betweenLists(from: ListMark, to: ListMark, path: string): Difference[] {
  const shorter = Math.min(from.items.length, to.items.length)
  const isWhole = from.more === undefined && to.more === undefined
  const begin = countSame(from.items, to.items, shorter)
  // Equal items at the end show where something was put in between.
  const end = isWhole
    ? countSame(from.items.toReversed(), to.items.toReversed(), shorter - begin)
    : 0
  const found = from.items
    .slice(begin, shorter - end)
    .flatMap((item, at) => between(item, to.items[begin + at]!, itemPath(path, begin + at)))
  if (from.items.length === to.items.length || !isWhole) return found
  const isLonger = to.items.length > from.items.length
  const last = Math.max(from.items.length, to.items.length) - end - 1
  const count = Math.abs(to.items.length - from.items.length)
  const first = last - count + 1
  const several = count > 1 ? itemPath(path, last) : undefined
  const what = isLonger ? 'added' : 'missing'
  return [...found, { path: itemPath(path, first), what, last: several, count }]
}

/** How many of the first marks are the same. */
function countSame(from: readonly Mark[], to: readonly Mark[], most: number): number {
  let count = 0
  while (count < most && isSame(from[count]!, to[count]!)) count += 1
  return count
}

function betweenTexts(from: TextMark, to: TextMark, path: string): Difference[] {
  const before = from.lines ?? []
  const now = to.lines ?? []
  const differing = now.flatMap((line, at) => {
    const earlier = before[at]
    return earlier === undefined || earlier[0] === line[0]
      ? []
      : [{ line: at + 1, volatile: isVolatile(earlier, line) }]
  })
  const volatile = from.masked !== undefined && from.masked === to.masked
  const [first] = differing
  if (volatile || first === undefined) {
    return [{ path, what: 'text', line: first?.line, volatile }]
  }
  if (!first.volatile) return [{ path, what: 'text', ...first }]
  const other = differing.find((one) => !one.volatile)
  return [
    { path, what: 'text', ...first },
    { path, what: 'text', line: other?.line, volatile: false },
  ]
}

const isVolatile = ([, from]: LineMark, [, to]: LineMark) => from !== undefined && from === to

const onlyThere = (what: 'added' | 'missing', path: string): Difference => ({
  path,
  what,
  last: undefined,
  count: 1,
})

function memberPath(path: string, name: string): string {
  const shown = name.startsWith(UNUSUAL_NAME) ? '(unusual name)' : name
  return path === '' ? shown : `${path}.${shown}`
}

const itemPath = (path: string, at: number) => `${path}[${at}]`
