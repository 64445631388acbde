import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { FOLDER, ROOT } from './processes.ts'

const wranglerToml = () => readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8')

/** The compatibility date and flags that the Worker is deployed with. */
export function compatibility(): { readonly date: string; readonly flags: readonly string[] } {
  return {
    date: /^compatibility_date = "(.*)"/m.exec(wranglerToml())![1]!,
    flags: /^compatibility_flags = \["(.*)"\]/m.exec(wranglerToml())![1]!.split('", "'),
  }
}

/**
 * Builds the Worker as it is deployed: `index.js`; itself without its memory tier: `colo.js`; and what
 * it is compared with: `scan.js`. Throws with wrangler's output if that fails.
 */
export function build(): void {
  mkdirSync(FOLDER, { recursive: true })
  wrangler('deploy', '--dry-run', '--env=', '--outdir', FOLDER)
  writeFileSync(resolve(FOLDER, 'colo.js'), withoutMemoryTier())
  const scan = { name: 'scan', main: resolve(import.meta.dirname, 'scan.ts') }
  const config = resolve(FOLDER, 'scan.json')
  writeFileSync(config, JSON.stringify({ ...scan, compatibility_date: compatibility().date }))
  wrangler('deploy', '--dry-run', '--config', config, '--outdir', FOLDER)
}

/**
 * No setting turns the memory tier off alone, so this changes its size in a built Worker, which is not
 * minified: there the constant has its name.
 */
function withoutMemoryTier(): string {
  const folder = resolve(FOLDER, 'plain')
  wrangler('deploy', '--dry-run', '--env=', '--no-minify', '--outdir', folder)
  const size = /\bMEMORY_TIER_BYTES = [^;]+;/
  const built = readFileSync(resolve(folder, 'index.js'), 'utf8')
  if (!size.test(built)) throw new Error('The built Worker has no MEMORY_TIER_BYTES.')
  return built.replace(size, 'MEMORY_TIER_BYTES = 0;')
}

/**
 * How long the Worker's start keeps the processor busy, ms, as `wrangler check startup` sees it; NaN
 * if it doesn't tell.
 */
export function startUpMs(): number {
  const profile = resolve(FOLDER, 'startup.cpuprofile')
  const { stdout } = run('check', 'startup', '--args=--env=', '--outfile', profile)
  return Number(/Active: ([\d.]+) ms/.exec(stdout)?.[1] ?? Number.NaN)
}

function wrangler(...args: string[]): void {
  const { status, stdout, stderr } = run(...args)
  if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`)
}

const run = (...args: string[]) => spawnSync('wrangler', args, { cwd: ROOT, encoding: 'utf8' })
