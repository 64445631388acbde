import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { freePorts } from '../../infra/local/ports.ts'
import { addresses } from './client.ts'
import { scriptedProvider, TEXT } from './scripted-provider.ts'

/** The recipe of docs/cassettes.md, run as its reader would. Only addresses differ. */
const REPOSITORY = resolve(import.meta.dirname, '../..')
const PAGE = readFileSync(resolve(REPOSITORY, 'docs/cassettes.md'), 'utf8')
const [, RECIPE = ''] = /\n## The recipe for GitHub Actions\n([\s\S]*?)\n## /.exec(PAGE) ?? []

/** The code blocks in this language, in their order. */
const blocks = (language: string) =>
  [...RECIPE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code!,
  )

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
  readonly run?: string
  readonly if?: string
}
interface Workflow {
  readonly jobs: {
    readonly test: {
      readonly services: { readonly qdrant: { readonly image: string; readonly ports: string[] } }
      readonly env: Readonly<Record<string, string>>
      readonly steps: readonly Step[]
    }
  }
}

const [SETTINGS = ''] = blocks('ini')
const [TEST = ''] = blocks('js')
const [WORKFLOW_TEXT = ''] = blocks('yaml')
const [START_RECORDER = '', RECORD = ''] = blocks('sh')
const { test: job } = (parse(WORKFLOW_TEXT) as Workflow).jobs
const runs = job.steps.flatMap(({ run, if: condition }) =>
  run === undefined || condition !== undefined ? [] : [run],
)

const provider = scriptedProvider()
/** How often anything asked the LiteLLM that CI does not have. */
let askedInCi = 0
const noLiteLlm = createServer((_, response) => {
  askedInCi += 1
  response.writeHead(500).end()
})

/** The reader's repository: their files, and this project as the folder `gateway`. */
let home: string
/** Processes that a step has left running, each the first of its group. */
const groups: number[] = []
/** Replaces the recipe's addresses by those of this run. */
let here: (recipe: string, collection: string) => string

beforeAll(async () => {
  await new Promise<void>((listening) => noLiteLlm.listen(0, '127.0.0.1', listening))
  const { port } = noLiteLlm.address() as AddressInfo
  const { litellm: gatewayPort } = await freePorts()
  here = (recipe, collection) =>
    recipe
      .replaceAll('8787', String(gatewayPort))
      .replaceAll('http://127.0.0.1:6333', addresses.qdrant)
      .replaceAll('http://127.0.0.1:9', `http://127.0.0.1:${port}`)
      .replace(/^QDRANT_URL=.*$/m, `$&\nQDRANT_COLLECTION=${collection}`)
  // In the repository, so that the test finds the SDK.
  home = mkdtempSync(join(REPOSITORY, '.local/test-recipe-'))
  mkdirSync(join(home, 'ci'))
  mkdirSync(join(home, 'test'))
  symlinkSync(REPOSITORY, join(home, 'gateway'))
  writeFileSync(join(home, 'test/answers.test.js'), TEST)
  writeFileSync(join(home, 'package.json'), '{"type":"module"}')
  const { litellm, masterKey } = addresses
  writeFileSync(
    join(home, 'record.env'),
    `LITELLM_URL=${litellm}\nLITELLM_API_KEY=${masterKey}\nQDRANT_TIMEOUT_MS=1000\n`,
  )
})
afterAll(() => {
  stopAll()
  noLiteLlm.close()
  rmSync(home, { recursive: true })
})

function stopAll(): void {
  for (const group of groups.splice(0)) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // Everything in it has ended.
    }
  }
}

/** Runs a step as GitHub does: `bash -e -o pipefail`, and what it leaves behind goes on. */
async function step(script: string, collection: string, env: Record<string, string> = {}) {
  const bin = join(REPOSITORY, 'node_modules/.bin')
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', here(script, collection)], {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      // Tests record where it is not set.
      CI: '',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      HOME: home,
      ...env,
    },
  })
  groups.push(child.pid!)
  const exit = new Promise<number | null>((done) => void child.on('exit', done))
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { code, output: stdout + stderr }
}

