import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOT_COUNTED } from '../../src/cache/canonical.ts'
import { controlHeaders, readControls } from '../../src/cache/controls.ts'
import { payloadSchema } from '../../src/cache/entry.ts'
import { MAX_DEPTH } from '../../src/cache/json.ts'
import { settings } from '../../src/config.ts'
import { MOST_NAMES } from '../../src/ledger/bounded-names.ts'
import { MOST_PER_SECOND } from '../../src/explain/client.ts'
import { LONGEST_EXPLANATION } from '../../src/explain/explanation.ts'
import { LONGEST_FINGERPRINT, MOST_LINES, MOST_MARKS } from '../../src/explain/fingerprint.ts'
import { MOST_REQUESTS } from '../../src/explain/recent-requests.ts'
import { LATENCY_BUCKETS } from '../../src/ledger/histogram.ts'
import { cacheStatus } from '../support/cache-status.ts'

/** The page of each table. A table is found by its content. */
const PAGES = {
  settings: 'docs/configuration.md',
  errors: 'docs/api.md',
  routes: 'docs/api.md',
  controls: 'docs/api.md',
  outcomes: 'docs/caching.md',
  storedData: 'docs/caching.md',
  /** The request headers and body members that count in the key, and those that do not. */
  cacheKey: 'docs/caching.md',
  requestHeaders: 'docs/api.md',
  /** Headers that the gateway itself sets. */
  responseHeaders: 'docs/api.md',
  /** Headers of LiteLLM that a caller sees. */
  litellmHeaders: 'docs/api.md',
  requestLimits: 'docs/api.md',
  rateLimits: 'docs/configuration.md',
  nearTiers: 'docs/caching.md',
  sweep: 'docs/caching.md',
  ledger: 'docs/ledger.md',
  explain: 'docs/caching.md',
}

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const src = (file: string) => read(`src/${file}`)

/** The rows of all tables of a page, header rows left out, cell by cell. */
function tablesOf(file: string): string[][][] {
  const blocks = read(file).split(/\n(?!\|)/)
  return blocks
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((rows) => rows.length > 2)
    .map((rows) => rows.slice(2).map((row) => cellsOf(row)))
}

const cellsOf = (row: string) =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The page's table whose cells have this code. */
function tableWith(file: string, code: string): string[][] {
  const found = tablesOf(file).filter((rows) =>
    rows.some((row) => row.some((cell) => codes(cell).includes(code))),
  )
  expect(found, `tables with \`${code}\` in ${file}`).toHaveLength(1)
  return found[0]!
}

