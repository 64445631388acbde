import type { PartName } from './parts.ts'
import type { Ports } from './ports.ts'
import type { ProcessDeath } from './running-process.ts'
import type { Settings } from './environment.ts'

export interface StackOptions {
  /** Where the parts store their data, a folder each. Survives restarts. */
  dataDirectory: string
  /** Where the log files are, one per part. */
  logDirectory: string
  ports: Ports
  /**
   * LITELLM_URL, QDRANT_URL and MLFLOW_URL name external servers. LITELLM_MASTER_KEY and
   * QDRANT_API_KEY are the keys of local and external servers. All settings are passed on to the
   * parts.
   */
  env: Settings
  onEvent?: (event: StackEvent) => void
  /** Interrupts a start: stops the running parts, then rejects. */
  signal?: AbortSignal
}

export type StackEvent =
  | { kind: 'ready'; part: PartName; url: string; seconds: number }
  | { kind: 'elsewhere'; part: PartName; url: string }
  | { kind: 'died'; part: PartName; reason: ProcessDeath }
