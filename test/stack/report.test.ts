import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { WrongAnswerReport } from '../../src/admin/report.ts'
import type { ReportsPage } from '../../src/admin/reports.ts'
import { pairsOf } from '../semantic-eval/pairs.ts'
import { addresses, ask, send, until } from './client.ts'
import { edgeJson } from './edge-command.ts'
import { ownGateway } from './own-parts.ts'

const QUESTION = 'In one sentence, why is the sky blue?'
const REWORDED = 'Explain in one sentence why the sky is blue.'
/** Settings that only this file uses, for a namespace that no other test fills. */
const SETTINGS = { max_tokens: 202 }

it('a reported semantic hit of the real stack is never matched again, and is exported', async () => {
  const url = await ownGateway('gateway-report', {
    ADMIN_KEY: addresses.adminKey,
    // The pair would be refused in other files as well: there is one tenant without keys.
    QDRANT_COLLECTION: 'reported_answers',
    // Without near tiers, each isolate knows of the report at once.
    EDGE_TTL_SECONDS: '0',
    MLFLOW_URL: '',
  })
  const askFor = (question: string) => ask(question, SETTINGS, { url })
  await askFor(QUESTION)
  let spaces = ''
  // Texts that differ in spaces only are the same pair, so misses on the way do no harm.
  await until('semantic-hit', () => askFor(`${QUESTION}${(spaces += ' ')}`))
  const wrong = await askFor(REWORDED)
  expect(wrong.headers.get('x-cache')).toBe('semantic-hit')
  await until('exact-hit', () => askFor(REWORDED))

  const key = wrong.headers.get('x-cache-key')
  const reported = await send('/v1/cache/report', { key, reason: 'a test' }, { url })
  expect(JSON.parse(reported.text) as WrongAnswerReport).toMatchObject({
    layer: 'semantic',
    purged: 1,
    pair_refused: true,
  })

  const fresh = await askFor(REWORDED)
  expect(fresh.headers.get('x-cache')).toBe('miss')
  expect(fresh.headers.get('cache-status')).toContain('detail="semantic: reported as wrong"')
  expect(idOf(fresh.text)).not.toBe(idOf(wrong.text))
  expect(idOf((await until('exact-hit', () => askFor(REWORDED))).text)).toBe(idOf(fresh.text))
  expect((await askFor(QUESTION)).headers.get('x-cache')).toBe('exact-hit')

  const { reports } = await edgeJson<ReportsPage>(['reports', '--content'], { url })
  expect(reports).toMatchObject([
    { layer: 'semantic', key, reported_by: 'caller', reason: 'a test', content: { b: REWORDED } },
  ])
  const folder = mkdtempSync(join(tmpdir(), 'reports-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'wrong.jsonl')
  await edgeJson(['reports', '--export', file], { url })
  expect(pairsOf(file)).toMatchObject([{ same: false, b: REWORDED }])
  expect(pairsOf(file)[0]?.a.trim()).toBe(QUESTION)

  const again = await edgeJson<WrongAnswerReport>(['report', '--key', key!], { url })
  expect(again).toMatchObject({ layer: 'exact', purged: 1 })
})

const idOf = (text: string) => (JSON.parse(text) as { id: string }).id
