/** One line of JSON for an operator; never a prompt, an answer or a key. */
export function warn(event: string, error: unknown): void {
  const message = error instanceof Error ? error.message : JSON.stringify(error)
  console.warn(JSON.stringify({ level: 'warn', event, error: message }))
}
