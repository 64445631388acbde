import { randomId } from './trace-ids.ts'

/** The attribute types used here, a subset of OpenTelemetry's. Bytes are text in UTF-8. */
export type Attribute = string | number | boolean | Uint8Array

/** What a trace shows of a request or an answer: an object, or JSON text as it is, also in UTF-8. */
export type Shown = object | string | Uint8Array

/** A running or finished span (https://opentelemetry.io/docs/specs/otel/trace/api/). */
export interface Span {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly kind: 'server' | 'client' | 'internal'
  readonly startedAt: number
  endedAt: number | undefined
  readonly attributes: Record<string, Attribute>
  error: string | undefined
}

/** The caller's span. */
export interface Link {
  readonly traceId: string
  readonly spanId: string
}

/** What is traced. */
export interface TracePolicy {
  /** The share of requests that is traced, 0 … 1. */
  readonly sampleRate: number
  /** Whether traces contain requests and answers. */
  readonly includeContent: boolean
}

export interface TraceOptions {
  readonly policy: TracePolicy
  /** Whether the trace will be sent. If not, content is never rendered. */
  readonly sampled: boolean
  /** The caller's span. */
  readonly link: Link | undefined
  readonly now: () => number
}

/**
 * The spans of one request. A caller's `traceparent` becomes a link, not a parent: MLflow would wait
 * for that root for ever.
 */
export class Trace {
  /** Empty, as the ids of its spans, if the trace is not sent. */
  readonly traceId: string
  readonly spans: Span[] = []
  readonly root: Span
  private readonly pending: Promise<unknown>[] = []
  private readonly now: () => number
  private readonly shown = new Map<string, () => Shown | undefined>()
  readonly link: Link | undefined
  readonly sampled: boolean
  private readonly policy: TracePolicy

  constructor(name: string, { policy, sampled, link, now }: TraceOptions) {
    this.now = now
    this.link = link
    this.sampled = sampled
    this.traceId = sampled ? randomId(16) : ''
    this.policy = policy
    this.root = this.begin(name, 'server', undefined)
  }

  /** Starts a child of the root span. */
  child(name: string, kind: Span['kind']): Span {
    return this.begin(name, kind, this.root.spanId)
  }

  /** Adds a span for work that was timed elsewhere. */
  record(
    work: Pick<Span, 'name' | 'startedAt'> & {
      readonly endedAt: number
      readonly attributes: Readonly<Record<string, Attribute>>
    },
    parent: Span,
  ): void {
    const span = this.begin(work.name, 'client', parent.spanId, work.startedAt)
    span.endedAt = work.endedAt
    Object.assign(span.attributes, work.attributes)
  }

  /** Ends a span; `error` marks it as failed. */
  end(span: Span, error?: unknown): void {
    span.endedAt = this.now()
    if (error !== undefined) span.error = error instanceof Error ? error.message : String(error)
  }

  /** Registers a preview of the request, which is rendered when the trace finishes. */
  showInput(make: () => Shown): void {
    this.shown.set('mlflow.spanInputs', make)
  }

  /** Renders the preview at once, so that its source can be released. */
  putInput(make: () => Shown): void {
    this.showInput(make)
    this.putContent()
  }

  /** Whether it shows requests and answers, so that making previews is worth it. */
  get showsContent(): boolean {
    return this.sampled && this.policy.includeContent
  }

  /** Registers a preview of the answer. */
  showOutput(make: () => Shown | undefined): void {
    this.shown.set('mlflow.spanOutputs', make)
  }

  /** Makes the trace wait for this work. */
  waitFor(work: Promise<unknown>): void {
    this.pending.push(work)
  }

  /**
   * Ends the trace when the registered work is done, and returns its spans. Not a promise if there is
   * no such work, as for a hit.
   */
  finished(): readonly Span[] | Promise<readonly Span[]> {
    if (this.pending.length === 0) return this.finish()
    return Promise.allSettled(this.pending).then(() => this.finish())
  }

  private finish(): readonly Span[] {
    for (const span of this.spans) span.endedAt ??= this.now()
    this.putContent()
    return this.spans
  }

  private putContent(): void {
    const shown = [...this.shown]
    this.shown.clear()
    if (!this.showsContent) return
    for (const [attribute, make] of shown) {
      try {
        const content = make()
        if (content !== undefined) this.root.attributes[attribute] = shortened(content)
      } catch {
        // An unreadable answer only lacks a preview.
      }
    }
  }

  /**
   * The W3C `traceparent` for a span's request. Always flagged as sampled, or LiteLLM exports nothing.
   * Undefined if this trace is not sent: LiteLLM's spans would wait for their root for ever.
   */
  traceparent(span: Span): string | undefined {
    return this.sampled ? `00-${this.traceId}-${span.spanId}-01` : undefined
  }

  private begin(
    name: string,
    kind: Span['kind'],
    parentSpanId: string | undefined,
    startedAt = this.now(),
  ): Span {
    const span: Span = {
      name,
      kind,
      parentSpanId,
      spanId: this.sampled ? randomId(8) : '',
      startedAt,
      endedAt: undefined,
      attributes: {},
      error: undefined,
    }
    this.spans.push(span)
    return span
  }
}

/** In characters. A trace stays in memory until its request has ended. */
const LONGEST_CONTENT = 262_144

/** Content as the JSON text of an object, which MLflow shows as fields, truncated if it is too long. */
function shortened(content: Shown): string | Uint8Array {
  if (content instanceof Uint8Array) {
    const isCopied = content.length <= LONGEST_CONTENT && !hasUnicodeEscape(content)
    return isCopied ? content : shortened(decoder.decode(content))
  }
  const text = objectText(content)
  return storable(
    text.length <= LONGEST_CONTENT
      ? text
      : JSON.stringify({ truncated: text.slice(0, LONGEST_CONTENT) }),
  )
}

const decoder = new TextDecoder()
const [BACKSLASH, U] = [0x5c, 0x75]

function hasUnicodeEscape(json: Uint8Array): boolean {
  for (let at = json.indexOf(BACKSLASH); at >= 0; at = json.indexOf(BACKSLASH, at + 2)) {
    if (json[at + 1] === U) return true
  }
  return false
}

function objectText(content: object | string): string {
  if (typeof content !== 'string') return JSON.stringify(content)
  if (!content.startsWith('{')) return JSON.stringify({ text: content })
  // Written again, pairs of surrogates have no escapes.
  return content.includes('\\u') ? JSON.stringify(JSON.parse(content)) : content
}

/** Databases refuse zero characters and lone surrogates, and MLflow then refuses the whole batch. */
function storable(text: string): string {
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\\ufffd') : text
}

const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi

/** Parses a W3C `traceparent`; undefined if it is invalid (https://www.w3.org/TR/trace-context/). */
export function parseTraceparent(header: string | undefined): Link | undefined {
  const [, traceId = '', spanId = ''] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(header ?? '') ?? []
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? { traceId, spanId } : undefined
}
