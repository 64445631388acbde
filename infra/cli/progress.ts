import { progress } from '@clack/prompts'
import type { Output } from './output.ts'

/** How far a command is, on a terminal. */
export interface ProgressBar {
  /** `step` more are done; `message` says what. */
  advance(step: number, message: string): void
  /** Ends it, and says how it went. */
  stop(message: string): void
}

/** A bar on standard error; nothing with `--json`, and nothing if that is no terminal. */
export function progressBar(output: Output, max: number, message: string): ProgressBar {
  if (output.json || !process.stderr.isTTY) return { advance: () => {}, stop: () => {} }
  const bar = progress({ max: Math.max(1, max), output: process.stderr })
  bar.start(message)
  return {
    advance: (step, message) => bar.advance(step, message),
    stop: (message) => bar.stop(message),
  }
}
