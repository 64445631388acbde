/** An entry's id, and the proof that the entry belongs to this request. */
export interface Key {
  /** MD5 of the canonical text as a hyphenated lower-case UUID: the Qdrant point id. */
  readonly id: string
  /** SHA-256 of the same text, 64 hex digits. Unlike MD5, it cannot be made to collide. */
  readonly proof: string
}

/** Hashes canonical text. MD5 is workerd's own extension of Web Crypto; Node lacks it. */
export async function keyOf(canonical: string): Promise<Key> {
  const bytes = new TextEncoder().encode(canonical)
  const [md5, sha256] = await Promise.all([
    crypto.subtle.digest('MD5', bytes),
    crypto.subtle.digest('SHA-256', bytes),
  ])
  return {
    id: hex(md5).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    proof: hex(sha256),
  }
}

/** SHA-256 of bytes, or of UTF-8 text, as 64 hex digits. */
export async function sha256(of: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof of === 'string' ? new TextEncoder().encode(of) : of
  return hex(await crypto.subtle.digest('SHA-256', bytes))
}

/** The two hex digits of each byte: formatting every byte showed in the profile of a hit. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(digest: ArrayBuffer): string {
  let digits = ''
  for (const byte of new Uint8Array(digest)) digits += DIGITS[byte]
  return digits
}
