import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Policies } from '../../src/cache/policy.ts'
import { policyRules } from '../../src/cache/policy-rules.ts'
import type { PolicyRule } from '../../src/cache/policy-rules.ts'
import { covers, matchesAny } from '../../src/cache/wildcards.ts'
import { plainPolicy } from '../support/policies.ts'

const CHAT = '/v1/chat/completions'
const EMBEDDINGS = '/v1/embeddings'
const schema = policyRules([CHAT, EMBEDDINGS])

/** What is wrong with these rules: the place of the first problem, and all messages. */
function problemIn(rules: unknown) {
  const { error } = schema.safeParse(rules)
  const issues = error?.issues ?? []
  return { at: issues[0]?.path.join('.'), text: issues.map(({ message }) => message).join() }
}

const off = { name: 'a', cache: 'off' } as const

describe('a list of policies', () => {
  it.each<[string, unknown, string]>([
    ['an object', {}, ''],
    ['an empty list', [], ''],
    ['a rule without a name', [{ cache: 'off' }], '0.name'],
    ['a name that does not fit into a header', [{ ...off, name: 's3cret "' }], '0.name'],
    ['two rules with one name', [{ ...off, models: ['x'] }, off], '1.name'],
    ['an unknown member', [{ ...off, s3cret: 60 }], '0'],
    ['an empty list of models', [{ ...off, models: [] }], '0.models'],
    ['an empty pattern', [{ ...off, models: ['x', ''] }], '0.models.1'],
    ['a path without /v1', [{ ...off, paths: ['/chat/completions'] }], '0.paths.0'],
    ['an unknown path', [{ ...off, paths: [CHAT, '/v1/s3cret'] }], '0.paths.1'],
    ["an end user's tenant", [{ ...off, tenants: ['["s3cret","ann"]'] }], '0.tenants.0'],
    ['a TTL of 0', [{ name: 'a', ttl_seconds: 0 }], '0.ttl_seconds'],
    ['a TTL that is not whole', [{ name: 'a', ttl_seconds: 1.5 }], '0.ttl_seconds'],
    ['a TTL as text', [{ name: 'a', ttl_seconds: 's3cret' }], '0.ttl_seconds'],
    ['a TTL over a year', [{ name: 'a', max_ttl_seconds: 31_536_001 }], '0.max_ttl_seconds'],
    ['a negative window', [{ name: 'a', stale_if_error_seconds: -1 }], '0.stale_if_error_seconds'],
    [
      'a window over a week',
      [{ name: 'a', stale_while_revalidate_seconds: 604_801 }],
      '0.stale_while_revalidate_seconds',
    ],
    [
      'a probability over 1',
      [{ name: 'a', semantic_min_probability: 1.1 }],
      '0.semantic_min_probability',
    ],
    ['another word than on and off', [{ name: 'a', cache: 's3cret' }], '0.cache'],
    ['a rule that sets nothing', [{ name: 'a', models: ['s3cret'] }], '0'],
    ['a TTL with cache off', [{ ...off, ttl_seconds: 60 }], '0.ttl_seconds'],
    [
      'a threshold with semantic off',
      [{ name: 'a', semantic: 'off', semantic_min_probability: 1 }],
      '0.semantic_min_probability',
    ],
    ['a rule after one for all requests', [off, { ...off, name: 'b', models: ['x'] }], '1'],
    [
      'a rule after one for all models',
      [
        { ...off, models: ['*'] },
        { ...off, name: 'b' },
      ],
      '1',
    ],
    [
      'a rule whose models, paths and tenants an earlier one has',
      [
        { ...off, models: ['gpt-*', 'x'], paths: [CHAT, EMBEDDINGS] },
        { ...off, name: 'between', tenants: ['acme'] },
        { ...off, name: 'b', models: ['gpt-4*', 'x'], paths: [CHAT], tenants: ['acme'] },
      ],
      '2',
    ],
  ])('is refused with %s, at its place and without its value', (_, rules, place) => {
    const { at, text } = problemIn(rules)
    expect(at).toBe(place)
    expect(text).not.toContain('s3cret')
  })

  it('names the allowed paths where one is refused, and the known members', () => {
    expect(problemIn([{ ...off, paths: ['/v1/chat'] }]).text).toContain(EMBEDDINGS)
    expect(problemIn([{ ...off, ttl: 60 }]).text).toContain('ttl_seconds')
  })

  it.each<[string, unknown[]]>([
    ['exceptions before a rule', [{ name: 'b', models: ['x'], cache: 'on' }, off]],
    [
      'overlapping models',
      [
        { ...off, models: ['a*'] },
        { ...off, name: 'b', models: ['*a'] },
      ],
    ],
    [
      'the same model on two paths',
      [
        { ...off, models: ['x'], paths: [CHAT] },
        { ...off, name: 'b', models: ['x'], paths: [EMBEDDINGS] },
      ],
    ],
    [
      'a wider rule after a narrower one',
      [
        { ...off, models: ['x'], tenants: ['acme'] },
        { ...off, name: 'b', models: ['x'] },
      ],
    ],
    ['a window of 0', [{ name: 'a', stale_if_error_seconds: 0 }]],
  ])('is accepted with %s', (_, rules) => {
    expect(problemIn(rules).at).toBeUndefined()
  })
})

