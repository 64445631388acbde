/** Random numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ranks from 0: rank r is drawn in proportion to 1 / (r + 1)^exponent (Zipf's law). */
export function zipf(ranks: number, exponent: number, random: () => number): () => number {
  const cumulative = new Float64Array(ranks)
  let total = 0
  for (let rank = 0; rank < ranks; rank += 1) {
    total += (rank + 1) ** -exponent
    cumulative[rank] = total
  }
  return () => {
    const drawn = random() * total
    let [low, high] = [0, ranks - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! < drawn) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The times between arrivals that are independent of each other (a Poisson process), ms. */
export function arrivals(perSecond: number, random: () => number): () => number {
  return () => (-Math.log(1 - random()) / perSecond) * 1000
}
