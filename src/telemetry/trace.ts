/** What an attribute may hold here; OpenTelemetry knows more, nobody asked for it yet. */
export type Attribute = string | number | boolean

/** A finished or running span, as data (https://opentelemetry.io/docs/specs/otel/trace/api/). */
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

/** Somebody else's span that led here. */
export interface Link {
  readonly traceId: string
  readonly spanId: string
}

/** What of a request is traced. */
export interface TracePolicy {
  /** The share of requests that is exported, 0 … 1. */
  readonly sampleRate: number
  /** Whether requests and answers may leave with the trace. */
  readonly includeContent: boolean
}

export interface TraceOptions {
  readonly policy: TracePolicy
  /** Whether the trace will be sent; if not, nothing that only a reader wants need be made. */
  readonly sampled: boolean
  /** The caller's span. */
  readonly link: Link | undefined
  readonly now: () => number
}

/** The spans of one request. A caller's `traceparent` is a link: MLflow waits for a root for ever. */
export class Trace {
  readonly traceId = randomHex(16)
  readonly spans: Span[] = []
  readonly root: Span
  private readonly pending: Promise<unknown>[] = []
  private readonly now: () => number
  private readonly shown = new Map<string, () => object | undefined>()
  readonly link: Link | undefined
  readonly sampled: boolean
  private readonly policy: TracePolicy

  constructor(name: string, { policy, sampled, link, now }: TraceOptions) {
    this.now = now
    this.link = link
    this.sampled = sampled
    this.policy = policy
    this.root = this.begin(name, 'server', undefined)
  }

  /** Begins a child of the root. */
  child(name: string, kind: Span['kind']): Span {
    return this.begin(name, kind, this.root.spanId)
  }

  /** Adds work that was done, and timed, elsewhere. */
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

  /** Ends a span; `error` says what went wrong in it. */
  end(span: Span, error?: unknown): void {
    span.endedAt = this.now()
    if (error !== undefined) span.error = error instanceof Error ? error.message : String(error)
  }

  /** Registers a preview of the request; it is put on the root span when the trace finishes. */
  showInput(make: () => object): void {
    this.shown.set('mlflow.spanInputs', make)
  }

  /** The same at once: what the preview is made of need not outlive this call. */
  putInput(make: () => object): void {
    this.showInput(make)
    this.putContent()
  }

  /** Registers a preview of the answer. */
  showOutput(make: () => object | undefined): void {
    this.shown.set('mlflow.spanOutputs', make)
  }

  /** The trace is complete only when this has settled too. */
  waitFor(work: Promise<unknown>): void {
    this.pending.push(work)
  }

  /** Resolves when all the work is done, and the root has ended with it. */
  async finished(): Promise<readonly Span[]> {
    await Promise.allSettled(this.pending)
    for (const span of this.spans) span.endedAt ??= this.now()
    this.putContent()
    return this.spans
  }

  private putContent(): void {
    const shown = [...this.shown]
    this.shown.clear()
    if (!this.policy.includeContent || !this.sampled) return
    for (const [attribute, make] of shown) {
      try {
        const content = make()
        if (content !== undefined) this.root.attributes[attribute] = shortened(content)
      } catch {
        // An answer that can't be read is still an answer; only its trace shows less.
      }
    }
  }

  /**
   * W3C `traceparent` for a request that a span makes: always flagged as sampled, or LiteLLM exports
   * nothing. Undefined when this trace is not sent: LiteLLM's spans would wait for a root for ever.
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
      spanId: randomHex(8),
      startedAt,
      endedAt: undefined,
      attributes: {},
      error: undefined,
    }
    this.spans.push(span)
    return span
  }
}

/** In characters: a trace waits in memory until its request has ended. */
const LONGEST_CONTENT = 262_144

/** Content as JSON text; of what is too long the beginning. */
function shortened(content: object): string {
  const text = JSON.stringify(content)
  if (text.length <= LONGEST_CONTENT) return text
  return JSON.stringify({ truncated: text.slice(0, LONGEST_CONTENT) })
}

/** Reads a W3C `traceparent`; undefined when it is none (https://www.w3.org/TR/trace-context/). */
export function parseTraceparent(header: string | undefined): Link | undefined {
  const [, traceId = '', spanId = ''] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(header ?? '') ?? []
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(spanId) ? { traceId, spanId } : undefined
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