describe('the policy of a request', () => {
  const rules: PolicyRule[] = schema.parse([
    { name: 'team', tenants: ['team:*'], models: ['gpt-*', 'o3'], ttl_seconds: 60 },
    { name: 'vectors', paths: [EMBEDDINGS], max_ttl_seconds: 604_800 },
    { name: 'gpt', models: ['gpt-*'], semantic: 'off', stale_if_error_seconds: 0 },
    { name: 'rest', tenants: ['acme'], cache: 'off' },
  ])
  const policies = new Policies(rules, plainPolicy)
  const nameFor = (model: string, path: string, tenant: string) =>
    policies.for({ model, path, tenant }).name

  it.each([
    ['gpt-5', CHAT, 'team:a', 'team'],
    ['o3', EMBEDDINGS, 'team:a', 'team'],
    ['o3-mini', CHAT, 'team:a', undefined],
    ['o3-mini', EMBEDDINGS, 'team:a', 'vectors'],
    ['gpt-5', CHAT, 'acme', 'gpt'],
    ['gpt-5', EMBEDDINGS, 'acme', 'vectors'],
    ['o3', CHAT, 'acme', 'rest'],
    ['o3', CHAT, 'acme2', undefined],
    ['', CHAT, '', undefined],
  ])('for %j, %s and tenant %j is that of the first rule that matches: %s', (...subject) => {
    const [model, path, tenant, expected] = subject
    expect(nameFor(model, path, tenant)).toBe(expected)
  })

  it('has what its rule sets, and the rest from the settings', () => {
    const of = (name: string) => policies.of(rules.find((rule) => rule.name === name))
    expect(policies.of(undefined)).toEqual(plainPolicy)
    expect(of('team')).toEqual({ ...plainPolicy, name: 'team', ttlSeconds: 60 })
    expect(of('vectors')).toEqual({ ...plainPolicy, name: 'vectors', maxTtlSeconds: 604_800 })
    const windows = { ...plainPolicy.windows, ifErrorSeconds: 0 }
    expect(of('gpt')).toEqual({ ...plainPolicy, name: 'gpt', allowsSemantic: false, windows })
    const uncached = { name: 'rest', caches: false, allowsSemantic: false }
    expect(of('rest')).toEqual({ ...plainPolicy, ...uncached })
  })

  it.each([
    [[], 3_600],
    [[{ name: 'a', stale_if_error_seconds: 60 }], 3_600],
    [[{ name: 'a', stale_if_error_seconds: 7_200 }], 7_200],
    [
      [
        { ...off, models: ['x'] },
        { name: 'b', stale_while_revalidate_seconds: 9_000 },
      ],
      9_000,
    ],
  ])('%j serves no entry later than the longest window: %i s', (given, longest) => {
    const parsed = given.length === 0 ? [] : schema.parse(given)
    expect(new Policies(parsed, plainPolicy).longestWindowSeconds).toBe(longest)
  })
})

describe('patterns that cover others', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 5 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 })

  it('match every text that the others match', () => {
    let covering = 0
    fc.assert(
      fc.property(pattern, pattern, text, (wide, narrow, one) => {
        if (!covers([wide], [narrow]) || !matchesAny(one, [narrow])) return
        covering += 1
        expect(matchesAny(one, [wide])).toBe(true)
      }),
      { numRuns: 20_000 },
    )
    expect(covering).toBeGreaterThan(500)
  })
})
