import type { TtlLimits } from './controls.ts'
import type { StaleWindows } from './freshness.ts'
import type { PolicyRule } from './policy-rules.ts'
import { matchesAny } from './wildcards.ts'

/** How the answers to a request are cached, as far as the operator decides. */
export interface Policy extends TtlLimits {
  /** The rule that decides; undefined if none does, and the settings apply. */
  readonly name: string | undefined
  /** Whether answers are read from the cache and stored. */
  readonly caches: boolean
  /** Whether a semantic hit may answer, if the settings allow it. */
  readonly allowsSemantic: boolean
  /** The lowest probability that a semantic hit is right with which it is served, 0 … 1. */
  readonly minProbability: number
  readonly windows: StaleWindows
}

/** What a rule is compared with. */
export interface PolicySubject {
  /** The model as the caller names it; "" if it names none. */
  readonly model: string
  /** The canonical path of the API. */
  readonly path: string
  /** The caller's tenant, whatever the end user; "" if it is unknown, so nothing is cached. */
  readonly tenant: string
}

/** Whether a rule applies to this model, path or tenant. */
export const ruleAdmits = {
  model: ({ models }: PolicyRule, model: string) =>
    models === undefined || matchesAny(model, models),
  path: ({ paths }: PolicyRule, path: string) => paths === undefined || paths.includes(path),
  tenant: ({ tenants }: PolicyRule, tenant: string) =>
    tenants === undefined || matchesAny(tenant, tenants),
} satisfies Record<keyof PolicySubject, (rule: PolicyRule, value: string) => boolean>

/** The rules of an operator. The first one that matches a request decides. */
export class Policies {
  readonly rules: readonly PolicyRule[]
  /** What applies where no rule does. */
  private readonly settings: Policy
  private readonly byRule: ReadonlyMap<PolicyRule, Policy>

  constructor(rules: readonly PolicyRule[], settings: Policy) {
    this.rules = rules
    this.settings = settings
    this.byRule = new Map(rules.map((rule) => [rule, policyOf(rule, settings)]))
  }

  /** The policy for this request. */
  for({ model, path, tenant }: PolicySubject): Policy {
    const applies = (rule: PolicyRule) =>
      ruleAdmits.model(rule, model) &&
      ruleAdmits.path(rule, path) &&
      ruleAdmits.tenant(rule, tenant)
    return this.of(this.rules.find(applies))
  }

  /** The policy that a rule makes; without one, that of the settings. */
  of(rule: PolicyRule | undefined): Policy {
    return (rule && this.byRule.get(rule)) ?? this.settings
  }

  /** How long after its expiry an entry may still be served, whatever the policy. */
  get longestWindowSeconds(): number {
    const all = [this.settings, ...this.byRule.values()]
    return Math.max(...all.flatMap(({ windows }) => Object.values(windows)))
  }
}

function policyOf(rule: PolicyRule, settings: Policy): Policy {
  const { windows } = settings
  return {
    name: rule.name,
    caches: rule.cache !== 'off',
    allowsSemantic: rule.cache !== 'off' && rule.semantic !== 'off',
    ttlSeconds: rule.ttl_seconds ?? settings.ttlSeconds,
    maxTtlSeconds: rule.max_ttl_seconds ?? settings.maxTtlSeconds,
    minProbability: rule.semantic_min_probability ?? settings.minProbability,
    windows: {
      ifErrorSeconds: rule.stale_if_error_seconds ?? windows.ifErrorSeconds,
      whileRevalidateSeconds: rule.stale_while_revalidate_seconds ?? windows.whileRevalidateSeconds,
    },
  }
}
