/**
 * Groups items whose `keys` are equal, and adds up all their other members, which are numbers or
 * lists of numbers. The items stay as they are.
 */
export function sumBy<Item extends object>(
  items: Iterable<Item>,
  keys: readonly (keyof Item & string)[],
): Item[] {
  const groups = new Map<string, Item>()
  for (const item of items) {
    const key = JSON.stringify(keys.map((name) => item[name]))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, copyOf(item))
    else add(group, item, keys)
  }
  return [...groups.values()]
}

/** A copy with lists of its own. */
function copyOf<Item extends object>(item: Item): Item {
  const copy = { ...item }
  for (const [name, value] of Object.entries(item)) {
    if (Array.isArray(value)) Object.assign(copy, { [name]: [...(value as number[])] })
  }
  return copy
}

function add<Item extends object>(
  group: Item,
  item: Item,
  keys: readonly (keyof Item & string)[],
): void {
  const sums = group as Record<string, number | number[]>
  for (const [name, value] of Object.entries(item) as [keyof Item & string, number | number[]][]) {
    if (keys.includes(name)) continue
    const sum = sums[name]!
    if (typeof sum === 'number') sums[name] = sum + (value as number)
    else for (const [at, one] of (value as number[]).entries()) sum[at]! += one
  }
}
