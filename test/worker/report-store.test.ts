import { expect, it, onTestFinished, vi } from 'vitest'
import { qdrantReports } from '../../src/store/report-store.ts'
import { reportContract, wrongAnswer } from '../contract/report-contract.ts'
import { NOW } from '../contract/store-contract.ts'
import { FakeQdrant } from '../support/fake-qdrant.ts'
import { network } from '../support/network.ts'

const OPTIONS = {
  url: 'http://qdrant',
  collection: 'reports',
  lookupTimeoutMs: 250,
  copyTtlMs: 30_000,
  now: () => NOW,
}

reportContract('the fake Qdrant', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  return {
    reports: qdrantReports(OPTIONS),
    put: async (id, payload) => {
      qdrant.points.set(id, payload)
    },
  }
})

it('the absence of reports is remembered for as long as other copies, and no longer', async () => {
  const qdrant = new FakeQdrant()
  network({ qdrant })
  let time = NOW
  const here = qdrantReports({ ...OPTIONS, now: () => time })
  const elsewhere = qdrantReports(OPTIONS)
  const id = crypto.randomUUID()
  expect(await here.stateOf(id)).toBe('no reports')
  await elsewhere.put(id, wrongAnswer())
  const before = qdrant.requests.length
  time = NOW + 29_999
  expect(await here.stateOf(id)).toBe('no reports')
  expect(qdrant.requests).toHaveLength(before)
  time = NOW + 30_000
  expect(await here.stateOf(id)).toBe('reported')
})

it("an isolate's own first report is known there at once", async () => {
  network({ qdrant: new FakeQdrant() })
  const reports = qdrantReports(OPTIONS)
  const id = crypto.randomUUID()
  expect(await reports.stateOf(id)).toBe('no reports')
  await reports.put(id, wrongAnswer())
  expect(await reports.stateOf(id)).toBe('reported')
})

it('the state of a pair is unknown after QDRANT_TIMEOUT_MS, or if Qdrant refuses', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  network({ qdrant: { fetch: () => new Promise<Response>(() => {}) } })
  const ended = vi.fn<(error: unknown) => void>()
  const reports = qdrantReports(OPTIONS)
  const reading = reports.stateOf(crypto.randomUUID()).catch(ended)
  await vi.advanceTimersByTimeAsync(249)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await reading
  expect(ended).toHaveBeenCalledWith(expect.objectContaining({ name: 'TimeoutError' }))
  vi.useRealTimers()
  const body = '{"status":{"error":"Forbidden"}}'
  const headers = { 'content-type': 'application/json' }
  network({ qdrant: { fetch: () => new Response(body, { status: 403, headers }) } })
  await expect(reports.stateOf(crypto.randomUUID())).rejects.toMatchObject({ status: 403 })
})
