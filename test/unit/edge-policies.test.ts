import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AdminClient } from '../../infra/cli/admin-client.ts'
import { policiesCommand } from '../../infra/cli/policies.ts'
import { policiesQuery, policiesReport } from '../../src/admin/policies.ts'
import { Policies } from '../../src/cache/policy.ts'
import type { PolicyRule } from '../../src/cache/policy-rules.ts'
import { settingOfPolicy } from '../../src/config.ts'
import { plainPolicy } from '../support/policies.ts'

const CHAT = '/v1/chat/completions'
const RULES: PolicyRule[] = [
  { name: 'legal', tenants: ['team:legal'], cache: 'off' },
  { name: 'gpt', models: ['gpt-*', 'o3'], paths: [CHAT], ttl_seconds: 60 },
]

afterEach(() => void vi.unstubAllGlobals())

/** What the command prints about a gateway with these rules. */
async function printed(rules: PolicyRule[], ...options: string[]) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname, searchParams } = new URL(url)
    asked.push(pathname)
    const query = policiesQuery.parse(Object.fromEntries(searchParams))
    const settings = { semantic: 'on', settingOf: settingOfPolicy } as const
    return Response.json(policiesReport(new Policies(rules, plainPolicy), query, settings))
  })
  const results: [unknown, string][] = []
  const url = 'http://gateway'
  const program = new Command()
  policiesCommand(program, () => ({
    admin: new AdminClient({ url, adminKey: 'admin' }),
    url,
    output: {
      json: false,
      result: (value, text) => void results.push([value, text]),
      note: () => {},
    },
  }))
  await program.parseAsync(['policies', ...options], { from: 'user' })
  expect(asked).toEqual(['/admin/policies'])
  const [[value, text]] = results as [[unknown, string]]
  return { value, text }
}

describe('edge policies', () => {
  it('prints every rule, the one that applies, and where each value comes from', async () => {
    const asked = ['--model', 'o3', '--path', CHAT, '--tenant', 'acme']
    const { value, text } = await printed(RULES, ...asked)
    expect(text.split('\n')).toEqual([
      '#  policy  matches  models    paths                 tenants     sets',
      '0  legal   no       every     every                 team:legal  cache=off',
      '1  gpt     yes      gpt-* o3  /v1/chat/completions  every       ttl_seconds=60',
      '',
      'Policy gpt applies.',
      '',
      'member                          value  from',
      'cache                           on     default',
      'ttl_seconds                     60     policy gpt',
      'max_ttl_seconds                 86400  CACHE_MAX_TTL_SECONDS',
      'semantic                        on     SEMANTIC',
      'semantic_min_probability        0.9    SEMANTIC_MIN_PROBABILITY',
      'stale_if_error_seconds          3600   CACHE_STALE_IF_ERROR_SECONDS',
      'stale_while_revalidate_seconds  0      CACHE_STALE_WHILE_REVALIDATE_SECONDS',
    ])
    expect(value).toMatchObject({ applies: { index: 1, name: 'gpt' } })
  })

  it('says what is missing to know which rule applies', async () => {
    const { text } = await printed(RULES, '--tenant', 'acme')
    expect(text).toContain('1  gpt     depends')
    expect(text).toMatch(/depends on the model and path: add --model and --path\.$/)
  })

  it('prints the settings if there are no rules, or none applies', async () => {
    for (const rules of [[], RULES]) {
      const { text } = await printed(rules, '--tenant', 'acme', '--model', 'x')
      expect(text).toContain('No policy applies.')
      expect(text).toMatch(/ttl_seconds +1800 +CACHE_TTL_SECONDS/)
    }
  })
})
