import * as z from 'zod'
import { covers } from './wildcards.ts'

/** A text with wildcards (`*`). */
const pattern = z.string().min(1).max(256)
const onOff = z.enum(['on', 'off']).optional()
/** TTLs of up to a year, as CACHE_MAX_TTL_SECONDS; windows of up to a week, as the settings' own. */
const ttl = z.int().min(1).max(31_536_000).optional()
const staleWindow = z.int().min(0).max(604_800).optional()

/** What a rule applies to; without a member, to everything. */
const matching = {
  models: z.array(pattern).min(1).optional(),
  tenants: z
    .array(pattern.regex(/^[^[]/, "must not begin with [: end users have their tenant's policy"))
    .min(1)
    .optional(),
}

/** What a rule decides. Without a member, the settings decide. */
const deciding = {
  cache: onOff,
  ttl_seconds: ttl,
  max_ttl_seconds: ttl,
  semantic: onOff,
  semantic_min_probability: z.number().min(0).max(1).optional(),
  stale_if_error_seconds: staleWindow,
  stale_while_revalidate_seconds: staleWindow,
}

/** The schema of one rule, for APIs with these paths. No message of it contains a value. */
export function policyRule(paths: readonly string[]) {
  const shape = {
    name: z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, - and _'),
    ...matching,
    paths: z.array(z.enum(paths)).min(1).optional(),
    ...deciding,
  }
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? `has an unknown member; those known are ${known}` : undefined,
  })
}

/** One rule: which requests it applies to, and what it decides for them. */
export type PolicyRule = z.output<ReturnType<typeof policyRule>>

/** What a rule may decide. */
export type PolicyMember = keyof typeof deciding

const MEMBERS = Object.keys(deciding) as PolicyMember[]

/** The schema of all rules, in order. A rule that could have no effect is refused. */
export function policyRules(paths: readonly string[]) {
  return z
    .array(policyRule(paths))
    .min(1, 'must have a rule')
    .superRefine((rules, context) => {
      for (const [index, rule] of rules.entries()) {
        const problem = problemOf(rule, rules.slice(0, index))
        if (problem === undefined) continue
        const [member, message] = problem
        context.addIssue({ code: 'custom', path: [index, ...member], message })
      }
    })
}

/** What is wrong with a rule that comes after these: the member, if it is one, and why. */
function problemOf(
  rule: PolicyRule,
  earlier: readonly PolicyRule[],
): [string[], string] | undefined {
  const set = MEMBERS.filter((member) => rule[member] !== undefined)
  if (earlier.some(({ name }) => name === rule.name)) {
    return [['name'], 'must not be the name of an earlier rule']
  }
  if (set.length === 0) return [[], `must set one of ${MEMBERS.join(', ')}`]
  const other = set.find((member) => member !== 'cache')
  if (rule.cache === 'off' && other !== undefined) return [[other], 'has no effect with cache off']
  if (rule.semantic === 'off' && rule.semantic_min_probability !== undefined) {
    return [['semantic_min_probability'], 'has no effect with semantic off']
  }
  const before = earlier.findIndex((one) => isReplacedBy(rule, one))
  return before < 0 ? undefined : [[], `never applies: rule ${before} matches the same requests`]
}

/** Whether the other rule matches every request that this one matches. */
function isReplacedBy(rule: PolicyRule, other: PolicyRule): boolean {
  return (['models', 'paths', 'tenants'] as const).every((member) =>
    covers(other[member] ?? ['*'], rule[member] ?? ['*']),
  )
}
