import { defineConfig } from 'oxlint'

/** The folders of `src/`: each may import those after it, and `errors.ts`. */
const FOLDERS = [
  'middleware',
  'routes',
  'dashboard',
  'admin',
  'doctor',
  'auth',
  'coalescing',
  'semantic',
  'upstream',
  'explain',
  'apis',
  'ledger',
  'store',
  'cache',
  'stream',
  'telemetry',
]
/** What puts the folders together, and so knows them. */
const ON_TOP = [
  'index',
  'app',
  'steps',
  'dependencies',
  'semantic-dependencies',
  'auth-dependencies',
  'ledger-dependencies',
  'admin-dependencies',
  'doctor-dependencies',
  'config',
  'parse-config',
  'contradictions',
]
/** These two may use Hono and know what a request's context holds; the others speak web standards. */
const WITH_HONO = new Set(['middleware', 'routes', 'dashboard'])

const folderRules = FOLDERS.map((folder, at) => {
  const above = FOLDERS.slice(0, at).map((name) => `**/${name}/**`)
  const speaksHono = WITH_HONO.has(folder)
  const paths = [
    { name: 'cloudflare:workers', message: 'Bindings are passed in by dependencies.ts.' },
    ...(speaksHono ? [] : [{ name: 'hono', message: `${folder}/ knows web standards only.` }]),
  ]
  const patterns = [
    {
      group: [...ON_TOP, ...(speaksHono ? [] : ['env'])].map((file) => `**/${file}.ts`),
      message: `Imports point down: ${folder}/ must not know this file.`,
    },
    ...(above.length === 0
      ? []
      : [{ group: above, message: `Imports point down: ${folder}/ must not know this folder.` }]),
    ...(speaksHono ? [] : [{ group: ['hono/*'], message: `${folder}/ knows web standards only.` }]),
  ]
  const rule: ['error', { paths: typeof paths; patterns: typeof patterns }] = [
    'error',
    { paths, patterns },
  ]
  return { files: [`src/${folder}/**`], rules: { 'no-restricted-imports': rule } }
})

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-unassigned-import': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'oxc/no-map-spread': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'promise/always-return': 'off',
    'import/no-named-as-default-member': 'off',
  },
  ignorePatterns: ['worker-configuration.d.ts', 'dist', '.local', '.wrangler'],
  overrides: [
    {
      // Default exports that Cloudflare, vitest and the tools ask for.
      files: [
        'src/index.ts',
        '*.config.ts',
        'test/support/summary.ts',
        'test/stack/global-setup.ts',
        'test/browser/worker.ts',
        'test/raw.d.ts',
        'test/bench/hello.js',
        'test/bench/reference.js',
        'test/bench/scan.ts',
      ],
      rules: { 'import/no-default-export': 'off' },
    },
    ...folderRules,
  ],
})
