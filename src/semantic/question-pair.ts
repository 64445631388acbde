import { canonicalJson } from '../cache/canonical-json.ts'
import { keyOf } from '../cache/key.ts'
import type { QuestionPair } from './judge.ts'

/**
 * Whether two texts are certainly the same question. Ignores Unicode form (NFC), surrounding space,
 * runs of spaces within a line, and a final `.`, `?` or `!` after a word. Anything else can change
 * the meaning: case, other punctuation, indentation, spaces in quoted text (C# and C, 3.5 and 35,
 * `5!` and `5`, Polish and polish, x² and x2).
 */
export function isSameText(one: string, other: string): boolean {
  return bareText(one) === bareText(other)
}

/**
 * The id of a tenant's pair of questions, as a UUID. It is the same in both directions, as a verdict
 * is, and for all texts that are certainly the same questions. Model and settings are not in it: two
 * questions differ whatever is asked about them.
 */
export async function pairId(tenant: string, { a, b }: QuestionPair): Promise<string> {
  const texts = [a, b].map(bareText).sort()
  const { id } = await keyOf(canonicalJson(['pair', tenant, ...texts]))
  return id
}

function bareText(text: string): string {
  const trimmed = text.normalize('NFC').trim()
  const isPlain = !/[\n\r"'`“”„«»]/.test(trimmed)
  const collapsed = isPlain ? trimmed.replace(/(?<! ) {2,}/g, ' ') : trimmed
  return /\p{L}{2}[.?!]$/u.test(collapsed) ? collapsed.slice(0, -1) : collapsed
}
