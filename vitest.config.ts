import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What takes a second takes many on a machine that has other work. Only work without an end takes longer. */
const SLOW_MACHINE_MS = 30_000

/** Three layers: decisions in Node, behaviour in workerd on fakes, the whole on the real stack. */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary.ts'],
    // Vitest would leave one core idle, which is half of two.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: SLOW_MACHINE_MS } },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            // Whatever a test forgot to fake ends here, and not on a network.
            miniflare: {
              // What the real Durable Object is given; the rest are production's defaults.
              bindings: { LITELLM_URL: 'http://litellm', QDRANT_URL: 'http://qdrant' },
              outboundService: (request) =>
                new Response(`no test may reach ${request.url}`, { status: 599 }) as never,
            },
          }),
        ],
        test: {
          name: 'worker',
          testTimeout: SLOW_MACHINE_MS,
          include: ['test/worker/**/*.test.ts'],
          // Each test makes its own gateway, with a key and a collection of its own. A new Worker for
          // each file would double the time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          globalSetup: ['test/stack/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'clients',
          // Nobody's settings for LangChain's tracing, or for a proxy, reach the SDKs.
          env: { LANGSMITH_TRACING: 'false', NO_PROXY: '127.0.0.1,localhost' },
          include: ['test/clients/**/*.test.ts'],
          globalSetup: ['test/stack/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
