/** Token counts, as the provider reports them. */
export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** What the cache needs to know about a complete answer. */
export interface Answer {
  readonly usage: Usage | null
  /** When the model made it, epoch seconds; null if the API does not say. */
  readonly created: number | null
  /** The answer's `id`; null if it has none. */
  readonly id: string | null
  /** When a part of it expires, epoch seconds. Audio does. */
  readonly expiresAt?: number
}

/** What a complete answer must contain, by its request. */
export interface Expected {
  /** The number of choices, vectors, answers or results. */
  readonly count: number
  /** The length of vectors, if the request sets it. */
  readonly dimensions?: number | undefined
  /** Whether vectors are base64. */
  readonly base64?: boolean
  /** Whether each vector follows from its input alone, in either encoding. */
  readonly separable?: boolean
  /** Whether choices have log probabilities. */
  readonly logprobs?: boolean
  /** The number of documents, of which results have the indexes. */
  readonly documents?: number
  /** The questions of a decision. */
  readonly questions?: readonly ExpectedQuestion[]
  /** The labels of the request, which its answer repeats. */
  readonly labels?: Labels
}

/** Members of a request that no model sees, as JSON texts. */
export type Labels = Readonly<Record<string, string>>

/** A question to a decision model, as far as its answer depends on it. */
export interface ExpectedQuestion {
  readonly name: string | null
  readonly type: string
  /** Its choices or levels, as the answer's probabilities name them. */
  readonly options: readonly (string | number | boolean)[]
}

/** Whether an answer may be stored, and if not, why. */
export type Admissibility =
  | { readonly admissible: true; readonly answer: Answer }
  | { readonly admissible: false; readonly why: string }

/** The answer may be stored. */
export const admissible = (answer: Answer): Admissibility => ({ admissible: true, answer })

/** The answer is delivered but not stored. */
export const inadmissible = (why: string): Admissibility => ({ admissible: false, why })
