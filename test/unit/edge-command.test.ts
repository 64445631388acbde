import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const command = resolve(root, packageJson.bin['edge-llm-cache'])
const run = promisify(execFile)

describe('the command edge-llm-cache', () => {
  it('can be executed by its name, as npx does', async () => {
    const { stdout } = await run(command, ['--version'])
    expect(stdout.trim()).toBe(packageJson.version)
  })

  it('says so if something else answers 200 in the place of the gateway', async () => {
    const server = createServer((_, response) => response.end('<h1>Log in</h1>'))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const env = { ...process.env, ADMIN_KEY: 'admin', EDGE_URL: `http://127.0.0.1:${port}` }
    const failed = await run(command, ['entries'], { env }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect((failed as { stderr: string }).stderr).toBe(
      'The answer is not JSON.\n' +
        'Check that --url names an edge-llm-cache gateway, and what is in front of it.\n',
    )
  })
})
