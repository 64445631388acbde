/** Logs a problem as one line of JSON for operators. Never contains a prompt, an answer or a key. */
export function warn(event: string, error: unknown): void {
  console.warn(JSON.stringify({ level: 'warn', event, ...describe(error) }))
}

/** Logs facts that someone counts, as one line of JSON. */
export function info(event: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ level: 'info', event, ...facts }))
}

/** The Qdrant client's errors are told apart by status: their messages say nothing. */
function describe(error: unknown): { error: string; status?: unknown } {
  if (!(error instanceof Error)) return { error: String(error) }
  const message = error.message === '' ? error.name : error.message
  return 'status' in error ? { error: message, status: error.status } : { error: message }
}