/** What is set as code in a text, code blocks left out. */
const codes = (text = '') => all(text.replaceAll(/^```[\s\S]*?^```/gm, ''), /`([^`]+)`/g)

/** The first group of each match. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!)

/** The texts of a list of constants in a file. */
function listIn(text: string, name: string): string[] {
  const [, list] =
    new RegExp(`const ${name}\\b[^=]*= (?:new Set\\()?\\[([^\\]]*)\\]`).exec(text) ?? []
  expect(list, name).toBeDefined()
  return all(list!, /'([^']+)'/g)
}

/** A number that stands in the code, as a constant or as an option's default. */
function numberIn(text: string, name: string): number {
  const [, expression] = new RegExp(`\\b${name} = ([\\d_]+(?: \\* [\\d_]+)*)`).exec(text) ?? []
  expect(expression, name).toBeDefined()
  return expression!
    .split(' * ')
    .reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1)
}

const grouped = (value: number) => value.toLocaleString('en-GB')

describe('the table of settings', () => {
  it('lists every setting with its default, in the order of the schema', () => {
    const defaults = settings
      .partial({ LITELLM_URL: true, LITELLM_API_KEY: true, QDRANT_URL: true })
      .parse({}) as Record<string, unknown>
    const listed = tablesOf(PAGES.settings)
      .flat()
      .filter(([name]) => /^`[A-Z][A-Z_]+`$/.test(name ?? ''))
    expect(listed.map(([name]) => codes(name)[0])).toEqual(Object.keys(settings.shape))
    for (const [name, fallback] of listed) {
      const value = defaults[codes(name)[0]!]
      if (value === undefined) expect(fallback, name).toMatch(/^(required|none)/)
      else expect(codes(fallback)[0], name).toBe(String(value))
    }
  })
})

describe('the table of errors', () => {
  const errors = src('errors.ts')
  const rows = () => tableWith(PAGES.errors, 'invalid_json')

  it('lists every code with its status', () => {
    const inCode = [...errors.matchAll(/^ {2}(\w+): \[(\d{3}),/gm)]
    expect(rows().map(([status, code]) => [status, codes(code)[0]])).toEqual(
      inCode.map(([, code, status]) => [status, code]),
    )
  })

  it('names the accepted content codings', () => {
    const row = rows().find(([, code]) => code === '`unsupported_encoding`')
    const [, accepted = ''] = /ACCEPTED_CODINGS = '([^']+)'/.exec(errors) ?? []
    for (const coding of accepted.split(', ')) expect(codes(row?.at(-1))).toContain(coding)
  })
})

describe('the table of routes', () => {
  it('lists every path of app.ts', () => {
    const [, routes = ''] =
      /\n {2}get\(\['\/'\]([\s\S]*)\n {2}return app\n/.exec(src('app.ts')) ?? []
    const plain = all(routes, /'(\/[^']*)'/g).map((path) =>
      path.replace(':model{.+}', '{id}').replace(':file', '{table}.csv'),
    )
    const azure = all(routes, /azure\('([^']+)'\)/g)
    const inCode = ['/', ...plain, ...azure.map((path) => `/openai/deployments/{model}/${path}`)]
    expect(inCode.length).toBeGreaterThan(20)
    const listed = tableWith(PAGES.routes, '/v1/chat/completions').flatMap(([path]) => codes(path))
    expect(listed.sort()).toEqual(inCode.sort())
  })
})

describe('the table of cache controls', () => {
  const code = src('cache/controls.ts')
  const rows = () => tableWith(PAGES.controls, 'x-cache-tags: a, b')
  const filledIn = (text: string) => text.replace(/\bN\b/g, '5').replace(/\[(=5)\]/, '$1')

  function fromHeader(text: string) {
    const [name = '', value = ''] = filledIn(text).split(': ')
    return readControls(controlHeaders(new Headers({ [name]: value })), {})
  }
  function fromBody(text: string) {
    const cache = JSON.parse(`{${filledIn(text)}}`) as Record<string, string | number | boolean>
    return readControls(controlHeaders(new Headers()), { cache })
  }

  it('lists only controls that the gateway reads', () => {
    const none = readControls(controlHeaders(new Headers()), {})
    expect(rows().length).toBeGreaterThan(8)
    for (const [want, header, member] of rows()) {
      for (const text of codes(header)) expect(fromHeader(text), want).not.toEqual(none)
      for (const text of codes(member)) expect(fromBody(text), want).not.toEqual(none)
    }
  })

  it('gives a header and its body member the same meaning, but for no-store', () => {
    for (const [want, header, member] of rows()) {
      const [text] = codes(header)
      const [inBody] = codes(member)
      if (text === undefined || inBody === undefined) continue
      if (text.endsWith('no-store')) expect(fromBody(inBody)).toMatchObject({ read: true })
      else expect(fromBody(inBody), want).toEqual(fromHeader(text))
    }
  })

  it('lists every control that the gateway reads', () => {
    const listed = rows()
      .map(([, header, member]) => `${header} ${member}`)
      .join('\n')
    const directives = [
      ...all(code, /directives\.has\('([^']+)'\)/g),
      ...all(code, /directive\(directives, '([^']+)'/g),
    ]
    const headers = all(code, /header\(headers, '([^']+)'/g)
    // LiteLLM reads `s-max-age` as another spelling of `s-maxage`.
    const members = all(code, /member\(cache, '([^']+)'/g).filter((name) => name !== 's-max-age')
    expect(directives.length + headers.length + members.length).toBeGreaterThan(14)
    for (const name of directives) expect(listed).toMatch(new RegExp(`Cache-Control: ${name}\\b`))
    for (const name of headers) expect(listed).toContain(`\`${name}: `)
    for (const name of members) expect(listed).toContain(`\`"${name}": `)
  })
})

