import { confirm, isCancel } from '@clack/prompts'
import { CommandError } from './admin-client.ts'
import type { Output } from './output.ts'

/**
 * Asks before something is deleted, unless `--yes` was given. Throws a `CommandError` if the answer is
 * no, or if nobody can answer.
 */
export async function confirmed(
  question: string,
  { yes }: { readonly yes: boolean },
  { json }: Output,
): Promise<void> {
  if (yes) return
  if (json || !process.stdin.isTTY) {
    throw new CommandError('Nothing was deleted: nobody can confirm it here.', 'Add --yes.')
  }
  const answer = await confirm({ message: question, initialValue: false, output: process.stderr })
  if (isCancel(answer) || !answer) throw new CommandError('Nothing was deleted.', '')
}