const jobEnv = (collection: string) => ({
  ...Object.fromEntries(
    Object.entries(job.env).map(([name, value]) => [name, here(value, collection)]),
  ),
  CI: 'true',
})

describe('the recipe for GitHub Actions', () => {
  const RECORDED = `recorded_${crypto.randomUUID()}`
  const IN_CI = `ci_${crypto.randomUUID()}`

  it('is a workflow with a Qdrant, and steps that are all run below, but for installing', () => {
    expect(job.services.qdrant).toEqual({
      image: 'qdrant/qdrant:v1.19.0',
      ports: ['6333:6333'],
    })
    const compose = readFileSync(resolve(REPOSITORY, 'infra/compose.yaml'), 'utf8')
    expect(compose).toContain(`image: ${job.services.qdrant.image}\n`)
    expect(runs.filter((run) => run.startsWith('npm ci'))).toHaveLength(2)
    expect(runs.filter((run) => !run.startsWith('npm ci'))).toHaveLength(3)
    expect(job.steps.filter(({ uses }) => uses?.startsWith('actions/'))).toHaveLength(3)
  })

  it('records the answers of a test with the real LiteLLM', async () => {
    writeFileSync(join(home, 'ci/gateway.env'), here(SETTINGS, RECORDED))
    const background = `${START_RECORDER.trimEnd()} > record.log 2>&1 &`
    const [wait = ''] = /^.*wait-on.*$/m.exec(runs.find((run) => run.includes('wait-on'))!)!
    expect(await step(`${background}\n${wait}`, RECORDED)).toMatchObject({ code: 0 })
    const [sdk = '', exporting = ''] = RECORD.split(/(?=^node gateway)/m)
    const [variables = ''] = RECORD.split(/^node /m)
    expect(await step(sdk, RECORDED)).toMatchObject({ code: 0 })
    expect(provider.asked).toHaveLength(1)
    const cassette = join(home, 'ci/answers.jsonl')
    // Entry and fingerprint are stored after the answer, and a reader takes longer to go on.
    const exported = async () => {
      const { code, output } = await step(`${variables}${exporting}`, RECORDED)
      expect([code, output]).toEqual([0, expect.stringContaining('Exported ')])
      return readFileSync(cassette, 'utf8')
    }
    await expect.poll(exported, { timeout: 30_000 }).toContain('"fingerprint":')
    expect(readFileSync(cassette, 'utf8')).toContain(TEXT)
    expect(statSync(cassette).mode & 0o077).toBe(0)
    stopAll()
  })

  it('answers the same test from the cassette, in an empty cache and without LiteLLM', async () => {
    writeFileSync(join(home, 'ci/gateway.env'), here(SETTINGS, IN_CI))
    const env = jobEnv(IN_CI)
    for (const run of runs.filter((run) => !run.startsWith('npm ci'))) {
      const { code, output } = await step(run, IN_CI, env)
      expect([code, code === 0 ? '' : output, run]).toEqual([0, '', run])
    }
    expect(provider.asked).toEqual([])
    expect(askedInCi).toBe(0)
  })

  it('fails a test that asks something else with 504, and names the nearest recorded request', async () => {
    const changed = TEST.replace('One word.', 'Two words.')
    expect(changed).not.toBe(TEST)
    writeFileSync(join(home, 'test/answers.test.js'), changed)
    const { code, output } = await step('node --test test/answers.test.js', IN_CI, jobEnv(IN_CI))
    expect(code).toBe(1)
    expect(output).toMatch(/504/)
    expect(output).toMatch(/not_in_cache/)
    const [, key = 'none'] =
      /differs from request (\S+) of a cassette, imported \d+ s ago: messages\[0\]\.content/.exec(
        output,
      ) ?? []
    expect(readFileSync(join(home, 'ci/answers.jsonl'), 'utf8')).toContain(`{"key":"${key}"`)
    expect(askedInCi).toBe(0)
  })
})
