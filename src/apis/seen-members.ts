import type { FoundMember, Watched } from '../cache/member-finder.ts'
import { isObject } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import { concatenate } from '../stream/sse.ts'
import { METADATA, STEERING, STEERING_METADATA } from './checks.ts'

const named = (names: readonly string[]): [string, undefined][] =>
  names.map((name) => [name, undefined])

const inMetadata: Watched = new Map(named(STEERING_METADATA))
/** Steering members, wherever they may be. */
const steering: [string, Watched | undefined][] = [
  ...named(STEERING),
  ...METADATA.map((name): [string, Watched] => [name, inMetadata]),
]

/** The members that the gateway reads or replaces in a body that it does not parse. */
export const SEEN_MEMBERS: Watched = new Map<string, Watched | undefined>([
  ...named(['model', 'stream', 'stream_options', 'cache', 'user']),
  ...steering,
  ['extra_body', new Map(steering)],
])

/** Longer values, in bytes, are never looked into. */
const LONGEST_VALUE = 16_384

/**
 * Builds a body with only the members that the gateway must see. A long value is replaced by an empty
 * one of its kind.
 */
export function seenBody(
  parts: readonly Uint8Array[],
  members: readonly FoundMember[],
): JsonObject {
  const body: JsonObject = {}
  // Nested members are found before the one that contains them.
  for (const member of members.toReversed()) {
    const { path } = member
    const parent = path
      .slice(0, -1)
      .reduce<Json>((object, name) => (object as JsonObject)[name] ?? {}, body)
    const value = valueOf(parts, member)
    const name = path.at(-1) ?? ''
    if (isObject(parent)) parent[name] ??= value
  }
  return body
}

function valueOf(parts: readonly Uint8Array[], { start, end }: FoundMember): Json {
  const first = bytesOf(parts, start, start + 1)[0]
  if (end - start <= LONGEST_VALUE) {
    return JSON.parse(new TextDecoder().decode(bytesOf(parts, start, end))) as Json
  }
  if (first === 0x7b) return {}
  return first === 0x5b ? [] : ''
}

/** A range of bytes from the parts. */
function bytesOf(parts: readonly Uint8Array[], start: number, end: number): Uint8Array {
  const found: Uint8Array[] = []
  let at = 0
  for (const part of parts) {
    if (at >= end) break
    if (at + part.length > start) found.push(part.subarray(Math.max(0, start - at), end - at))
    at += part.length
  }
  return concatenate(found)
}
