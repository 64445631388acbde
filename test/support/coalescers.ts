import { cachedApis } from '../../src/apis/cached-apis.ts'
import type { ArrivingSeat } from '../../src/coalescing/client.ts'
import type { CallData, Coalescer } from '../../src/coalescing/coalescer.ts'
import type { Seat } from '../../src/coalescing/seat.ts'
import { Misconfigured } from '../../src/parse-config.ts'
import { dependenciesFor } from '../../src/dependencies.ts'

/**
 * A coalescing pool in this isolate, with the gateway's own settings. (A real Durable Object has those
 * of vitest.config.ts.) A test can replace `onTheWay` to delay or fail a join.
 */
export function coalescers(settings: object) {
  const objects = new Map<string, Coalescer>()
  const work: Promise<void>[] = []
  const objectFor = (name: string): Coalescer => {
    const dependencies = dependenciesFor(settings)
    if (dependencies instanceof Misconfigured) throw dependencies
    const object =
      objects.get(name) ??
      dependencies.coalescer({
        apis: cachedApis,
        waitUntil: (one) => void work.push(one),
        keepAwake: () => void (made.keptAwake += 1),
      })
    objects.set(name, object)
    return object
  }
  const made = {
    /** The number of join calls. */
    asked: 0,
    /** A hook between the gateway and an object. */
    onTheWay: async (join: () => Seat): Promise<Seat> => join(),
    /** How often an object asked to be kept awake. */
    keptAwake: 0,
    /** All objects, by name. */
    objects,
    /** Resolves when no flight is left. */
    settled: async () => void (await Promise.all(work.splice(0))),
    jurisdiction: () => made,
    getByName: (name: string) => ({
      join: (data: CallData): ArrivingSeat => {
        made.asked += 1
        const seat = made.onTheWay(() => objectFor(name).join(structuredClone(data)))
        return Object.assign(seat, { answer: async () => (await seat).answer() })
      },
      refresh: async (data: CallData) => objectFor(name).refresh(structuredClone(data)),
    }),
  }
  return made
}
