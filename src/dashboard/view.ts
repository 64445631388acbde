import { GatewayError } from '../errors.ts'
import type { ReportQuery } from '../ledger/report.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The time ranges that can be chosen, each in 15 to 90 steps. A step has at least a minute. */
export const ranges = {
  '15m': {
    label: '15 minutes',
    durationMs: 15 * MINUTE_MS,
    stepMs: MINUTE_MS,
    step: '1 minute',
    per: 'minute',
  },
  '1h': {
    label: '1 hour',
    durationMs: HOUR_MS,
    stepMs: MINUTE_MS,
    step: '1 minute',
    per: 'minute',
  },
  '6h': {
    label: '6 hours',
    durationMs: 6 * HOUR_MS,
    stepMs: 5 * MINUTE_MS,
    step: '5 minutes',
    per: '5 minutes',
  },
  '24h': {
    label: '24 hours',
    durationMs: DAY_MS,
    stepMs: 30 * MINUTE_MS,
    step: '30 minutes',
    per: '30 minutes',
  },
  '7d': {
    label: '7 days',
    durationMs: 7 * DAY_MS,
    stepMs: 3 * HOUR_MS,
    step: '3 hours',
    per: '3 hours',
  },
  '30d': {
    label: '30 days',
    durationMs: 30 * DAY_MS,
    stepMs: 12 * HOUR_MS,
    step: '12 hours',
    per: '12 hours',
  },
  '90d': { label: '90 days', durationMs: 90 * DAY_MS, stepMs: DAY_MS, step: '1 day', per: 'day' },
} as const

export type RangeName = keyof typeof ranges
export const rangeNames = Object.keys(ranges) as RangeName[]

/** How often the page can reload itself, in seconds. */
export const refreshSeconds = [30, 60, 300] as const
export type RefreshSeconds = (typeof refreshSeconds)[number]

/** What the page shows, all of it in its URL. */
export interface View {
  readonly range: RangeName
  /** All tenants if undefined. */
  readonly tenant: string | undefined
  /** Undefined if the page does not reload itself. */
  readonly refresh: RefreshSeconds | undefined
}

const LONGEST_TENANT = 512

/** Reads a view from a query string; throws 400 for a value that is not offered. */
export function viewOf(query: Readonly<Record<string, string>>): View {
  const { range = '24h', tenant = '', refresh = '' } = query
  if (!isRange(range)) throw invalid('range', rangeNames)
  const seconds = refreshSeconds.find((offered) => String(offered) === refresh)
  if (refresh !== '' && seconds === undefined) throw invalid('refresh', refreshSeconds)
  if (tenant.length > LONGEST_TENANT) {
    const message = `tenant has more than ${LONGEST_TENANT} characters.`
    throw new GatewayError('invalid_request', message, 'tenant')
  }
  return { range, tenant: tenant === '' ? undefined : tenant, refresh: seconds }
}

const isRange = (text: string): text is RangeName => Object.hasOwn(ranges, text)

function invalid(name: string, offered: readonly (string | number)[]): GatewayError {
  return new GatewayError('invalid_request', `${name} must be one of ${offered.join(', ')}.`, name)
}

/** A URL that shows this view, with some of it changed. */
export function hrefOf(path: string, view: View, change: Partial<View> = {}): string {
  const { range, tenant, refresh } = { ...view, ...change }
  const query = new URLSearchParams({ range })
  if (tenant !== undefined) query.set('tenant', tenant)
  if (refresh !== undefined) query.set('refresh', String(refresh))
  return `${path}?${query.toString()}`
}

/** The ledger's query for a view. Its end is the end of the current step, so that all steps are whole. */
export function queryOf({ range, tenant }: View, now: number): ReportQuery {
  const { durationMs, stepMs } = ranges[range]
  const to = (Math.floor(now / stepMs) + 1) * stepMs
  return { from: to - durationMs, to, stepMs, tenant }
}
