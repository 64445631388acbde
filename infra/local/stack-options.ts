import type { PartName } from './parts.ts'
import type { Ports } from './ports.ts'
import type { ProcessDeath } from './running-process.ts'
import type { Settings } from './environment.ts'

export interface StackOptions {
  /** Keeps what the parts store, a folder each; a second start finds it again. */
  dataDirectory: string
  /** Takes one log file a part. */
  logDirectory: string
  ports: Ports
  /**
   * LITELLM_URL, QDRANT_URL and MLFLOW_URL name servers that run elsewhere; LITELLM_MASTER_KEY and
   * QDRANT_API_KEY are the keys of both kinds. All of it also reaches the parts' environment.
   */
  env: Settings
  onEvent?: (event: StackEvent) => void
  /** Ends a start that is under way: what runs already is stopped, then the promise rejects. */
  signal?: AbortSignal
}

export type StackEvent =
  | { kind: 'ready'; part: PartName; url: string; seconds: number }
  | { kind: 'elsewhere'; part: PartName; url: string }
  | { kind: 'died'; part: PartName; reason: ProcessDeath }
