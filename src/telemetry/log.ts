/** One line of JSON for an operator; never a prompt, an answer or a key. */
export function warn(event: string, error: unknown): void {
  console.warn(JSON.stringify({ level: 'warn', event, ...describe(error) }))
}

/** Something that went well and that somebody counts. */
export function info(event: string, facts: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ level: 'info', event, ...facts }))
}

/** The Qdrant client's errors say everything by their status and nothing by their message. */
function describe(error: unknown): { error: string; status?: unknown } {
  if (!(error instanceof Error)) return { error: String(error) }
  const message = error.message === '' ? error.name : error.message
  return 'status' in error ? { error: message, status: error.status } : { error: message }
}
