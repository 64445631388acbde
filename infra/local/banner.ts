/** One row of the table that `make dev` prints. */
export interface Row {
  part: string
  address: string
  /** Undefined for a part that was already running elsewhere. */
  seconds: number | undefined
}

/** The table of parts with their addresses. */
export function partsTable(rows: readonly Row[]): string {
  const cells = [
    ['part', 'address', 'ready in'],
    ...rows.map(({ part, address, seconds }) => [
      part,
      address,
      seconds === undefined ? 'yours' : `${seconds.toFixed(1)} s`,
    ]),
  ]
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
    .join('\n')
}

/** Where the parts are that people look at. */
export interface Places {
  readonly gateway: string
  readonly adminKey: string
  readonly mlflow: string
  readonly experimentId: string
}

/** What to try first. The small model answers these questions sensibly. */
export function firstSteps({ gateway, adminKey, mlflow, experimentId }: Places): string {
  return `Ask the small model; send it again and the exact cache answers (x-cache: exact-hit):

${curl(gateway, 'In one sentence, why is the sky blue?')}

Reworded, the semantic cache answers (x-cache: semantic-hit):

${curl(gateway, 'Explain in one sentence why the sky is blue.')}

A real model: OPENAI_API_KEY=... make dev, then "model":"openai/gpt-5-mini" (or ANTHROPIC_API_KEY).
Is everything working? make doctor
Dashboard: ${gateway}/dashboard (key: ${adminKey})
Traces: ${mlflow}/#/experiments/${experimentId}/traces
Ctrl-C stops everything; what was cached stays in .local/data.`
}

function curl(url: string, question: string): string {
  const body = {
    model: 'local-chat-model',
    max_tokens: 60,
    messages: [{ role: 'user', content: question }],
  }
  return `  curl -i ${url}/v1/chat/completions -H 'content-type: application/json' \\
    -d '${JSON.stringify(body)}'`
}
