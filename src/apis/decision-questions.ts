import type { ExpectedQuestion } from '../cache/admissibility.ts'
import type { JsonObject } from '../cache/json.ts'

/** Questions are held until the answer is complete. In characters. */
const LONGEST_QUESTIONS = 16_384

/** What admission needs of the questions; undefined if they are too long to be held. */
export function heldQuestions(
  questions: readonly ExpectedQuestion[],
): readonly ExpectedQuestion[] | undefined {
  return JSON.stringify(questions).length > LONGEST_QUESTIONS ? undefined : questions
}

/** Why answers are not cached if the questions are too long. */
export const TOO_LONG = 'questions too long'

/** The member that contains the answer, by its type. */
const VALUES: Readonly<Record<string, string>> = {
  predicate: 'probability',
  noul: 'noul',
  choice: 'choice',
  score: 'score',
}

/** The probability of each choice or level. */
export type Probabilities = readonly (readonly [option: unknown, probability: unknown])[]

/**
 * Whether this is a complete answer to the question (https://docs.litellm.ai/docs/decisions). It is
 * none if the question's type is unknown: what the answer must contain is unknown, too.
 */
export function isAnswerTo(
  { type, options }: ExpectedQuestion,
  answer: JsonObject,
  probabilities: Probabilities,
): boolean {
  const member = Object.hasOwn(VALUES, type) ? VALUES[type] : undefined
  if (member === undefined || answer['type'] !== type) return false
  const { [member]: value, confidence = null } = answer
  if (confidence !== null && !isProbability(confidence)) return false
  if (type === 'choice') {
    return options.some((option) => option === value) && areOf(options, probabilities)
  }
  if (type === 'score') {
    const isOnScale = typeof value === 'number' && value >= 0 && value <= options.length - 1
    return isOnScale && areOf(options, probabilities)
  }
  return isProbability(value)
}

const isProbability = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1

/**
 * Whether these are probabilities of the options, at most one each. LiteLLM replaces missing ones by
 * 0, so all are 0 if the model answered another question.
 */
function areOf(options: readonly unknown[], probabilities: Probabilities): boolean {
  const named = new Set(probabilities.map(([option]) => option))
  const isKnown = [...named].every((option) => options.includes(option))
  const all = probabilities.map(([, probability]) => probability)
  return (
    isKnown &&
    named.size === probabilities.length &&
    all.every(isProbability) &&
    all.some((probability) => probability !== 0)
  )
}
