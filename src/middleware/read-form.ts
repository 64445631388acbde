import { getMultipartBoundary } from '@remix-run/multipart-parser'
import type { Api } from '../apis/api.ts'
import { checkFields } from '../apis/form-fields.ts'
import type { FormRules } from '../apis/form-fields.ts'
import type { JsonObject } from '../cache/json.ts'
import { GatewayError } from '../errors.ts'
import { FormScanner } from '../stream/form-scanner.ts'
import type { FormField } from '../stream/form-scanner.ts'
import type { Holding } from '../stream/memory-budget.ts'
import { concatenate } from '../stream/sse.ts'
import { splicedLength } from '../stream/spliced.ts'
import { formContent } from '../upstream/form-content.ts'
import { readBody } from './read-body.ts'
import type { ReadRequest, ReadRequestOptions } from './read-request.ts'
import { requestFacts } from './request-facts.ts'
import type { RequestOrigin } from './request-memo.ts'

/** The texts that the gateway reads, or shows in traces. */
const READ = ['model', 'stream', 'user', 'prompt'] as const
/** LiteLLM's parser accepts no longer text. */
const LONGEST_TEXT_BYTES = 1_048_576
/** Longer texts are checked but not kept. */
const LONGEST_KEPT_BYTES = 16_384
const FORM = 'multipart/form-data'
const IS_FORM = /^multipart\/form-data\s*(?:;|$)/i
/** RFC 2046, 5.1.1. Without a global `Buffer`, the time to scan a hostile form grows with it. */
const LONGEST_BOUNDARY = 70
/**
 * Keeps LiteLLM from answering from its cache. The body parameter `cache` would have to be an object,
 * which no field of a form can be.
 */
const UNCACHED = { caching: 'false' }

/**
 * Reads and checks a form (RFC 7578), and writes it again for LiteLLM. It is held once, as the bytes
 * that arrived: the platform's parser and writer need five times its size, and audio may have 25 MB.
 * Throws a `GatewayError` that names the field.
 */
export async function readForm(
  request: Request,
  api: Api,
  rules: FormRules,
  origin: RequestOrigin,
  held: Holding,
  options: ReadRequestOptions,
): Promise<ReadRequest> {
  const boundary = boundaryOf(request)
  const arrived = await readBody(request, {
    maxBytes: options.maxRequestBytes,
    memory: held,
    scanner: () => new FormScanner(boundary),
    now: options.now,
  })
  const { bytes } = arrived
  const fields = arrived.scan()
  checkFields(fields, rules)
  const replaced: Record<string, string> = origin.model === undefined ? {} : { model: origin.model }
  const body = { ...textsOf(fields), ...replaced }
  const facts = requestFacts(body, true, fields.length, origin.controls, api, options)
  const summary = { ...shownTexts(body), files: fields.filter(isFile).map(shown) }
  const content = formContent(fields, { ...replaced, ...UNCACHED })
  // From here on, only the form to send is held.
  held.take(splicedLength(content.parts, []) - bytes)
  return {
    facts,
    body: { held, bytes: content, summary },
    bytes,
    passedOn: undefined,
    name: undefined,
    known: undefined,
  }
}

/** Whether a request's body is a form. */
export function isForm({ headers }: Request): boolean {
  return IS_FORM.test(headers.get('content-type') ?? '')
}

function boundaryOf(request: Request): string {
  if (!isForm(request)) {
    throw new GatewayError('unsupported_media_type', `The body must be ${FORM}.`, 'content-type')
  }
  const boundary = getMultipartBoundary(request.headers.get('content-type') ?? '')?.trim() ?? ''
  if (boundary !== '' && boundary.length <= LONGEST_BOUNDARY) return boundary
  throw new GatewayError('invalid_request', 'The boundary of the form is invalid.', 'content-type')
}

/** Checks all texts, and returns those that the gateway reads. */
function textsOf(fields: readonly FormField[]): JsonObject {
  const texts: JsonObject = {}
  for (const { name, fileName, content, bytes } of fields) {
    if (fileName !== undefined) continue
    if (bytes > LONGEST_TEXT_BYTES) {
      throw new GatewayError('invalid_request', `${name} is too long.`, name)
    }
    const text = textOf(concatenate(content), name)
    if (!(READ as readonly string[]).includes(name)) continue
    texts[name] = bytes > LONGEST_KEPT_BYTES ? '' : text
  }
  const { stream } = texts
  // The only member that is no text. What is neither true nor false is refused like in JSON.
  if (typeof stream === 'string') texts['stream'] = BOOLEANS.get(stream.toLowerCase()) ?? stream
  return texts
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new GatewayError('invalid_request', `${name} is not valid UTF-8.`, name)
  }
}

/** What traces show of a form, besides its files. */
const shownTexts = ({ model, prompt }: JsonObject) => ({
  ...(model === undefined ? {} : { model }),
  ...(prompt === undefined ? {} : { prompt }),
})

const isFile = ({ fileName }: FormField) => fileName !== undefined

function shown({ name, fileName = '', type = '', bytes }: FormField): JsonObject {
  return { field: name, name: fileName, type, bytes }
}
