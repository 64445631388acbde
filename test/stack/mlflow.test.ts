import { describe, expect, it } from 'vitest'
import { addresses, ask, unique } from './client.ts'

interface Trace {
  trace_info: {
    trace_id: string
    state: string
    request_preview?: string
    response_preview?: string
  }
  spans: { name: string; parent_span_id?: string }[]
}

/** The newest trace whose preview contains this text, once its spans are complete. */
async function traceOf(question: string, complete: (trace: Trace) => boolean): Promise<Trace> {
  const api = `${addresses.mlflow}/api/3.0/mlflow/traces`
  let seen: unknown = 'no trace'
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const found = await fetch(`${api}/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        locations: [
          {
            type: 'MLFLOW_EXPERIMENT',
            mlflow_experiment: { experiment_id: addresses.experimentId },
          },
        ],
        max_results: 20,
        order_by: ['timestamp_ms DESC'],
      }),
    })
    const { traces = [] } = (await found.json()) as { traces?: Trace['trace_info'][] }
    const info = traces.find((one) => one.request_preview?.includes(question))
    if (info !== undefined) {
      const response = await fetch(`${api}/get?trace_id=${info.trace_id}`)
      const { trace } = (await response.json()) as { trace: Trace }
      if (complete(trace)) return trace
      seen = trace.spans.map(({ name }) => name)
    }
    await new Promise((resume) => setTimeout(resume, 250))
  }
  throw new Error(`The trace did not arrive whole in MLflow: ${JSON.stringify(seen)}`)
}

describe('MLflow', () => {
  it("shows one trace per request, with prompt, answer and LiteLLM's spans below the gateway's", async () => {
    const question = await unique('Name a fruit.')
    await ask(question)
    const { trace_info, spans } = await traceOf(question, (trace) =>
      trace.spans.some(({ name }) => name.startsWith('chat ')),
    )
    expect(trace_info.state).toBe('OK')
    expect(trace_info.request_preview).toContain(question)
    expect(trace_info.response_preview).toBeTruthy()
    const names = spans.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['cache lookup', 'litellm', 'POST /v1/chat/completions']),
    )
    expect(spans.filter((span) => !span.parent_span_id)).toHaveLength(1)
  })
})
