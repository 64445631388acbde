/** Whether a version precedes another one by its first three numbers (https://semver.org). */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(than)]
  const at = left.findIndex((number, n) => number !== right[n])
  return at >= 0 && left[at]! < right[at]!
}

function numbersOf(version: string): readonly number[] {
  const [, ...numbers] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return [0, 1, 2].map((n) => Number(numbers[n] ?? 0))
}
