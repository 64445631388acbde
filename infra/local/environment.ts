import { join, resolve } from 'node:path'

import { type PartName, partNames, parts, type StackEnvironment } from './parts.ts'
import type { Ports } from './ports.ts'

/** Settings by name, as in `process.env`. */
export type Settings = Readonly<Record<string, string | undefined>>

const REPOSITORY = resolve(import.meta.dirname, '../..')
const DEFAULT_MASTER_KEY = 'sk-local-master'

/** Whether a part is started here, because no external server replaces it. */
export function isLocal(part: PartName, settings: Settings): boolean {
  return !settings[parts[part].replacedBy]
}

/** The address of an external server for a part, without a trailing slash. */
export function elsewhere(part: PartName, settings: Settings): string | undefined {
  const setting = parts[part].replacedBy
  // An external LiteLLM also replaces the model servers, but is not one of them.
  if (setting !== `${part.toUpperCase()}_URL`) return undefined
  return settings[setting]?.replace(/\/+$/, '') || undefined
}

/** The addresses and keys that the parts need of each other. */
export function stackEnvironment(
  settings: Settings,
  ports: Ports,
  experimentId: string,
): StackEnvironment {
  const urls = partNames.map((part) => [
    part,
    elsewhere(part, settings) ?? `http://127.0.0.1:${ports[part]}`,
  ])
  return {
    urls: Object.fromEntries(urls) as StackEnvironment['urls'],
    masterKey: settings.LITELLM_MASTER_KEY || DEFAULT_MASTER_KEY,
    qdrantKey: settings.QDRANT_API_KEY ?? '',
    experimentId,
  }
}

/** The environment of a part: the settings, what every part needs, and what this one needs. */
export function environmentOf(
  part: PartName,
  settings: Settings,
  port: number,
  environment: StackEnvironment,
): Record<string, string> {
  const given = Object.entries(settings).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(given),
    PATH: `${join(REPOSITORY, '.local/venv/bin')}:${settings.PATH ?? process.env.PATH ?? ''}`,
    PYTHONPATH: join(REPOSITORY, 'infra/local'),
    // Unbuffered, so that the log is complete when a part dies.
    PYTHONUNBUFFERED: '1',
    // No colours in log files.
    FORCE_COLOR: '0',
    REPOSITORY,
    PORT: String(port),
    ...parts[part].environment?.(environment),
  }
}
