import { rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { CommandError } from './admin-client.ts'

/** The exit codes of a process that these signals end, as shells give them. */
const ENDED_BY = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Writes a file that is there as a whole or not at all: under another name first, which is removed if
 * the command is interrupted. Only its owner may read it. Throws a `CommandError` if it cannot be written.
 */
export async function writeAtomically(file: string, text: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`
  const handle = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw new CommandError(
      `${file} cannot be written: ${(error as Error).message}.`,
      'Name another file.',
    )
  })
  const interrupted = (signal: keyof typeof ENDED_BY) => {
    rmSync(unfinished, { force: true })
    process.exit(ENDED_BY[signal])
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    for await (const part of text) await handle.appendFile(part)
    await handle.sync()
    await handle.close()
    await rename(unfinished, file)
  } catch (error) {
    await handle.close().catch(() => {}) // it may be closed already
    await rm(unfinished, { force: true })
    throw error
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
  }
}
