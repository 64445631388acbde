import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { WrongAnswerReport } from '../../src/admin/report.ts'
import { addresses, questionBody, send, unique } from './client.ts'
import { edge, edgeJson } from './edge-command.ts'
import { ownGateway } from './own-parts.ts'

const { masterKey, keyed, adminKey } = addresses
const CALLER = { authorization: `Bearer ${masterKey}` }
const TENANT = createHash('sha256').update(masterKey).digest('hex')
const CHAT = '/v1/chat/completions'

it('a wrong answer is gone everywhere after its report', async () => {
  const body = questionBody(await unique('Name a wrong thing.'))
  const ask = () => send(CHAT, body, { url: keyed, headers: CALLER })
  const answer = await ask()
  const key = answer.headers.get('x-cache-key')!
  let report: WrongAnswerReport | undefined
  // The entry is stored after the answer.
  for (let attempt = 0; attempt < 40 && report === undefined; attempt += 1) {
    const { code, stdout, stderr } = await edge(['report', '--key', key, '--json'])
    if (code === 0) report = JSON.parse(stdout) as WrongAnswerReport
    else expect(stderr).toContain('no stored answer')
  }
  expect(report).toMatchObject({ layer: 'exact', purged: 1 })
  expect((await ask()).headers.get('x-cache')).toBe('miss')
  const { reports } = await edgeJson<{ reports: { key: string }[] }>([
    'reports',
    '--tenant',
    TENANT,
    '--limit',
    '100',
  ])
  expect(reports.map((one) => one.key)).toContain(key)
})

it('the rule that keeps a model from the cache is named', async () => {
  const rules = [{ name: 'live-data', models: ['local-*'], cache: 'off' }]
  const url = await ownGateway('gateway-policies', {
    ADMIN_KEY: adminKey,
    POLICIES: JSON.stringify(rules),
  })
  const body = questionBody('What time is it?')
  const answer = await send(CHAT, body, { url })
  expect(answer.headers.get('x-cache')).toBe('bypass')
  expect(answer.headers.get('cache-status')).toContain('detail="policy live-data"')
  const { stdout } = await edge(['policies', '--model', 'local-chat-model'], { url })
  expect(stdout).toContain('live-data')
})