describe('the table of outcomes', () => {
  const rows = () => tableWith(PAGES.outcomes, 'exact-hit')
  const types = src('cache/status.ts')
  const union = (name: string) => {
    const [, members = ''] = new RegExp(`type ${name} = ([^\\n]+)`).exec(types) ?? []
    return all(members, /'([^']+)'/g)
  }

  it('has exactly the values of x-cache and fwd that the code sends', () => {
    const outcomes = rows().map(([, outcome]) => codes(outcome)[0]!)
    expect(new Set(outcomes)).toEqual(new Set(union('Outcome')))
    const shown = rows().flatMap((row) => all(row[2] ?? '', /fwd=([a-z-]+)/g))
    expect(new Set(shown)).toEqual(new Set(union('Forward')))
  })

  it('shows Cache-Status values that are valid by RFC 9211', () => {
    const known = new Set([
      'cache',
      'hit',
      'fwd',
      'fwd-status',
      'ttl',
      'stored',
      'collapsed',
      'key',
      'detail',
    ])
    for (const [request, , status] of rows()) {
      const [field = ''] = codes(status)
      const whole = field.replaceAll(';…', '').replaceAll('…', 'x')
      const members = cacheStatus(new Response(null, { headers: { 'cache-status': whole } }))
      expect(members.at(-1)?.['cache'], request).toBe('edge')
      for (const name of members.flatMap((member) => Object.keys(member))) {
        expect(known, request).toContain(name)
      }
    }
  })

  /** Details that need no row, each with the reason. */
  const WITHOUT_ROW: Readonly<Record<string, string>> = {
    'not a cached route': 'the table of routes says which are cached',
    "not among the key's models": 'LiteLLM decides, as it would alone',
    'lookup skipped': 'a symptom for operators, with its cure',
    'recorded in another form': 'for vectors that do not fit into base64',
    'recorded in the other mode': 'for the few answers that cannot be converted',
    'entry not readable': 'a defect, which the log line tells more of',
  }

  it('shows every detail that the lookup and the request parser send', () => {
    const code = (
      src('middleware/parse-request.ts') +
      src('middleware/read-request.ts') +
      src('middleware/lookup.ts') +
      /bypass\(\{[\s\S]*?\n {2}\}/.exec(src('apis/embeddings.ts'))?.[0]
    )
      // Why a request is not eligible: docs/semantic-cache.md has those.
      .replaceAll(/\breason: '[^']+'/g, '')
    const details = [
      ...all(code, /\[[^\n[\]]+, ['"]([^"\n]+?)['"]\],/g),
      ...all(code, /miss\('[a-z-]+', '([^']+)'\)/g),
      ...all(code, /\bdetail: '([^']+)'/g),
      ...all(code, /failure: '([^']+)'/g),
      ...all(code, /return '([^']+)'/g),
      ...all(code, /(?:\?|:|\?\?) '([a-z]+ [a-z ]+)'/g),
    ]
    expect(new Set(details).size).toBeGreaterThan(12)
    const shown = rows()
      .map((row) => row.join(' '))
      .join('\n')
    const missing = details.filter((detail) => !(detail in WITHOUT_ROW) && !shown.includes(detail))
    expect(missing).toEqual([])
  })
})

describe('the table of stored data', () => {
  it('lists exactly the fields of the payload', () => {
    const rows = tableWith(PAGES.storedData, 'stored_at')
    const fields = Object.keys(payloadSchema.shape)
    const listed = rows.flatMap(([names]) => codes(names))
    expect(listed.filter((name) => !fields.includes(name))).toEqual([])
    const mentioned = new Set(rows.flatMap((row) => codes(row.join(' '))))
    expect(fields.filter((name) => !mentioned.has(name))).toEqual([])
  })
})

