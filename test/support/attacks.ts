import fc from 'fast-check'
import { STEERING, STEERING_METADATA } from '../../src/apis/checks.ts'

/** A caller with a valid key who tries to get another tenant's answer. */
export interface Attacker {
  readonly key: string
  readonly tenant: string
  readonly scope?: 'user'
}

/** A request that tries to get another tenant's answer. */
export interface Attack {
  readonly by: Attacker
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** Tenant names that are easily confused with the victims' `acme` and `café`. */
const LOOK_ALIKES = [
  'ACME',
  'Acme',
  ' acme',
  'acme ',
  'acme\u0000',
  'acme\u200B',
  '\uFEFFacme',
  '\u0430cme', // Cyrillic a
  '\uFF41\uFF43\uFF4D\uFF45', // full width
  'acme"',
  'acme","/v1/chat/completions',
  'acme/v1',
  'acme\\u0000',
  'cafe\u0301', // decomposed
  'CAF\u00C9',
  'caf\u00E9 ',
  'apps',
  'ann',
  'public',
]

const lookAlikes: readonly Attacker[] = LOOK_ALIKES.map((tenant, at) => ({
  key: `key-of-look-alike-${at}`,
  tenant,
}))
/** Another end user of the app that a victim uses. */
const neighbour: Attacker = { key: 'key-of-the-app', tenant: 'applications', scope: 'user' }
export const attackers: readonly Attacker[] = [...lookAlikes, neighbour]

/** In an attack, a placeholder for the namespace of a victim's answer at LiteLLM. */
export const LEAKED_SCOPE = 'leaked-scope'

/** Whose answers are secrets: two tenants by name, and one user of a tenant. */
export const victims = [
  { key: 'key-of-acme', tenant: 'acme' },
  { key: 'key-of-cafe', tenant: 'café' },
  { key: 'key-of-the-app', tenant: 'applications', scope: 'user', user: 'ann' },
] as const

const chat = (over: Record<string, unknown>) => ({ model: 'small', ...over })
const question = 'What is the launch code?'
const SYSTEM = { role: 'system', content: 'Be brief.' }
const TOOL = { type: 'function', function: { name: 'launch', parameters: { type: 'object' } } }

/** The victims' requests, which the attackers know. */
export const questions: readonly Record<string, unknown>[] = [
  chat({ messages: [{ role: 'user', content: question }] }),
  chat({ messages: [{ role: 'user', content: question }], temperature: 0 }),
  chat({ messages: [SYSTEM, { role: 'user', content: `${question} ${question}` }] }),
  chat({ messages: [{ role: 'user', content: question }], tools: [TOOL] }),
]

/** A value that is usually left out, so that most requests reach the caches. */
const maybe = <T>(...values: T[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  )

/** Usually one of `usual`, sometimes one of `odd`. */
const mostly = <T>(usual: readonly T[], ...odd: T[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )

const NAMES = ['acme', 'cafe', '["applications","ann"]', 'ann', 'applications']
const KEYS = ['acme', 'sk-upstream', 'a'.repeat(64), 'Bearer acme']

/** Headers from which some proxies read a key, a tenant or an instruction. */
const hostileHeaders = fc.record(
  {
    'x-litellm-api-key': maybe(...KEYS),
    'x-goog-api-key': maybe(...KEYS),
    'ocp-apim-subscription-key': maybe(...KEYS),
    cookie: maybe('tenant=acme', 'token=sk-upstream'),
    'x-tenant': maybe(...NAMES),
    'x-tenant-id': maybe('acme'),
    'x-user': maybe('ann'),
    'x-forwarded-user': maybe('ann', 'acme'),
    'x-litellm-end-user-id': maybe('ann'),
    'x-litellm-customer-id': maybe('ann'),
    'x-litellm-tags': maybe('acme'),
    'x-cache-namespace': maybe('acme', '","acme', '', ' '),
    'x-cache-tags': maybe('acme'),
    'x-cache-key': maybe('acme'),
    'x-cache-semantic': maybe('on', 'off'),
    'cache-control': maybe(
      'only-if-cached',
      'max-stale',
      'max-stale, only-if-cached',
      'max-age=999999',
      'stale-if-error=999999',
      'no-cache',
      'no-store',
    ),
    'x-original-url': maybe('/v1/chat/completions'),
    'x-http-method-override': maybe('GET'),
    'openai-organization': maybe('acme'),
    'openai-project': maybe('acme'),
    'anthropic-beta': maybe('acme'),
    'x-request-id': maybe('00000000-0000-0000-0000-000000000000'),
  },
  { requiredKeys: [] },
)

/** Body members from which some proxies read a key, a tenant or an instruction. */
const hostileMembers = fc.record(
  {
    user: maybe<unknown>(
      'acme',
      'ANN',
      'ann ',
      'ann"]',
      ['ann'],
      { ann: 1 },
      '["acme","ann"]',
      null,
    ),
    tenant: maybe(...NAMES),
    namespace: maybe(...NAMES),
    metadata: maybe<unknown>(
      { user_id: 'ann', tenant: 'acme' },
      { user_api_key: 'sk-upstream', user_api_key_hash: 'acme' },
      { caching_groups: [['small', 'large']] },
      { model_group: 'small' },
      'acme',
    ),
    litellm_metadata: maybe<unknown>({ user_api_key_team_id: 'acme' }, { model_group: 'small' }),
    extra_body: maybe<unknown>(
      { cache: { namespace: 'acme' } },
      { cache_key: LEAKED_SCOPE },
      { user: 'ann' },
    ),
    cache: maybe<unknown>(
      { namespace: 'acme' },
      { namespace: LEAKED_SCOPE },
      { namespace: '' },
      { namespace: '","/v1/chat/completions","' },
      { 'use-cache': true },
      { 's-maxage': 999_999 },
      { ttl: 1 },
    ),
    cache_key: maybe('acme', LEAKED_SCOPE),
    caching: maybe(true),
    litellm_params: maybe<unknown>({ cache_key: LEAKED_SCOPE }),
    steering: maybe(...STEERING),
    steeringInside: maybe(...STEERING_METADATA),
    asText: maybe('metadata', 'litellm_metadata', 'extra_body'),
    prompt_cache_key: maybe('acme', LEAKED_SCOPE),
    safety_identifier: maybe('ann'),
    stream: maybe(true, false),
    __proto__x: maybe('acme'),
  },
  { requiredKeys: [] },
)

const paths = mostly(
  [
    '/v1/chat/completions',
    '/chat/completions',
    '/v1/chat/completions?key=acme',
    '/v1/chat/completions?api_key=sk-upstream&tenant=acme&user=ann',
  ],
  '//v1/chat/completions',
  '/v1/chat/completions/',
  '/v1/../v1/chat/completions',
  '/v1/chat%2Fcompletions',
  '/acme/v1/chat/completions',
)

/** The header of the attacker's own key, and decoys in other key headers. */
const keyForms = mostly<(key: string) => Record<string, string>>(
  [
    (key) => ({ authorization: `Bearer ${key}` }),
    (key) => ({ authorization: `bearer  ${key}` }),
    (key) => ({ 'x-api-key': key }),
    (key) => ({ 'api-key': key }),
    (key) => ({ 'x-api-key': key, 'api-key': 'acme', 'x-litellm-api-key': 'sk-upstream' }),
    (key) => ({ 'x-api-key': key, authorization: 'Basic YWNtZTphY21l' }),
  ],
  () => ({ authorization: 'Bearer acme' }),
  () => ({ authorization: 'Bearer' }),
  () => ({}),
)

const IS_ANN = '"user":"ann"'

/** Requests that vary paths, headers, keys and members around the victims' own requests. */
export const attacksOn = (questions: readonly Record<string, unknown>[]): fc.Arbitrary<Attack> =>
  fc
    .record({
      by: mostly(lookAlikes, neighbour),
      path: paths,
      form: keyForms,
      headers: hostileHeaders,
      question: fc.constantFrom(...questions),
      members: hostileMembers,
      smuggled: maybe('"tenant":"acme"', IS_ANN, '"model":"small"'),
    })
    // An app whose users share a key is trusted to name the right user.
    .filter(({ by, smuggled }) => by.scope !== 'user' || smuggled !== IS_ANN)
    .map(({ by, path, form, headers, question, members, smuggled }) => {
      const text = JSON.stringify({ ...question, ...placed(members) })
      return {
        by,
        path,
        headers: { ...defined(headers), ...form(by.key) },
        // A duplicate member: parsers differ in which one they use.
        body: smuggled === undefined ? text : `${text.slice(0, -1)},${smuggled}}`,
      }
    })

/** The members of the request, with steering members under their own names. */
function placed({
  steering,
  steeringInside,
  asText,
  ...members
}: Record<string, unknown>): Record<string, unknown> {
  const inside = { [String(steeringInside)]: 'small' }
  return {
    ...defined(members),
    ...(steering === undefined ? {} : { [String(steering)]: LEAKED_SCOPE }),
    ...(steeringInside === undefined ? {} : { metadata: inside }),
    ...(asText === undefined ? {} : { [String(asText)]: JSON.stringify(inside) }),
  }
}

function defined<T extends object>(record: T): Record<string, never> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Record<string, never>
}
