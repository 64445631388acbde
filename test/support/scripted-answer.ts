import type { Asked, Answer } from './fake-litellm.ts'

/** An upstream call that the test answers step by step. */
export interface Call {
  readonly asked: Asked
  /** The status line and headers, with a body to come. */
  begin(status?: number, contentType?: string): void
  send(text: string): void
  end(): void
  /** The connection breaks. */
  lose(): void
}

/** Answers that the test gives by hand; `call(n)` resolves when the nth call has arrived. */
export function scripted(): { answer: Answer; call: (number: number) => Promise<Call> } {
  const calls: PromiseWithResolvers<Call>[] = []
  const at = (number: number) => {
    while (calls.length < number) calls.push(Promise.withResolvers<Call>())
    return calls[number - 1]!
  }
  let arrived = 0
  const answer: Answer = (asked) => {
    arrived += 1
    const { promise, resolve } = Promise.withResolvers<Response>()
    let controller: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) })
    at(arrived).resolve({
      asked,
      begin: (status = 200, contentType = 'text/event-stream') =>
        resolve(new Response(body, { status, headers: { 'content-type': contentType } })),
      send: (text) => controller.enqueue(new TextEncoder().encode(text)),
      end: () => controller.close(),
      lose: () => controller.error(new Error('Network connection lost.')),
    })
    return promise
  }
  return { answer, call: (number) => at(number).promise }
}
