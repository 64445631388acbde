const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Random bytes are drawn in bulk: a draw costs more than the bytes. */
const pool = new Uint8Array(1_024)
let used = pool.length

/** A random id of this many bytes in lower-case hex, as OpenTelemetry's ids are written. */
export function randomId(bytes: 8 | 16): string {
  if (used + bytes > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  let id = ''
  for (const end = used + bytes; used < end; used += 1) id += HEX[pool[used]!]
  return id
}
