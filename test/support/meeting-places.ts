import { coalescedApis } from '../../src/app.ts'
import { takeOrder } from '../../src/coalescing/at-the-object.ts'
import type { Flights } from '../../src/coalescing/flights.ts'
import { Misconfigured } from '../../src/config.ts'
import { dependenciesFor } from '../../src/dependencies.ts'

/** Anything that stands where identical requests meet. */
export type TierName = (request: Request) => Promise<Response>

/**
 * A namespace of places as the Durable Object makes them, in this isolate and with a gateway's own
 * settings. What happens on the way to one, a test may decide.
 */
export function meetingPlaces(settings: object) {
  const places = new Map<string, Flights>()
  const work: Promise<void>[] = []
  const made = {
    /** How often a place was asked. */
    asked: 0,
    /** Stands between the gateway and a place. */
    onTheWay: (request: Request, place: TierName): Promise<Response> => place(request),
    /** How often a place asked to be kept awake. */
    keptAwake: 0,
    /** All places, by name. */
    places,
    /** Resolves when no flight is left. */
    settled: async () => void (await Promise.all(work.splice(0))),
    getByName(name: string) {
      return {
        fetch: async (request: Request): Promise<Response> => {
          made.asked += 1
          return made.onTheWay(request, async (arrived) => {
            const dependencies = dependenciesFor(settings)
            if (dependencies instanceof Misconfigured) throw dependencies
            const flights =
              places.get(name) ??
              dependencies.meetingPlace({
                waitUntil: (one) => void work.push(one),
                keepAwake: () => void (made.keptAwake += 1),
              })
            places.set(name, flights)
            return takeOrder(arrived, flights, coalescedApis)
          })
        },
      }
    },
  }
  return made
}
