import * as z from 'zod'
import { cachedApis } from '../apis/cached-apis.ts'
import { ruleAdmits } from '../cache/policy.ts'
import type { Policies, PolicySubject } from '../cache/policy.ts'
import { policyRule } from '../cache/policy-rules.ts'
import type { PolicyMember, PolicyRule } from '../cache/policy-rules.ts'

const paths = cachedApis.map(({ path }) => path)

/** The requests that an operator asks about. What is not given may be anything. */
export const policiesQuery = z.strictObject({
  model: z.string().optional().meta({ description: 'The model, as callers name it.' }),
  path: z.enum(paths).optional().meta({ description: 'The canonical path of the API.' }),
  tenant: z
    .string()
    .regex(/^(?!\[)/, "must be a caller's tenant: end users have the policy of their tenant")
    .optional()
    .meta({ description: 'The tenant of the caller, not of an end user.' }),
})

const subjectPart = z.enum(['model', 'path', 'tenant'])

/** A value that applies, and the policy or setting that it comes from. */
const decided = <Value extends z.ZodType>(value: Value) => z.object({ value, from: z.string() })

const effective = z.object({
  cache: decided(z.enum(['on', 'off'])),
  ttl_seconds: decided(z.int()),
  max_ttl_seconds: decided(z.int()),
  semantic: decided(z.enum(['on', 'shadow', 'off'])),
  semantic_min_probability: decided(z.number()),
  stale_if_error_seconds: decided(z.int()),
  stale_while_revalidate_seconds: decided(z.int()),
}) satisfies z.ZodType<Record<PolicyMember, unknown>>

/** The rules, and what they decide for the requests in question. */
export const policiesAnswer = z.object({
  policies: z
    .array(z.object({ matches: z.enum(['yes', 'no', 'depends']), rule: policyRule(paths) }))
    .meta({ description: 'All rules, in the order in which they are tried.' }),
  applies: z
    .object({ index: z.int(), name: z.string() })
    .nullable()
    .meta({ description: 'The rule that applies; null if none does, or if that depends.' }),
  depends_on: z
    .array(subjectPart)
    .meta({ description: 'What the query must give to know which rule applies.' }),
  effective: effective
    .nullable()
    .meta({ description: 'What applies, and from where; null if that depends.' }),
})

export type PoliciesAnswer = z.output<typeof policiesAnswer>

export interface PolicySettings {
  /** SEMANTIC, which a policy can restrict but not extend. */
  readonly semantic: 'on' | 'shadow' | 'off'
  /** The setting that decides where a policy does not. */
  readonly settingOf: Readonly<Record<Exclude<PolicyMember, 'cache'>, string>>
}

/** Which rule applies to these requests, and what it decides. */
export function policiesReport(
  policies: Policies,
  asked: z.output<typeof policiesQuery>,
  settings: PolicySettings,
): PoliciesAnswer {
  const matched = policies.rules.map((rule, index) => ({
    index,
    rule,
    open: openParts(rule, asked),
  }))
  // Rules before this one do not match, whatever the rest of the request is.
  const first = matched.find(({ open }) => open !== undefined)
  const dependsOn = first?.open ?? []
  const isKnown = dependsOn.length === 0
  return {
    policies: matched.map(({ rule, open }) => ({ matches: wordFor(open), rule })),
    applies: isKnown && first ? { index: first.index, name: first.rule.name } : null,
    depends_on: dependsOn,
    effective: isKnown ? effectOf(policies, first?.rule, settings) : null,
  }
}

const PARTS = subjectPart.options satisfies readonly (keyof PolicySubject)[]

/** What must be given to know whether a rule matches; undefined if it does not match. */
function openParts(
  rule: PolicyRule,
  asked: z.output<typeof policiesQuery>,
): (keyof PolicySubject)[] | undefined {
  const open: (keyof PolicySubject)[] = []
  for (const part of PARTS) {
    const value = asked[part]
    if (value !== undefined && !ruleAdmits[part](rule, value)) return undefined
    if (value === undefined && rule[`${part}s`] !== undefined) open.push(part)
  }
  return open
}

function wordFor(open: readonly string[] | undefined): 'yes' | 'no' | 'depends' {
  if (open === undefined) return 'no'
  return open.length === 0 ? 'yes' : 'depends'
}

function effectOf(
  policies: Policies,
  rule: PolicyRule | undefined,
  { semantic: mode, settingOf }: PolicySettings,
): PoliciesAnswer['effective'] {
  const { caches, allowsSemantic, windows, ...policy } = policies.of(rule)
  const ofRule = `policy ${rule?.name}`
  const from = (member: keyof typeof settingOf) =>
    rule?.[member] === undefined ? settingOf[member] : ofRule
  const semantic = allowsSemantic ? mode : 'off'
  return {
    cache: {
      value: caches ? 'on' : 'off',
      from: rule?.cache === undefined ? 'default' : ofRule,
    },
    ttl_seconds: { value: policy.ttlSeconds, from: from('ttl_seconds') },
    max_ttl_seconds: { value: policy.maxTtlSeconds, from: from('max_ttl_seconds') },
    semantic: { value: semantic, from: semantic === mode ? settingOf.semantic : ofRule },
    semantic_min_probability: {
      value: policy.minProbability,
      from: from('semantic_min_probability'),
    },
    stale_if_error_seconds: {
      value: windows.ifErrorSeconds,
      from: from('stale_if_error_seconds'),
    },
    stale_while_revalidate_seconds: {
      value: windows.whileRevalidateSeconds,
      from: from('stale_while_revalidate_seconds'),
    },
  }
}
