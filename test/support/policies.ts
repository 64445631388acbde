import { Policies } from '../../src/cache/policy.ts'
import { policyOfSettings, settings } from '../../src/config.ts'
import type { Config } from '../../src/config.ts'

/** The policy of a gateway with default settings and no rules. */
export const plainPolicy = policyOfSettings(
  settings.partial({ LITELLM_URL: true, QDRANT_URL: true }).parse({}) as Config,
)

/** No rules. */
export const noPolicies = new Policies([], plainPolicy)
