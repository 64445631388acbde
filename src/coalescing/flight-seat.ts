import { GatewayError } from '../errors.ts'
import type { FrameMapper } from '../stream/map-frames.ts'
import { concatenate } from '../stream/sse.ts'
import type { Follower } from './broadcast.ts'
import { sharedEnd, withoutParts } from './flight.ts'
import type { Flight, FollowerWishes } from './flight.ts'
import { alone, failed } from './seat.ts'
import type { Seat, SeatAnswer, SeatEnd } from './seat.ts'

/** A seat in a flight; `onLeave` is called once. */
export class FlightSeat implements Seat {
  private readonly end = Promise.withResolvers<SeatEnd>()
  private readonly left = Promise.withResolvers<SeatAnswer>()
  private follower: Follower | undefined
  private hasLeft = false
  private readonly flight: Flight
  private readonly wishes: FollowerWishes
  private readonly collapsed: boolean
  private readonly onLeave: () => void

  constructor(flight: Flight, wishes: FollowerWishes, collapsed: boolean, onLeave: () => void) {
    this.flight = flight
    this.wishes = wishes
    this.collapsed = collapsed
    this.onLeave = onLeave
  }

  async answer(): Promise<SeatAnswer> {
    const { flight, wishes, collapsed } = this
    const leave = () => this.leave()
    const answering = flight.answerFor(wishes, collapsed, leave).then((one) => {
      // If it has left meanwhile, it would be a follower that never reads.
      if (this.hasLeft && 'follower' in one) one.follower.leave()
      return one
    }, failed)
    const found = await Promise.race([this.left.promise, answering])
    if ('follower' in found) {
      this.follower = found.follower
      const { head, follower, frames } = found
      const adapted = frames !== undefined
      return { kind: 'answer', head: { ...head, adapted }, body: this.bodyOf(follower, frames) }
    }
    // Nothing follows these, or a complete body.
    if (found.kind !== 'answer' || found.end !== undefined) this.leave()
    else this.finish().catch(() => this.leave())
    return found
  }

  ended(): Promise<SeatEnd> {
    return this.end.promise
  }

  leave(): void {
    if (this.hasLeft) return
    this.hasLeft = true
    this.left.resolve(alone('nobody waits'))
    this.end.resolve({})
    this.follower?.leave()
    this.onLeave()
  }

  private bodyOf(follower: Follower, frames: FrameMapper | undefined): ReadableStream<Uint8Array> {
    return new ReadableStream(
      {
        type: 'bytes',
        pull: async (controller) => {
          try {
            const bytes = await nextBytes(follower, frames)
            if (bytes !== undefined) return controller.enqueue(bytes)
            controller.close()
            controller.byobRequest?.respond(0)
            await this.finish()
          } catch (error) {
            const known = error instanceof GatewayError ? error : BROKEN_OFF
            this.end.resolve({ error: { code: known.code, message: known.message } })
            controller.error(error)
            this.leave()
          }
        },
        cancel: () => this.leave(),
      },
      { highWaterMark: 0 },
    )
  }

  /** After the last byte: tells the caller what became of the answer. */
  private async finish(): Promise<void> {
    const { answer } = await this.flight.begun
    if (this.collapsed) {
      const shared = await answer.recorded
      const { text = '' } = shared
      const isShown = this.wishes.showsAnswer && text.length <= LONGEST_SHOWN
      this.end.resolve({ end: { ...sharedEnd(shared), text: isShown ? text : undefined } })
      return this.leave()
    }
    const end = await answer.ended
    const admission = withoutParts(end.admission)
    // The entry contains the text already.
    const bare = 'entry' in admission ? { ...end, text: undefined } : end
    this.end.resolve({ end: { ...bare, admission } })
    this.leave()
  }
}

/**
 * In characters. The text of a stream is sent again to each request that shared it, for its trace: the
 * object may have a thousand of them.
 */
const LONGEST_SHOWN = 16_384

const BROKEN_OFF = new GatewayError('upstream_unreachable', 'The answer broke off.')

/**
 * What a follower has not read yet, as much as there is; undefined at the end. A copy: a byte stream
 * detaches the buffer, and other followers read the same chunk.
 */
async function nextBytes(
  follower: Follower,
  frames: FrameMapper | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (;;) {
    const first = await follower.next()
    const chunks = first === undefined ? [] : [first, ...follower.more()]
    const last = first === undefined && frames !== undefined ? frames.flush() : []
    const parts = frames === undefined ? chunks : chunks.flatMap((chunk) => frames.push(chunk))
    const bytes = concatenate([...parts, ...last])
    if (bytes.length > 0) return bytes
    if (first === undefined) return undefined
  }
}
