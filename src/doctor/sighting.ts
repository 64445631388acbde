import { parseList } from 'structured-headers'
import { responseCost } from '../upstream/headers.ts'

/** What a caller sees of an answer of the gateway. */
export interface Sighting {
  readonly status: number
  /** `x-cache`; undefined if no cache was asked. */
  readonly outcome: string | undefined
  /** Whether it shared the call of another request. */
  readonly collapsed: boolean
  /** Why it was answered like that, if the gateway said so. */
  readonly detail: string | undefined
  /** What LiteLLM's cache said about a semantic hit. */
  readonly hit: string | undefined
  /** The code of the gateway's or LiteLLM's error. */
  readonly code: string | undefined
  /** Whether the answer ended for want of tokens, so that it is not stored. */
  readonly isCut: boolean
  /** In USD, as LiteLLM reports it; null if it does not. */
  readonly costUsd: number | null
}

/** Reads an answer to a chat completion, and forgets its text. */
export async function sightingOf(response: Response): Promise<Sighting> {
  const { status, headers } = response
  const body = bodyOf(await response.text())
  const members = membersOf(headers.get('cache-status') ?? '')
  const edge = members.get('edge')
  return {
    status,
    outcome: headers.get('x-cache') ?? undefined,
    collapsed: edge?.get('collapsed') === true,
    detail: textOf(edge?.get('detail')),
    hit: textOf(members.get('litellm')?.get('detail')),
    code: textOf(body.error?.code),
    isCut: body.choices?.[0]?.finish_reason === 'length',
    costUsd: responseCost(headers),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The parameters of each cache in `Cache-Status` (RFC 9211, 2). */
function membersOf(field: string): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  return new Map(parseList(field).map(([cache, parameters]) => [String(cache), parameters]))
}

interface Body {
  readonly error?: { readonly code?: unknown }
  readonly choices?: readonly { readonly finish_reason?: unknown }[]
}

function bodyOf(text: string): Body {
  try {
    return JSON.parse(text) as Body
  } catch {
    return {}
  }
}
