import { GatewayError } from '../errors.ts'
import type { Json, JsonObject } from './json.ts'

/** A request's cache controls, from its headers and its body. */
export interface Controls {
  /** Whether a stored answer may be served. */
  readonly read: boolean
  /** Whether the new answer may be stored. */
  readonly store: boolean
  /** The greatest accepted age. */
  readonly maxAgeSeconds: number | undefined
  /** The shortest accepted remaining freshness. */
  readonly minFreshSeconds: number | undefined
  /** How long ago the answer may have expired; undefined if the caller does not say. */
  readonly maxStaleSeconds: number | undefined
  /** How long ago it may have expired if LiteLLM fails. */
  readonly staleIfErrorSeconds: number | undefined
  /** How long the new answer is fresh. */
  readonly ttlSeconds: number
  /** Whether a miss is a 504 instead of an upstream call. */
  readonly onlyIfCached: boolean
  /** Whether a semantic hit may answer. */
  readonly semantic: boolean
  /** Separates requests that are otherwise identical; "" by default. */
  readonly namespace: string
  /** Labels to purge by. */
  readonly tags: readonly string[]
}

/** The controls of a request as its caller set them, whatever policy applies to it. */
export interface RequestedControls extends Omit<Controls, 'ttlSeconds'> {
  /** Undefined if the caller does not say. */
  readonly ttlSeconds: number | undefined
}

/** How long answers are fresh. */
export interface TtlLimits {
  /** If the caller does not say. */
  readonly ttlSeconds: number
  /** The longest that a caller may request. */
  readonly maxTtlSeconds: number
}

/** The request headers that control the cache. */
export const CONTROL_HEADERS = [
  'cache-control',
  'x-cache-ttl',
  'x-cache-semantic',
  'x-cache-namespace',
  'x-cache-tags',
] as const
type ControlHeader = (typeof CONTROL_HEADERS)[number]

/** The values of the control headers; null for those that are absent. */
export type ControlHeaders = Readonly<Record<ControlHeader, string | null>>

/** Picks the control headers from a request's. */
export function controlHeaders(headers: Headers): ControlHeaders {
  const values = CONTROL_HEADERS.map((name) => [name, headers.get(name)] as const)
  return Object.fromEntries(values) as ControlHeaders
}

/** Means "very long". JSON has no Infinity. */
const VERY_LONG_SECONDS = 2 ** 31
const MAX_NAME_LENGTH = 256
const MAX_TAGS = 16

/**
 * Reads the controls from the headers (RFC 9111, 5.2.1, and `x-cache-*`) and from LiteLLM's body
 * member `cache` (https://docs.litellm.ai/docs/proxy/caching). The stricter one wins. Throws a
 * `GatewayError` (400) that names a malformed control; unknown ones are ignored.
 */
export function readControls(headers: ControlHeaders, body: JsonObject): RequestedControls {
  const directives = readDirectives(headers['cache-control'] ?? '')
  const cache = readCacheMember(body['cache'])
  const noStore = directives.has('no-store')
  return {
    read: !noStore && !directives.has('no-cache') && !member(cache, 'no-cache', flag),
    store: !noStore && !member(cache, 'no-store', flag),
    maxAgeSeconds: strictest([
      ...directive(directives, 'max-age'),
      member(cache, 's-maxage', wholeSeconds),
      member(cache, 's-max-age', wholeSeconds),
    ]),
    minFreshSeconds: longest(directive(directives, 'min-fresh')),
    maxStaleSeconds: strictest(directive(directives, 'max-stale', VERY_LONG_SECONDS)),
    staleIfErrorSeconds: strictest(directive(directives, 'stale-if-error')),
    ttlSeconds: strictest([
      header(headers, 'x-cache-ttl', seconds),
      member(cache, 'ttl', wholeSeconds),
    ]),
    onlyIfCached: directives.has('only-if-cached'),
    semantic: header(headers, 'x-cache-semantic', onOrOff) ?? true,
    namespace: one(
      header(headers, 'x-cache-namespace', name),
      member(cache, 'namespace', textName),
    ),
    tags: header(headers, 'x-cache-tags', names) ?? [],
  }
}

