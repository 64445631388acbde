import { addresses } from '../stack/client.ts'
import type { Address } from './client.ts'
import { startProvider } from './provider.ts'
import type { Provider } from './provider.ts'
import { recorder } from './recorder.ts'
import type { Recorder } from './recorder.ts'

/** What the clients of a test file meet: the real stack between a recorder and a provider. */
export interface World {
  readonly provider: Provider
  readonly record: Recorder
  /** Where the clients send their requests. */
  readonly at: Address
  /** The outcomes of all requests that contain this text. */
  outcomes(text: string): unknown[]
  close(): void
}

/** The gateway behind the recorder, with keys as in production. */
export const gateway = addresses.keyed

/** Starts the two ends of the stack. */
export async function startWorld(): Promise<World> {
  const provider = await startProvider(addresses.providerPort)
  const record = await recorder(gateway)
  return {
    provider,
    record,
    at: { url: record.url, key: addresses.masterKey },
    outcomes: (text) => record.of(text).map(({ answer }) => answer['x-cache']),
    close() {
      record.close()
      provider.close()
    },
  }
}

/** A question that nobody has asked, and the part that only it has. */
export function question(script = 'Say something.'): { asked: string; id: string } {
  const id = crypto.randomUUID()
  return { id, asked: `${script} ${id}` }
}
