import { describe, expect, it } from 'vitest'
import { addresses, ask, send, unique, until } from './client.ts'

interface Trace {
  readonly trace_info: {
    readonly trace_id: string
    readonly state: string
    readonly request_preview?: string
    readonly response_preview?: string
    readonly trace_metadata?: Readonly<Record<string, string>>
  }
  readonly spans: readonly { readonly name: string; readonly parent_span_id?: string }[]
}

const api = `${addresses.mlflow}/api/3.0/mlflow/traces`

/** The newest trace of which this holds, once it does. */
async function traceThat(holds: (trace: Trace) => boolean): Promise<Trace> {
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
    for (const { trace_id } of traces) {
      const response = await fetch(`${api}/get?trace_id=${trace_id}`)
      const { trace } = (await response.json()) as { trace: Trace }
      if (holds(trace)) return trace
      seen = trace.spans.map(({ name }) => name)
    }
    await new Promise((resume) => setTimeout(resume, 250))
  }
  throw new Error(`The trace did not arrive whole in MLflow: ${JSON.stringify(seen)}`)
}

/** Whether LiteLLM's span for the model has arrived. */
const isWhole = ({ spans }: Trace) => spans.some(({ name }) => name.startsWith('chat '))

const asks = (question: string) => (trace: Trace) =>
  trace.trace_info.request_preview?.includes(question) ?? false

describe('MLflow', () => {
  it("shows one trace per request, with prompt, answer and LiteLLM's spans below the gateway's", async () => {
    const question = await unique('Name a fruit.')
    await ask(question)
    const { trace_info, spans } = await traceThat(
      (trace) => asks(question)(trace) && isWhole(trace),
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

  it('counts the tokens of a miss once, as LiteLLM does, and none for a hit', async () => {
    const question = await unique('Name a river.')
    const miss = await ask(question)
    const { usage } = JSON.parse(miss.text) as { usage: { completion_tokens: number } }
    const made = await traceThat((trace) => asks(question)(trace) && isWhole(trace))
    const counted = JSON.parse(made.trace_info.trace_metadata!['mlflow.trace.tokenUsage']!) as {
      output_tokens: number
    }
    expect(counted.output_tokens).toBe(usage.completion_tokens)
    await until('exact-hit', () => ask(question))
    const hit = await traceThat(
      (trace) => asks(question)(trace) && trace.spans.every(({ name }) => name !== 'litellm'),
    )
    expect(hit.trace_info.state).toBe('OK')
    expect(hit.trace_info.response_preview).toBe(made.trace_info.response_preview)
    expect(hit.trace_info.trace_metadata ?? {}).not.toHaveProperty(['mlflow.trace.tokenUsage'])
  })

  it('shows user and session where the caller names them', async () => {
    const question = await unique('Name a tree.')
    const session = crypto.randomUUID()
    await ask(question, { user: 'ann', metadata: { session_id: session } })
    const { trace_info } = await traceThat(asks(question))
    expect(trace_info.trace_metadata).toMatchObject({
      'mlflow.trace.session': session,
      'mlflow.trace.user': 'ann',
    })
  })

  it('shows a request that the gateway refused, with its error', async () => {
    const tag = crypto.randomUUID()
    await send('/v1/chat/completions', { model: 'm', messages: tag, stream: 'yes' })
    const { trace_info } = await traceThat(
      ({ trace_info }) => trace_info.response_preview?.includes('stream') ?? false,
    )
    expect(trace_info.state).toBe('ERROR')
  })

  it('takes every trace of a batch that has one with the oddest text', async () => {
    const question = await unique('Name a metal.')
    const odd = `\0 ${question}`
    const [, seen] = await Promise.all([
      send('/v1/chat/completions', { model: '\0', messages: [{ role: 'user', content: odd }] }),
      ask(question),
    ])
    expect(seen.status).toBe(200)
    const { trace_info } = await traceThat(
      (trace) => asks(question)(trace) && trace.trace_info.state === 'OK' && isWhole(trace),
    )
    expect(trace_info.state).toBe('OK')
    await traceThat((trace) => asks(question)(trace) && trace.trace_info.state === 'ERROR')
  })
})
