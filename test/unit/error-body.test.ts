import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { anthropicError } from '../../src/apis/messages/anthropic-error.ts'
import { failureOf } from '../../src/routes/failure.ts'
import { withErrorBody } from '../../src/upstream/error-body.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An error of LiteLLM whose body goes on as the test says. */
function failing(status: number, begun = '{"error":{"message":"Inva') {
  let body!: ReadableStreamDefaultController<Uint8Array>
  const cancelled = vi.fn()
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => void (body = controller),
    cancel: cancelled,
  })
  const send = (text: string) => body.enqueue(new TextEncoder().encode(text))
  if (begun !== '') send(begun)
  const headers = { 'retry-after': '7', 'content-type': 'text/plain', 'content-length': '999' }
  const response = new Response(stream, { status, headers })
  return { response, send, cancelled, close: () => body.close(), lose: () => body.error('lost') }
}

describe("the body of LiteLLM's error", () => {
  const shaped = (response: Response) => withErrorBody(response, anthropicError)
  const expectMade = async (answer: Response, status: number, type: string) => {
    expect(answer.status).toBe(status)
    expect(await answer.json()).toEqual({
      type: 'error',
      error: { type, message: expect.stringContaining(String(status)) },
    })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(answer.headers.has('content-length')).toBe(false)
  }

  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [404, 'not_found_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
  ])('is made from the status %i if it breaks off', async (status, type) => {
    const { response, lose } = failing(status)
    const answer = shaped(response)
    lose()
    await expectMade(await answer, status, type)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['', '{"error":{"message":"Inva'])(
    'is made from the status if it stalls after "%s"',
    async (begun) => {
      const { response, cancelled } = failing(403, begun)
      const answer = shaped(response)
      await vi.advanceTimersByTimeAsync(5_000)
      await expectMade(await answer, 403, 'permission_error')
      expect(cancelled).toHaveBeenCalledOnce()
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('is made from the status if bytes drip in for ever', async () => {
    const { response, send } = failing(403)
    const answer = shaped(response)
    for (let second = 0; second < 5; second += 1) {
      send('x')
      await vi.advanceTimersByTimeAsync(1_000)
    }
    await expectMade(await answer, 403, 'permission_error')
  })

  it('is made from the status if it is too large', async () => {
    const { response, send, cancelled } = failing(422)
    const answer = shaped(response)
    send('x'.repeat(1_048_576))
    await expectMade(await answer, 422, 'invalid_request_error')
    expect(cancelled).toHaveBeenCalledOnce()
  })

  it('gets its shape if it comes in time, and leaves no timer behind', async () => {
    const { response, send, close } = failing(401)
    const answer = shaped(response)
    await vi.advanceTimersByTimeAsync(4_999)
    send('lid"}}')
    close()
    expect(await (await answer).json()).toMatchObject({ error: { message: 'Invalid' } })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a 429', () => {
  it('is a failure if its body stalls, and loses no byte of it', async () => {
    const { response, send, close } = failing(429, 'a')
    const found = failureOf(response)
    await vi.advanceTimersByTimeAsync(5_000)
    const { failure, response: passed } = await found
    expect([failure, passed.status, vi.getTimerCount()]).toEqual(['status 429', 429, 0])
    send('b')
    send('c')
    close()
    expect(await passed.text()).toBe('abc')
  })

  it('cancels its stalled body if the caller leaves', async () => {
    const { response, cancelled } = failing(429)
    const found = failureOf(response)
    await vi.advanceTimersByTimeAsync(5_000)
    await (await found).response.body?.cancel()
    expect(cancelled).toHaveBeenCalledOnce()
  })

  it('breaks off for the caller if its stalled body does', async () => {
    const { response, lose } = failing(429)
    const found = failureOf(response)
    await vi.advanceTimersByTimeAsync(5_000)
    const { response: passed } = await found
    lose()
    await expect(passed.text()).rejects.toBe('lost')
  })

  it('is no failure if its budget is exhausted', async () => {
    const { response, send, close } = failing(429)
    const found = failureOf(response)
    send('budget_exceeded')
    close()
    expect(await found).toMatchObject({ failure: undefined })
    expect(vi.getTimerCount()).toBe(0)
  })
})
