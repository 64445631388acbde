import { describe, expect, it } from 'vitest'
import { exitCode, report } from '../../infra/cli/doctor.ts'

describe('the command doctor', () => {
  it('exits with 1 if a check failed, and with 2 for warnings if they count', () => {
    expect([exitCode({ status: 'ok' }, false), exitCode({ status: 'ok' }, true)]).toEqual([0, 0])
    expect(exitCode({ status: 'warning' }, false)).toBe(0)
    expect(exitCode({ status: 'warning' }, true)).toBe(2)
    expect(exitCode({ status: 'failed' }, true)).toBe(1)
  })

  it('prints a line for each check, with its cure below, and counts them', () => {
    const checks = [
      { what: 'qdrant: reach', state: 'ok', detail: 'Qdrant answers.', cure: null },
      {
        what: 'mlflow: span',
        state: 'failed',
        detail: 'MLflow answered 401.',
        cure: 'Set a password.',
      },
      {
        what: 'sweep: age',
        state: 'skipped',
        detail: 'The ledger is off.',
        cure: 'Set LEDGER=on.',
      },
    ] as const
    expect(report({ checks })).toBe(
      [
        'ok       qdrant: reach  Qdrant answers.',
        'failed   mlflow: span   MLflow answered 401.',
        '                        → Set a password.',
        'skipped  sweep: age     The ledger is off.',
        '                        → Set LEDGER=on.',
        '',
        '1 ok, 1 failed, 1 skipped',
      ].join('\n'),
    )
  })
})
