import { presentedKey } from './caller.ts'
import type { AddressLimiter } from './rate-limit.ts'

/** Who is an operator. */
export interface AdminAccess {
  /** Whether this is the `ADMIN_KEY`. */
  readonly isAdmin: (key: string | undefined) => Promise<boolean>
  readonly addressLimiter: AddressLimiter
}

/**
 * Whether a request carries the `ADMIN_KEY`. Wrong keys are counted, so that nobody can guess it;
 * throws 429 if too many came from the same address.
 */
export async function isAdminRequest(
  headers: Headers,
  { isAdmin, addressLimiter }: AdminAccess,
): Promise<boolean> {
  const key = presentedKey(headers)
  const address = headers.get('cf-connecting-ip') ?? undefined
  addressLimiter.admit(address)
  const may = await isAdmin(key)
  if (!may && key !== undefined) await addressLimiter.failed(address)
  return may
}
