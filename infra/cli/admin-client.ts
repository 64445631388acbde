/** Where the gateway is, and the operator's key. */
export interface AdminClientOptions {
  /** Without a slash at the end. */
  readonly url: string
  readonly adminKey: string | undefined
}

/** A problem that the user can solve: what is wrong, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly cure: string

  constructor(message: string, cure: string) {
    super(message)
    this.cure = cure
  }
}

/** Calls the admin API. Throws a `CommandError` that says what to do. */
export class AdminClient {
  private readonly url: string
  private readonly adminKey: string | undefined

  constructor({ url, adminKey }: AdminClientOptions) {
    this.url = url
    this.adminKey = adminKey
  }

  /** The answer to a GET. Undefined members of the query are left out. */
  async get<Answer>(path: string, query: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const response = await this.call('GET', withQuery(path, query))
    return jsonOf<Answer>(response)
  }

  /** The text of the answer to a GET. */
  async text(path: string, query: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const response = await this.call('GET', withQuery(path, query))
    return response.text().catch((cause: unknown) => {
      throw new CommandError(`The answer broke off: ${reasonOf(cause)}.`, 'Try again.')
    })
  }

  /** The answer to a POST with a JSON body. */
  async post<Answer>(path: string, body: object): Promise<Answer> {
    const response = await this.call('POST', path, JSON.stringify(body))
    return jsonOf<Answer>(response)
  }

  /** The answer to a POST with a query, a body that is JSON already, and further headers. */
  async send<Answer>(
    path: string,
    query: Readonly<Record<string, unknown>>,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await this.call('POST', withQuery(path, query), body, headers)
    return jsonOf<Answer>(response)
  }

  private async call(
    method: string,
    path: string,
    body?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    if (this.adminKey === undefined) {
      throw new CommandError(
        'There is no admin key.',
        "Set ADMIN_KEY in the environment to the gateway's secret of that name.",
      )
    }
    const headers = {
      ...more,
      authorization: `Bearer ${this.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      throw new CommandError(
        `${this.url} does not answer: ${reasonOf(cause)}.`,
        'Check that the gateway runs, and name it with --url or EDGE_URL.',
      )
    })
    if (!response.ok) throw await refusalOf(response)
    return response
  }
}

/** The JSON of an answer. A login page in front of the gateway also answers 200. */
async function jsonOf<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer
  } catch {
    throw new CommandError('The answer is not JSON.', NOT_A_GATEWAY)
  }
}

function withQuery(path: string, query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return path
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}

async function refusalOf(response: Response): Promise<CommandError> {
  const text = await response.text()
  const { message, code } = errorIn(text)
  const cure = code === undefined ? NOT_A_GATEWAY : (CURES[code] ?? CURES['']!)
  return new CommandError(message ?? `The gateway answered ${response.status}.`, cure)
}

const NOT_A_GATEWAY =
  'Check that --url names an edge-llm-cache gateway, and what is in front of it.'

/** What to do about an error of the gateway, by its code. */
const CURES: Readonly<Record<string, string>> = {
  invalid_api_key: "Set ADMIN_KEY to the gateway's secret of that name.",
  not_found: 'Set ADMIN_KEY on the gateway: without it, the admin API does not exist.',
  misconfigured: 'Correct that setting of the gateway, then deploy it again.',
  rate_limit_exceeded: 'Wait a minute, then try again with the right ADMIN_KEY.',
  store_unavailable: 'Run `edge-llm-cache doctor`, then try again. What was deleted stays deleted.',
  entry_not_found: 'Check the key and the tenant. An entry that has ended needs no report.',
  invalid_request: 'See --help for what the command accepts.',
  '': 'See docs/operations.md.',
}

function errorIn(text: string): { message?: string; code?: string } {
  try {
    return (JSON.parse(text) as { error?: { message: string; code: string } }).error ?? {}
  } catch {
    return {}
  }
}

/** Why a `fetch` failed. Node's hides it in `cause`. */
export function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown }
  const { code, message } = cause as { code?: string; message?: string }
  return code ?? message ?? String(cause)
}
