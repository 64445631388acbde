import { failed, ok, warning } from './check.ts'
import type { Finding } from './check.ts'
import { isOlder } from './version.ts'

/**
 * Releases with malicious code: https://github.com/BerriAI/litellm/issues/24512 and
 * https://github.com/BerriAI/litellm/discussions/48242.
 */
const COMPROMISED = new Set(['1.82.7', '1.82.8', '1.107.0'])
/** They import a package that they do not require, and fail on tool calls. */
const BROKEN = new Set(['1.106.0', '1.106.1', '1.106.2'])
/** Before it, CVE-2026-42271. */
const SAFE_SINCE = '1.83.7'
/** Up to 1.90, the semantic cache searches across all keys and models, or finds only equal texts. */
const SCOPED_SINCE = '1.91.0'

/** What is known of this version of LiteLLM. */
export function versionFinding(version: string): Finding {
  const upgrade = 'Upgrade LiteLLM. The local stack runs 1.105.3.'
  if (COMPROMISED.has(version)) {
    return failed(
      `${version} was published with malicious code.`,
      'Stop it, replace every key and secret that it could read, and install another version.',
    )
  }
  if (BROKEN.has(version)) return warning(`${version} fails on tool calls.`, upgrade)
  if (isOlder(version, SAFE_SINCE)) return warning(`${version} has known holes.`, upgrade)
  if (isOlder(version, SCOPED_SINCE)) {
    return warning(`${version} has no scoped semantic cache: reworded questions miss.`, upgrade)
  }
  return ok(`${version}.`)
}
