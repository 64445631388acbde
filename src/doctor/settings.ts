import { ok, skipped, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

/** What the settings say that is valid, and may still be a mistake. */
export interface SettingsFacts {
  readonly environment: 'production' | 'development'
  /** Whether callers need no key. */
  readonly isOpen: boolean
  /** The host of the gateway, as this request names it. */
  readonly host: string
  /** The rate-limit bindings that are missing. */
  readonly unlimited: readonly string[]
  /** How long copies in the near tiers are valid; 0 if they are off. */
  readonly edgeTtlSeconds: number
  /** The settings whose address is not HTTPS. */
  readonly unencrypted: readonly string[]
  readonly hasQdrantKey: boolean
  readonly semantic: 'on' | 'shadow' | 'off'
  /** Who pays for verdicts on semantic hits. */
  readonly verdicts: 'gateway' | 'callers' | 'nobody'
  /** Whether traces with prompts and answers are sent. */
  readonly tracesContent: boolean
  readonly hasLedger: boolean
}

/** Examines the settings. Invalid ones never get here: every request is refused then. */
export function settingsChecks(facts: SettingsFacts): readonly Check[] {
  return Object.entries(rules).map(([name, examine]) => ({
    what: `settings: ${name}`,
    cure: 'This is a defect of the gateway: please report it.',
    examine: () => examine(facts),
  }))
}

const isLocal = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host)

const rules: Readonly<Record<string, (facts: SettingsFacts) => Finding>> = {
  access({ isOpen, host }) {
    if (!isOpen) return ok('Callers need a key.')
    return isLocal(host)
      ? ok('Callers need no key, on this machine.')
      : warning(
          `Whoever reaches ${host} may use it without a key.`,
          'Set AUTH_MODE to litellm or keys, and ENVIRONMENT=production.',
        )
  },

  'rate limits': ({ isOpen, unlimited }) =>
    isOpen || unlimited.length === 0
      ? ok(isOpen ? 'Without keys, nobody is limited.' : 'All bindings are there.')
      : warning(`Without limits: ${unlimited.join(', ')}.`, 'Bind them in wrangler.toml.'),

  'near tiers'({ edgeTtlSeconds, host }) {
    if (edgeTtlSeconds === 0) {
      return warning(
        'EDGE_TTL_SECONDS is 0: every hit reads Qdrant.',
        'Set it to some seconds, unless a purge must show everywhere at once.',
      )
    }
    return host.endsWith('.workers.dev')
      ? warning(
          'The Cache API does nothing on workers.dev: data centres share no copies.',
          'Serve the gateway from a domain of your own.',
        )
      : ok(`Copies are valid for ${edgeTtlSeconds} s.`)
  },

  transport: ({ environment, unencrypted }) =>
    environment === 'production' && unencrypted.length > 0
      ? warning(
          `Keys and prompts travel unencrypted: ${unencrypted.join(', ')}.`,
          'Use https, unless a private network is between them.',
        )
      : ok(unencrypted.length === 0 ? 'All addresses are HTTPS.' : 'Unencrypted, in development.'),

  'Qdrant key': ({ environment, hasQdrantKey }) =>
    environment === 'production' && !hasQdrantKey
      ? warning(
          'There is no QDRANT_API_KEY: whoever reaches Qdrant can read every cached answer.',
          'Give Qdrant a key, and set it with: wrangler secret put QDRANT_API_KEY.',
        )
      : ok(hasQdrantKey ? 'There is one.' : 'None, in development.'),

  verification({ semantic, verdicts }) {
    if (semantic === 'off') return skipped('SEMANTIC is off.', 'Set it to on or shadow to use it.')
    if (verdicts === 'nobody') {
      return warning(
        'SEMANTIC_VERIFY is off: similar questions get the same answer, right or wrong.',
        'Set it to on.',
      )
    }
    return verdicts === 'callers'
      ? warning(
          'Callers whose key does not allow the judge model get no semantic hits.',
          'Set SEMANTIC_JUDGE_API_KEY.',
        )
      : ok('The gateway pays for verdicts.')
  },

  'trace content': ({ environment, tracesContent }) =>
    tracesContent && environment === 'production'
      ? warning(
          'MLflow gets prompts and answers.',
          'Set TRACE_CONTENT=false if it must not store them.',
        )
      : ok(tracesContent ? 'Prompts and answers, in development.' : 'Traces have none.'),

  ledger: ({ hasLedger }) =>
    hasLedger
      ? ok('Requests are counted.')
      : warning(
          'Nothing is counted: no dashboard, no metrics, no age of the sweep.',
          'Set LEDGER=on, and bind LEDGER_OBJECTS in wrangler.toml.',
        ),
}
