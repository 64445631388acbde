import type { AddressLimiter } from './rate-limit.ts'

export interface AdminOptions {
  /** Whether this is the `ADMIN_KEY`. Takes the same time for every key. */
  readonly isAdmin: (key: string | undefined) => Promise<boolean>
  readonly addressLimiter: AddressLimiter
}

/**
 * Whether a key from this address is the `ADMIN_KEY`. Counts wrong keys by address, so that nobody can
 * guess one, and throws 429 past the limit.
 */
export async function admitsAdmin(
  key: string | undefined,
  address: string | undefined,
  { isAdmin, addressLimiter }: AdminOptions,
): Promise<boolean> {
  addressLimiter.admit(address)
  const may = await isAdmin(key)
  if (!may && key !== undefined) await addressLimiter.failed(address)
  return may
}
