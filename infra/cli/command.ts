import type { Command } from 'commander'
import type { AdminClient } from './admin-client.ts'
import type { Output } from './output.ts'

/** What each command gets: the gateway it is about, and where its results go. */
export interface CommandContext {
  readonly admin: AdminClient
  /** The gateway's address, without a slash at the end. */
  readonly url: string
  readonly output: Output
}

/** Adds a command to the program. Its action asks for the context when it runs. */
export type AddCommand = (program: Command, context: () => CommandContext) => void
