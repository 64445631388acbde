/** Upstream calls that one object of the pool waits for at once (src/coalescing/coalescer.ts). */
export const SEATS = 4

/**
 * The share of calls that find all of `seats` taken, if `load` calls are offered in the time that one
 * takes (https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula).
 */
export function erlangB(load: number, seats: number): number {
  let blocked = 1
  for (let seat = 1; seat <= seats; seat += 1) blocked = (load * blocked) / (seat + load * blocked)
  return blocked
}
