import type { Context } from 'hono'
import { JSON_LINES } from '../admin/openapi.ts'
import { report, reportInput } from '../admin/report.ts'
import type { ReportOptions } from '../admin/report.ts'
import { exportedPairs, exportQuery, listReports, reportsQuery } from '../admin/reports.ts'
import { fromQdrant } from './admin.ts'
import { answer, bodyOf, queryOf } from './admin-input.ts'

/** The handlers of reports for operators. */
export function adminReports(options: ReportOptions) {
  const { reports } = options
  return {
    report: async (c: Context) => {
      const wrong = await bodyOf(c, reportInput)
      return answer(c, await fromQdrant(() => report({ ...wrong, by: 'admin' }, options)))
    },

    reports: async (c: Context) => {
      const query = queryOf(c, reportsQuery)
      return answer(c, await fromQdrant(() => listReports(query, reports)))
    },

    exportReports: async (c: Context) => {
      const lines = exportedPairs(queryOf(c, exportQuery), reports)
      // Read before the status is sent, so that a failing Qdrant is an error.
      const first = await fromQdrant(() => lines.next())
      return new Response(textStream(first, lines), {
        headers: { 'content-type': JSON_LINES, 'cache-control': 'no-store' },
      })
    },
  }
}

/** The texts of a generator as bytes; the stream errors if the generator throws. */
function textStream(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let pending = Promise.resolve(first)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pending
      if (done) return controller.close()
      controller.enqueue(encoder.encode(value))
      pending = rest.next()
      pending.catch(() => {}) // the next pull throws it
    },
    cancel: async () => void (await rest.return()),
  })
}