describe('what counts in the cache key', () => {
  it('names every member that does not count, and every header that does', () => {
    const shown = codes(read(PAGES.cacheKey))
    for (const name of Object.keys(NOT_COUNTED)) expect(shown).toContain(name)
    for (const name of listIn(src('cache/canonical.ts'), 'ROUTING_METADATA')) {
      expect(shown).toContain(name)
    }
    for (const name of listIn(src('upstream/headers.ts'), 'COUNTED_HEADERS'))
      expect(shown).toContain(name)
    expect(shown).toContain('api-version')
  })
})

describe('headers', () => {
  /** Headers that the code reads and that callers need not know, each with the reason. */
  const NOT_FOR_CALLERS: Readonly<Record<string, string>> = {
    'cf-connecting-ip': 'set by Cloudflare',
    'content-length': 'set by every HTTP client',
    traceparent: 'an optional link in the trace',
  }

  it('documents every request header that the gateway acts on', () => {
    const code = globSync(['middleware/*.ts', 'routes/*.ts', 'auth/*.ts'], {
      cwd: resolve(root, 'src'),
    })
      .map((file) => src(file))
      .join('\n')
    const acted = [
      ...all(code, /(?:req\.header|\bheaders\.get)\('([^']+)'\)/g),
      ...listIn(src('auth/caller.ts'), 'KEY_HEADERS'),
      'x-request-id',
    ].filter((name) => !(name in NOT_FOR_CALLERS))
    expect(new Set(acted).size).toBeGreaterThan(5)
    const shown = codes(read(PAGES.requestHeaders)).map((code) => code.toLowerCase())
    const missing = acted.filter((name) => !shown.some((code) => code.startsWith(name)))
    expect(missing).toEqual([])
  })

  it('documents every response header that the gateway sets', () => {
    const [, set = ''] = /function statusHeaders([\s\S]*?)\n}\n/.exec(src('cache/status.ts')) ?? []
    const names = [...all(set, /'([a-z-]+)'(?:\]|:)/g), 'age', 'retry-after', 'x-request-id']
    expect(names).toEqual(expect.arrayContaining(['cache-status', 'x-cache', 'x-cache-key']))
    const shown = codes(read(PAGES.responseHeaders)).map((code) => code.toLowerCase())
    for (const name of [...names, 'x-cache-explanation']) expect(shown).toContain(name)
  })

  it('lets a page in a browser read every header that a caller may see', () => {
    const returned = listIn(src('upstream/headers.ts'), 'RETURNED')
    const exposed = listIn(src('middleware/cors.ts'), 'EXPOSED')
    // Browsers show `content-type` to every page.
    const seen = returned.filter((name) => name !== 'content-type')
    expect(exposed).toEqual(expect.arrayContaining(seen))
  })

  it.skipIf(PAGES.litellmHeaders === undefined)('documents every header of LiteLLM', () => {
    const shown = codes(read(PAGES.litellmHeaders!))
    const code = src('upstream/headers.ts')
    const names = [...listIn(code, 'RETURNED'), 'x-litellm-semantic-similarity']
    for (const name of names.filter((name) => name !== 'content-type')) {
      expect(shown).toContain(name)
    }
    const [, prefix = ''] = /RETURNED_PREFIX = '([^']+)'/.exec(code) ?? []
    expect(shown).toContain(`${prefix}*`)
  })
})

