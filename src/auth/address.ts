/**
 * The address that limits are counted by: IPv4 as it is, of IPv6 the first 64 bits, since one
 * subscriber has all that follow (RFC 6177).
 */
export function network(address: string): string {
  if (!address.includes(':')) return address
  const [left = '', right = ''] = address.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [groups(left), groups(right)]
  const zeros = Math.max(0, 8 - before.length - after.length)
  const all = address.includes('::')
    ? [...before, ...Array<string>(zeros).fill('0'), ...after]
    : before
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