/** The controls with the TTL that results, from 1 s to the limit. */
export function withTtl(
  requested: RequestedControls,
  { ttlSeconds, maxTtlSeconds }: TtlLimits,
): Controls {
  const wanted = requested.ttlSeconds ?? ttlSeconds
  return { ...requested, ttlSeconds: Math.min(Math.max(wanted, 1), maxTtlSeconds) }
}

/** The arguments of a directive in seconds. `bare` is its value without an argument. */
function directive(
  directives: ReadonlyMap<string, readonly string[]>,
  name: string,
  bare?: number,
): number[] {
  return (directives.get(name) ?? []).map((text) =>
    text === '' && bare !== undefined ? bare : seconds(text, `cache-control: ${name}`),
  )
}

/** The smallest number given. */
function strictest(given: readonly (number | undefined)[]): number | undefined {
  let smallest: number | undefined
  for (const number of given) {
    if (number !== undefined && number < (smallest ?? Infinity)) smallest = number
  }
  return smallest
}

/** The largest number given, which is the strictest `min-fresh`. */
function longest(given: readonly number[]): number | undefined {
  return given.length === 0 ? undefined : Math.max(...given)
}

/** Neither namespace is stricter, so header and body must agree. */
function one(fromHeader: string | undefined, fromBody: string | undefined): string {
  if (fromHeader !== undefined && fromBody !== undefined && fromHeader !== fromBody) {
    throw malformed('cache.namespace', 'must not differ from x-cache-namespace')
  }
  return fromHeader ?? fromBody ?? ''
}

function readCacheMember(cache: Json | undefined): JsonObject {
  if (cache === undefined || cache === null) return {}
  if (typeof cache !== 'object' || Array.isArray(cache))
    throw malformed('cache', 'must be an object')
  return cache
}

type Reader<From, Value> = (from: From, control: string) => Value

function header<Value>(
  headers: ControlHeaders,
  control: ControlHeader,
  read: Reader<string, Value>,
): Value | undefined {
  const text = headers[control]
  return text === null ? undefined : read(text.trim(), control)
}

function member<Value>(
  cache: JsonObject,
  control: string,
  read: Reader<Json, Value>,
): Value | undefined {
  const value = Object.hasOwn(cache, control) ? cache[control] : undefined
  return value === undefined || value === null ? undefined : read(value, `cache.${control}`)
}

/** A non-negative whole number (RFC 9111, 1.2.2), capped at "very long". */
function seconds(text: string, control: string): number {
  if (!/^\d+$/.test(text)) throw malformed(control, 'must be a whole number of seconds')
  return Math.min(Number(text), VERY_LONG_SECONDS)
}

function wholeSeconds(value: Json, control: string): number {
  return seconds(typeof value === 'number' ? String(value) : '', control)
}

function flag(value: Json, control: string): boolean {
  if (typeof value !== 'boolean') throw malformed(control, 'must be true or false')
  return value
}

function onOrOff(text: string, control: string): boolean {
  if (text !== 'on' && text !== 'off') throw malformed(control, 'must be on or off')
  return text === 'on'
}

function name(text: string, control: string): string {
  if (text === '' || text.length > MAX_NAME_LENGTH) {
    throw malformed(control, `must have 1 to ${MAX_NAME_LENGTH} characters`)
  }
  return text
}

function textName(value: Json, control: string): string {
  return name(typeof value === 'string' ? value : '', control)
}

function names(text: string, control: string): string[] {
  const tags = text.split(',').map((tag) => name(tag.trim(), control))
  if (tags.length > MAX_TAGS) throw malformed(control, `must be at most ${MAX_TAGS} tags`)
  return [...new Set(tags)]
}

function malformed(control: string, rule: string): GatewayError {
  return new GatewayError('invalid_request', `${control} ${rule}.`, control)
}

/** `token`, `token=token` or `token="quoted"` (RFC 9111, 5.2; RFC 9110, 5.6). */
const DIRECTIVE = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g

/** The directives of a `Cache-Control` field by lower-case name, with their arguments in order. */
function readDirectives(field: string): Map<string, string[]> {
  const directives = new Map<string, string[]>()
  for (const [, name = '', quoted, plain] of field.matchAll(DIRECTIVE)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
    const key = name.toLowerCase()
    const values = directives.get(key)
    if (values === undefined) directives.set(key, [value])
    else values.push(value)
  }
  return directives
}
