import { beforeEach, describe, expect, it } from 'vitest'
import { REPORT_VERSION } from '../../src/store/report.ts'
import type { Report } from '../../src/store/report.ts'
import type { ReportStore } from '../../src/store/report-store.ts'
import { NOW } from './store-contract.ts'

/** A whole report, with anything in it replaced. */
export function wrongAnswer(over: Partial<Report> = {}): Report {
  return {
    v: REPORT_VERSION,
    tenant: 'acme',
    layer: 'semantic',
    key: '0c7d1f7e-0000-0000-0000-000000000001',
    model: 'small',
    a: 'Convert 10 miles to km',
    b: 'Convert 10 km to miles',
    similarity: 0.99,
    same: 0.91,
    reason: 'another direction',
    reported_by: 'caller',
    reported_at: NOW,
    expires_at: NOW + 86_400_000,
    ...over,
  }
}

/** What every store of reports guarantees. `make` returns an empty one and a way to write raw payloads. */
export function reportContract(
  name: string,
  make: () => Promise<{
    reports: ReportStore
    put: (id: string, payload: Record<string, unknown>) => Promise<void>
  }>,
): void {
  describe(`the contract of reports: ${name}`, () => {
    let reports: ReportStore
    let put: (id: string, payload: Record<string, unknown>) => Promise<void>
    const id = () => crypto.randomUUID()
    const page = (over: Partial<Parameters<ReportStore['page']>[0]> = {}) =>
      reports.page({ tenant: undefined, limit: 10, cursor: undefined, withContent: true, ...over })

    beforeEach(async () => {
      ;({ reports, put } = await make())
    })

    it('has no reports before the first one, and can be asked anything', async () => {
      expect(await reports.stateOf(id())).toBe('no reports')
      expect(await reports.aboutKey(id())).toEqual([])
      expect(await reports.countOf('acme', 'exact')).toBe(0)
      expect(await page()).toEqual({ reports: [], next: undefined })
      expect(await reports.erase('acme')).toBe(0)
      expect(await reports.sweep(NOW)).toEqual({ swept: 0, left: 0 })
    })

    it('knows by its id what was reported', async () => {
      const reported = id()
      await reports.put(reported, wrongAnswer())
      expect(await reports.stateOf(reported)).toBe('reported')
      expect(await reports.stateOf(id())).toBe('not reported')
    })

    it('counts a report that it cannot read as reported, and lists only the others', async () => {
      await reports.put(id(), wrongAnswer())
      const newer = id()
      await put(newer, { ...wrongAnswer(), v: 99 })
      expect(await reports.stateOf(newer)).toBe('reported')
      expect((await page()).reports).toHaveLength(1)
    })

    it('returns a report unchanged, without its questions unless they are asked for', async () => {
      const reported = id()
      await reports.put(reported, wrongAnswer())
      expect((await page()).reports).toEqual([{ id: reported, report: wrongAnswer() }])
      const { a: _a, b: _b, ...rest } = wrongAnswer()
      const [bare] = (await page({ withContent: false })).reports
      expect(bare?.report).toEqual(rest)
      expect(await reports.aboutKey(wrongAnswer().key)).toEqual([{ id: reported, report: rest }])
    })

    it('finds reports by their ids and by their keys at once, each once', async () => {
      const [pair, both, other] = [id(), id(), id()]
      const key = id()
      await reports.put(pair, wrongAnswer())
      await reports.put(both, wrongAnswer({ key }))
      await reports.put(other, wrongAnswer())
      for (let n = 0; n < 120; n += 1) await reports.put(id(), wrongAnswer({ key }))
      const found = await reports.among({ ids: [pair, both], keys: [key] })
      expect(new Set(found.map((one) => one.id)).size).toBe(122)
      expect(found).toHaveLength(122)
      expect(await reports.among({ ids: [], keys: [id()] })).toEqual([])
    })

    it('replaces a report with the same id', async () => {
      const reported = id()
      await reports.put(reported, wrongAnswer())
      await reports.put(reported, wrongAnswer({ reason: 'again' }))
      expect((await page()).reports.map(({ report }) => report.reason)).toEqual(['again'])
      expect(await reports.countOf('acme', 'semantic')).toBe(1)
    })

    it('lists every report once, page by page, of one tenant or of all', async () => {
      const ids = Array.from({ length: 7 }, id)
      for (const [at, one] of ids.entries()) {
        const layer = at === 0 ? 'exact' : 'semantic'
        await reports.put(one, wrongAnswer({ layer, tenant: at < 5 ? 'acme' : 'globex' }))
      }
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { reports: some, next } = await page({ tenant: 'acme', limit: 2, cursor })
        seen.push(...some.map((one) => one.id))
        cursor = next
      } while (cursor !== undefined)
      expect(seen).toEqual(ids.slice(0, 5).sort())
      expect((await page()).reports).toHaveLength(7)
      const counts = [
        await reports.countOf('acme', 'semantic'),
        await reports.countOf('acme', 'exact'),
        await reports.countOf('globex', 'semantic'),
      ]
      expect(counts).toEqual([4, 1, 2])
    })

    it('erases the reports of a tenant and its end users, and no others', async () => {
      const tenants = ['acme', '["acme","ann"]', '["acme","bob"]', 'acme2', '["globex","acme"]']
      for (const tenant of tenants) await reports.put(id(), wrongAnswer({ tenant }))
      expect(await reports.erase('["acme","ann"]')).toBe(1)
      expect(await reports.erase('acme')).toBe(2)
      const left = (await page()).reports.map(({ report }) => report.tenant)
      expect(left.sort()).toEqual(['["globex","acme"]', 'acme2'])
    })

    it('sweeps only reports that expired before the given instant', async () => {
      const [old, fresh] = [id(), id()]
      await reports.put(old, wrongAnswer({ expires_at: NOW - 1 }))
      await reports.put(fresh, wrongAnswer({ expires_at: NOW }))
      expect(await reports.sweep(NOW)).toEqual({ swept: 1, left: 0 })
      expect(await reports.stateOf(old)).toBe('not reported')
      expect(await reports.stateOf(fresh)).toBe('reported')
    })
  })
}
