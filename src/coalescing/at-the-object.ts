import type { Api } from '../apis/api.ts'
import { encodeFrame } from './frames.ts'
import type { Frame } from './frames.ts'
import type { Flights } from './flights.ts'
import { callOf } from './order.ts'
import type { Order } from './order.ts'

/**
 * What the object where flights meet answers to a Worker's order: at once, with a body of frames that
 * come as they come; to a refresh, 202 without a body. 400 to what it doesn't know.
 */
export async function takeOrder(
  request: Request,
  flights: Flights,
  apis: readonly Api[],
): Promise<Response> {
  const order: Order = await request.json()
  const call = callOf(order, apis)
  if (call === undefined) return new Response(null, { status: 400 })
  if (order.refresh) {
    flights.refresh(call)
    return new Response(null, { status: 202 })
  }
  const { frames, left } = flights.join(call, request.signal)
  return new Response(streamOf(frames, left))
}

/** Frames as bytes, each made when it is asked for. */
function streamOf(frames: AsyncGenerator<Frame>, left: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await frames.next().catch((error: unknown) => {
          left()
          throw error
        })
        const chunks = value === undefined ? [] : encodeFrame(value)
        for (const chunk of chunks) if (chunk.length > 0) controller.enqueue(chunk)
        // Nothing comes after these, and whoever goes alone does not read on.
        if (!done && value.kind !== 'alone' && value.kind !== 'failed') return
        left()
        controller.close()
      },
      cancel: left,
    },
    { highWaterMark: 0 },
  )
}
