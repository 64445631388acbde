import type { Controls } from '../cache/controls.ts'
import { printable } from '../cache/status.ts'
import type { Forwarding, RefusedEntry } from '../cache/status.ts'
import type { Difference } from './differences.ts'
import type { Nearest } from './nearest.ts'
import { CALLER_LEFT } from './recent-request.ts'
import type { Kept } from './recent-request.ts'

/** The longest value of `x-cache-explanation`, in characters. */
export const LONGEST_EXPLANATION = 1_024
/** An answer that was stored this short a time ago may not be visible everywhere. */
const VISIBLE_AFTER_MS = 10_000

/** Reasons why an answer is not stored that need more words. */
const IN_WORDS: Readonly<Record<string, string>> = {
  cut: 'the answer broke off',
  'too-large': 'the answer is too large',
}

/** The parts of an explanation as the value of a header: printable ASCII, and not too long. */
export function headerValue(parts: readonly (string | undefined)[]): string {
  const text = printable(parts.filter((part) => part !== undefined).join('; '))
  const most = LONGEST_EXPLANATION - ELLIPSIS.length
  return text.length > LONGEST_EXPLANATION ? text.slice(0, most) + ELLIPSIS : text
}

const ELLIPSIS = '...'

/**
 * Why the exact cache did not answer, as far as the lookup knows: there was none, it failed, or it found
 * an entry that may not be served. Undefined if it found nothing. `now` in epoch ms.
 */
export function lookupReason(
  { fwd, outcome, detail, refused }: Forwarding,
  controls: Controls,
  now: number,
): string | undefined {
  if (fwd === 'bypass') return `not cached: ${detail ?? 'bypass'}`
  if (outcome === 'refresh') return 'not looked up: no-cache'
  return refused === undefined ? detail : refusedReason(refused, controls, now)
}

function refusedReason(
  { why, storedAt, expiresAt }: RefusedEntry,
  { maxAgeSeconds, minFreshSeconds }: Controls,
  now: number,
): string {
  switch (why) {
    case 'expired':
      return `expired ${ago(now - expiresAt)}`
    case 'too-old':
      return `stored ${ago(now - storedAt)}, older than max-age=${maxAgeSeconds}`
    case 'expiring':
      return `expires in ${duration(expiresAt - now)}, sooner than min-fresh=${minFreshSeconds}`
    case 'semantic':
      return 'the stored answer is a semantic hit'
    case 'collision':
      return "another request's entry has the same id"
    case 'tenant':
      return "the entry is another tenant's"
  }
}

/** Why a request that was not found is new, or why an identical one left no answer. */
export function nearestReason(nearest: Nearest | undefined, now: number): string {
  if (nearest === undefined) return 'no recent request to this model'
  const { requestId, at, kept, note, differences, more } = nearest
  const which = `request ${requestId} ${ago(now - at)}`
  if (differences.length === 0) {
    const parts = [keptReason(kept, at, now), note].filter((part) => part !== undefined)
    return `same as ${which}: ${parts.join('; ')}`
  }
  const told = differences.map(described)
  if (more > 0) told.push(`and ${more} more`)
  return `differs from ${which}: ${told.join('; ')}`
}

/** What became of the answer to an identical request, so that it is not found now. */
function keptReason(kept: Kept, at: number, now: number): string {
  if ('why' in kept && kept.why === CALLER_LEFT) return 'its caller left before the answer ended'
  if ('why' in kept) return `never stored: ${IN_WORDS[kept.why] ?? kept.why}`
  if (kept.expiresAt <= now) return `expired ${ago(now - kept.expiresAt)}`
  const stored = `stored ${ago(now - at)}`
  return now - at < VISIBLE_AFTER_MS
    ? `${stored}, not visible yet`
    : `${stored} and gone since: purged, or the write failed`
}

function described(difference: Difference): string {
  const path = difference.path === '' ? 'the body' : difference.path
  switch (difference.what) {
    case 'setting':
      return `${path} ${shown(difference.from)} -> ${shown(difference.to)}`
    case 'text': {
      const { line, volatile } = difference
      const where = line === undefined ? path : `${path}, line ${line}`
      return volatile ? `${where}: only a time stamp, an id or a number` : where
    }
    case 'added':
    case 'missing': {
      const { last } = difference
      const which = difference.what === 'added' ? 'this' : 'that'
      return `${last === undefined ? path : `${path} to ${last}`} only in ${which} request`
    }
    case 'order':
      return `${path}: the order of its members`
  }
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

const ago = (ms: number) => `${duration(ms)} ago`

/** A duration in one unit, rounded down. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}
