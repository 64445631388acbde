import { progress } from '@clack/prompts'
import type { Output } from './output.ts'

/** Shows how far long work has come. */
export interface ProgressBar {
  advance(by: number): void
  /** Ends with this line. */
  end(message: string): void
}

/** A bar on standard error; only a last line if that is no terminal, nothing with `--json`. */
export function progressBar(title: string, total: number, { json, note }: Output): ProgressBar {
  if (json || !process.stderr.isTTY) return { advance: () => {}, end: note }
  const bar = progress({ max: Math.max(total, 1), output: process.stderr })
  bar.start(title)
  return { advance: (by) => bar.advance(by), end: (message) => bar.stop(message) }
}
