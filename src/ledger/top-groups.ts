import { MOST_GROUPS, OTHER } from './report.ts'
import type { GroupSums } from './report.ts'
import { sumBy } from './sum-by.ts'

/** Joins groups of one name, and all but the largest ones to a last group named `(other)`. */
export function topGroups(groups: readonly GroupSums[]): GroupSums[] {
  const sorted = sumBy(groups, ['name']).sort(
    (a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1),
  )
  const named = sorted.filter(({ name }) => name !== OTHER)
  const rest = [...named.slice(MOST_GROUPS), ...sorted.filter(({ name }) => name === OTHER)]
  const other = sumBy(
    rest.map((group) => ({ ...group, name: OTHER })),
    ['name'],
  )
  return [...named.slice(0, MOST_GROUPS), ...other]
}
