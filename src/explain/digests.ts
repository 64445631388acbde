/** A short digest of a text, equal for equal texts of one tenant. */
export type Digest = (text: string) => Promise<string>

/** 48 bits: two texts at the same place of two requests are never equal by chance. */
const DIGEST_BYTES = 6

/** The length of a digest in characters. */
export const DIGEST_LENGTH = 8

const encoder = new TextEncoder()

/**
 * Digests with the tenant as the key (HMAC with SHA-256, RFC 2104), cut to eight characters, so that
 * equal texts of two tenants have different digests.
 */
export async function digestsOf(tenant: string): Promise<Digest> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const secret = encoder.encode(`recent requests of ${tenant}`)
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  return async (text) => {
    const signature = await crypto.subtle.sign(algorithm.name, key, encoder.encode(text))
    return btoa(String.fromCharCode(...new Uint8Array(signature, 0, DIGEST_BYTES)))
  }
}
