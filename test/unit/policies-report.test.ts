import { describe, expect, it } from 'vitest'
import { policiesAnswer, policiesQuery, policiesReport } from '../../src/admin/policies.ts'
import { Policies } from '../../src/cache/policy.ts'
import { policyRules } from '../../src/cache/policy-rules.ts'
import { settingOfPolicy } from '../../src/config.ts'
import { plainPolicy } from '../support/policies.ts'

const CHAT = '/v1/chat/completions'
const EMBEDDINGS = '/v1/embeddings'

const RULES = [
  { name: 'legal', tenants: ['team:legal'], cache: 'off' },
  { name: 'gpt', models: ['gpt-*'], paths: [CHAT], ttl_seconds: 60, semantic: 'off' },
  { name: 'vectors', paths: [EMBEDDINGS], max_ttl_seconds: 604_800, semantic: 'on' },
]

function report(
  query: Record<string, string>,
  { rules = RULES, semantic = 'on' }: { rules?: object[]; semantic?: 'on' | 'shadow' | 'off' } = {},
) {
  const parsed = rules.length === 0 ? [] : policyRules([CHAT, EMBEDDINGS]).parse(rules)
  const asked = policiesQuery.parse(query)
  const settings = { semantic, settingOf: settingOfPolicy }
  return policiesAnswer.parse(policiesReport(new Policies(parsed, plainPolicy), asked, settings))
}

describe('the report on policies', () => {
  it.each<[Record<string, string>, string[], string | undefined, string[]]>([
    // Nothing is known, so the first rule may apply.
    [{}, ['depends', 'depends', 'depends'], undefined, ['tenant']],
    [{ tenant: 'team:legal' }, ['yes', 'depends', 'depends'], 'legal', []],
    [{ model: 'gpt-5' }, ['depends', 'depends', 'depends'], undefined, ['tenant']],
    [{ tenant: 'acme', model: 'gpt-5' }, ['no', 'depends', 'depends'], undefined, ['path']],
    [{ tenant: 'acme', path: CHAT }, ['no', 'depends', 'no'], undefined, ['model']],
    [{ tenant: 'acme' }, ['no', 'depends', 'depends'], undefined, ['model', 'path']],
    [{ tenant: 'acme', path: EMBEDDINGS }, ['no', 'no', 'yes'], 'vectors', []],
    [{ tenant: 'acme', model: 'gpt-5', path: CHAT }, ['no', 'yes', 'no'], 'gpt', []],
    [{ tenant: 'acme', model: 'o3', path: CHAT }, ['no', 'no', 'no'], undefined, []],
  ])('of %j says which rules match, which applies, and on what it depends', (...row) => {
    const [query, matches, name, dependsOn] = row
    const answer = report(query)
    expect(answer.policies.map((one) => one.matches)).toEqual(matches)
    expect(answer.policies.map(({ rule }) => rule)).toEqual(RULES)
    expect(answer.applies?.name).toBe(name)
    expect(answer.applies?.index).toBe(name && RULES.findIndex((rule) => rule.name === name))
    expect(answer.depends_on).toEqual(dependsOn)
    expect(answer.effective === null).toBe(dependsOn.length > 0)
  })

  it('says where each value comes from: the policy, or the setting', () => {
    const query = { tenant: 'acme', model: 'gpt-5', path: CHAT }
    expect(report(query).effective).toEqual({
      cache: { value: 'on', from: 'default' },
      ttl_seconds: { value: 60, from: 'policy gpt' },
      max_ttl_seconds: { value: 86_400, from: 'CACHE_MAX_TTL_SECONDS' },
      semantic: { value: 'off', from: 'policy gpt' },
      semantic_min_probability: { value: 0.9, from: 'SEMANTIC_MIN_PROBABILITY' },
      stale_if_error_seconds: { value: 3_600, from: 'CACHE_STALE_IF_ERROR_SECONDS' },
      stale_while_revalidate_seconds: {
        value: 0,
        from: 'CACHE_STALE_WHILE_REVALIDATE_SECONDS',
      },
    })
    expect(report({ tenant: 'team:legal' }).effective).toMatchObject({
      cache: { value: 'off', from: 'policy legal' },
      semantic: { value: 'off', from: 'policy legal' },
    })
  })

  it.each(['on', 'shadow', 'off'] as const)(
    'shows SEMANTIC=%s where a policy does not turn semantic hits off, and where it says on',
    (semantic) => {
      const expected = { value: semantic, from: 'SEMANTIC' }
      for (const query of [
        { tenant: 'acme', path: EMBEDDINGS },
        { tenant: 'acme', model: 'o3', path: CHAT },
      ]) {
        expect(report(query, { semantic }).effective?.semantic).toEqual(expected)
      }
      const restricted = report({ tenant: 'team:legal' }, { semantic }).effective?.semantic
      expect(restricted?.value).toBe('off')
    },
  )

  it('shows the settings if there are no rules', () => {
    const { policies, applies, effective } = report({}, { rules: [] })
    expect([policies, applies]).toEqual([[], null])
    expect(Object.values(effective ?? {}).map(({ from }) => from)).toEqual([
      'default',
      ...Object.values(settingOfPolicy),
    ])
  })
})