describe('limits', () => {
  const toml = read('wrangler.toml')
  const rateOf = (name: string) =>
    all(
      toml,
      new RegExp(`name = "${name}"\\n.*\\nsimple = \\{ limit = (\\d+), period = 60 \\}`, 'g'),
    )
  const parse = src('middleware/read-request.ts')
  const bodies = src('middleware/incoming-body.ts')
  const sweep = src('store/sweep.ts')
  const ledgerStorage = src('ledger/ledger-storage.ts')
  const swept = numberIn(sweep, 'pageSize') * numberIn(sweep, 'maxPages')
  const kib = (bytes: number) => `${bytes / 1024} KiB`
  const mib = (bytes: number) => `${bytes / 1024 / 1024} MiB`

  it.each([
    ['requestLimits', 'levels of nesting', grouped(MAX_DEPTH)],
    ['requestLimits', 'parts of a parsed body', grouped(numberIn(parse, 'MOST_NODES'))],
    ['requestLimits', 'bodies that are always read', kib(numberIn(bodies, 'ALWAYS_READ_BYTES'))],
    ['nearTiers', 'copies in memory', mib(numberIn(src('dependencies.ts'), 'MEMORY_TIER_BYTES'))],
    [
      'nearTiers',
      'the Cache API',
      `${numberIn(src('store/cache-api.ts'), 'LOOKUP_TIMEOUT_MS')} ms`,
    ],
    ['sweep', 'entries of a run', grouped(swept)],
    ['ledger', 'tenants of a shard', `${grouped(MOST_NAMES.tenant)} tenants`],
    ['ledger', 'models of a shard', `${MOST_NAMES.model} models`],
    ['ledger', 'models of the totals', `${MOST_NAMES.everModel} models`],
    ['ledger', 'APIs of a shard', `${MOST_NAMES.api} APIs`],
    ['ledger', 'verdicts of a shard', `${MOST_NAMES.verdict} verdicts`],
    ['ledger', 'rows of a table', `${grouped(numberIn(ledgerStorage, 'mostRows'))} rows`],
    ['ledger', 'failures', grouped(numberIn(ledgerStorage, 'MOST_FAILURES_STORED'))],
    [
      'ledger',
      'length of a name',
      `${numberIn(src('ledger/batch.ts'), 'LONGEST_NAME')} characters`,
    ],
    ['ledger', 'buckets', `${LATENCY_BUCKETS} buckets`],
    ['explain', 'recent requests', `${MOST_REQUESTS} requests`],
    ['explain', 'recent requests a second', `${MOST_PER_SECOND} per second`],
    ['explain', 'parts of a fingerprint', `${MOST_MARKS} parts in ${kib(LONGEST_FINGERPRINT)}`],
    ['explain', 'lines of a text', `first ${MOST_LINES} lines`],
    [
      'explain',
      'compared requests',
      kib(numberIn(src('middleware/recent-requests.ts'), 'LARGEST_COMPARED_BYTES')),
    ],
    [
      'explain',
      'wait for an explanation',
      `${numberIn(src('middleware/explain.ts'), 'LONGEST_WAIT_MS')} ms`,
    ],
    ['responseHeaders', 'explanations', `${grouped(LONGEST_EXPLANATION)} characters`],
    ['sweep', 'time of a run', `${numberIn(sweep, 'timeoutMs') / 1000} seconds`],
  ] as const)('the page of %s states the value in the code: %s', (page, _, value) => {
    expect(read(PAGES[page])).toMatch(new RegExp(`(?<![\\d,.])${value}\\b`))
  })

  it.each(['RATE_LIMIT_STANDARD', 'RATE_LIMIT_HIGH', 'RATE_LIMIT_ADDRESS'])(
    'the page of rateLimits states the value in wrangler.toml: %s',
    (name) => {
      const rates = rateOf(name)
      expect(rates, 'production and staging').toHaveLength(2)
      expect(new Set(rates).size).toBe(1)
      expect(read(PAGES.rateLimits)).toMatch(
        new RegExp(`(?<![\\d,.])${grouped(Number(rates[0]))}\\b`),
      )
    },
  )

  it('the page of sweep states the interval in wrangler.toml', () => {
    const [, minutes] = /crons = \["\*\/(\d+) /.exec(toml) ?? []
    const words: Readonly<Record<string, string>> = { '5': 'five', '10': 'ten', '15': '15' }
    expect(read(PAGES.sweep)).toMatch(new RegExp(`every (${words[minutes!]}|${minutes}) minutes`))
  })
})

describe('staging', () => {
  it("has no routes, so that it never inherits production's domain", () => {
    const [, staging] = /^\[env\.staging\]\n((?:.*=.*\n|#.*\n)+)/m.exec(read('wrangler.toml')) ?? []
    expect(staging).toMatch(/^routes = \[\]$/m)
  })
})
