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
export function isAdminRequest(headers: Headers, access: AdminAccess): Promise<boolean> {
  return isAdminKey(presentedKey(headers), headers, access)
}

/** The same for a key that came another way, such as by a form. */
export async function isAdminKey(
  key: string | undefined,
  headers: Headers,
  { isAdmin, addressLimiter }: AdminAccess,
): Promise<boolean> {
  const address = headers.get('cf-connecting-ip') ?? undefined
  addressLimiter.admit(address)
  const may = await isAdmin(key)
  if (!may && key !== undefined) await addressLimiter.failed(address)
  return may
}
