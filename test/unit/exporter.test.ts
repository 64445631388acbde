import { afterEach, expect, it, vi } from 'vitest'
import { mlflowExporter } from '../../src/telemetry/exporter.ts'
import { Trace } from '../../src/telemetry/trace.ts'
import type { Span } from '../../src/telemetry/trace.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('holds some 4 MiB of spans while MLflow takes none, and counts the others', () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const sent: Uint8Array[] = []
  vi.stubGlobal('fetch', (_: string, { body }: { body: Uint8Array }) => {
    sent.push(body)
    return new Promise(() => {})
  })
  const dropped: number[] = []
  const exporter = mlflowExporter({
    url: 'http://mlflow',
    experimentId: '7',
    delayMs: 0,
    count: (what, spans) => void (what === 'trace_spans_dropped' && dropped.push(spans)),
    flushCounts: () => undefined,
    now: () => 1_796_000_000_000,
  })
  const policy = { sampleRate: 1, includeContent: true }
  for (let traces = 0; traces < 30; traces += 1) {
    const trace = new Trace('POST /', { policy, sampled: true, link: undefined, now: () => 0 })
    trace.showOutput(() => ({ text: 'x'.repeat(250_000) }))
    exporter.add(trace, trace.finished() as readonly Span[])
    void exporter.flush()
  }
  expect(sent.length).toBeLessThanOrEqual(2) // batches that are on their way
  const bytes = sent.reduce((sum, { length }) => sum + length, 0)
  expect(30 * 250_000 - bytes - dropped.length * 250_000).toBeLessThan(4.5 * 1024 * 1024)
  expect(dropped.length).toBeGreaterThan(0)
  expect(warned).toHaveBeenCalledTimes(1)
})
