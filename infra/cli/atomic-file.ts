import { open, rename, rm } from 'node:fs/promises'
import { CommandError } from './admin-client.ts'

/**
 * Writes a file that is there as a whole or not at all: under another name first. Only its owner may
 * read it. Throws a `CommandError` if it cannot be written.
 */
export async function writeAtomically(file: string, text: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`
  const handle = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw new CommandError(
      `${file} cannot be written: ${(error as Error).message}.`,
      'Name another file.',
    )
  })
  try {
    for await (const part of text) await handle.appendFile(part)
    await handle.sync()
    await handle.close()
    await rename(unfinished, file)
  } catch (error) {
    await handle.close().catch(() => {}) // it may be closed already
    await rm(unfinished, { force: true })
    throw error
  }
}
