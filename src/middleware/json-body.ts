import type { JsonObject } from '../cache/json.ts'
import type { Holding } from '../stream/memory-budget.ts'
import { ALWAYS_READ_BYTES, overloaded } from './incoming-body.ts'
import type { ArrivedBody } from './incoming-body.ts'

/** Making one takes longer than decoding a short text. */
const decoder = new TextDecoder()

/** Estimated bytes that a parsed value takes per object, array, string and member. */
const NODE_BYTES = 64

/** A JSON body that is parsed when its value is needed, which a cache hit may never need. */
export class JsonBody {
  /** The memory that it holds. */
  readonly held: Holding
  /** Estimated memory of the parsed value, besides its text. */
  readonly valueBytes: number
  private arrived: ArrivedBody | undefined
  private parsed: JsonObject | undefined
  /** Members that replace the body's. */
  private readonly replaced: JsonObject

  /** `nodes` as the body's scan counts them. */
  constructor(arrived: ArrivedBody, nodes: number, replaced: JsonObject, held: Holding) {
    this.arrived = arrived
    this.valueBytes = nodes * NODE_BYTES
    this.replaced = replaced
    this.held = held
  }

  /** The text as it came; undefined if it was parsed, or if members are replaced. */
  get raw(): Uint8Array | undefined {
    const { arrived, replaced } = this
    if (arrived === undefined || Object.keys(replaced).length > 0) return undefined
    return arrived.join()
  }

  /** Throws `overloaded` if there is no memory for it. */
  get value(): JsonObject {
    return (this.parsed ??= { ...this.parse(), ...this.replaced })
  }

  private parse(): JsonObject {
    const { arrived, held } = this
    if (arrived === undefined) throw new Error('The body has been parsed.')
    held.take(this.valueBytes)
    if (arrived.bytes > ALWAYS_READ_BYTES && held.isShort) {
      held.release(this.valueBytes)
      throw overloaded()
    }
    const text = decoder.decode(arrived.join())
    arrived.parts.length = 0
    this.arrived = undefined
    return JSON.parse(text) as JsonObject
  }
}
