import { shownText } from './shown.ts'
import type { Shown } from './shown.ts'
import { randomId } from './trace-ids.ts'

/** The attribute types used here, a subset of OpenTelemetry's. Bytes are text in UTF-8. */
export type Attribute = string | number | boolean | Uint8Array

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

/** What a trace shows of a request. */
export interface ShownRequest {
  readonly content: Shown
  /** Whether that is the request's body, and not a summary of it. */
  readonly isBody: boolean
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
  private readonly shown = new Map<string, () => string | Uint8Array | undefined>()
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

  /**
   * Registers what is shown of the request, which is rendered when the trace finishes. The root span
   * says whether that is all of its body, so that it can be sent again.
   */
  showInput(make: () => ShownRequest): void {
    this.shown.set('mlflow.spanInputs', () => {
      const { content, isBody } = make()
      const { text, isComplete } = shownText(content)
      if (isBody && isComplete) this.root.attributes['request.complete'] = true
      return text
    })
  }

  /** Renders it at once, so that its source can be released. */
  putInput(make: () => ShownRequest): void {
    this.showInput(make)
    this.putContent()
  }

  /** Whether it shows requests and answers, so that making previews is worth it. */
  get showsContent(): boolean {
    return this.sampled && this.policy.includeContent
  }

  /** Registers a preview of the answer. */
  showOutput(make: () => Shown | undefined): void {
    this.shown.set('mlflow.spanOutputs', () => {
      const content = make()
      return content === undefined ? undefined : shownText(content).text
    })
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
        if (content !== undefined) this.root.attributes[attribute] = content
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

/** Parses a W3C `traceparent`; undefined if it is invalid (https://www.w3.org/TR/trace-context/). */
export function parseTraceparent(header: string | undefined): Link | undefined {
  const [, traceId = '', spanId = ''] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(header ?? '') ?? []
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? { traceId, spanId } : undefined
}
