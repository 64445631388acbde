import { GatewayError } from '../errors.ts'
import { admissible, inadmissible } from '../cache/admissibility.ts'
import type { ExpectedQuestion } from '../cache/admissibility.ts'
import { isObject, itemsOf, membersOf } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { Api } from './api.ts'
import { hasError } from './completions/chat-answer.ts'
import { heldQuestions, isAnswerTo, TOO_LONG } from './decision-questions.ts'
import type { Probabilities } from './decision-questions.ts'
import { tokenUsage } from './token-usage.ts'

/**
 * `POST /v1/decisions`: a decision model answers typed questions about an input, in OpenAI's format
 * (https://docs.litellm.ai/docs/decisions).
 */
export const decisions: Api = {
  path: '/v1/decisions',
  errorShape: 'openai',
  cached: true,
  semantic: false,

  check({ input, questions }) {
    if (typeof input !== 'string' && itemsOf(input).length === 0) {
      throw new GatewayError('invalid_request', 'input must be text or messages.', 'input')
    }
    if (itemsOf(questions).length === 0 || !itemsOf(questions).every(isObject)) {
      const message = 'questions must be a list of questions.'
      throw new GatewayError('invalid_request', message, 'questions')
    }
  },

  bypass: (body) => (questionsOf(body) === undefined ? TOO_LONG : undefined),

  expected(body) {
    const questions = questionsOf(body) ?? []
    return { count: questions.length, questions }
  },

  upstreamBody: (body) => body,

  admitJson(answer, { questions = [] }) {
    if (hasError(answer)) return inadmissible('error in the body')
    const { answers, usage } = membersOf(answer as Json)
    if (!Array.isArray(answers)) return inadmissible('not a decision')
    if (questions.length === 0 || answers.length !== questions.length) {
      return inadmissible('answers missing')
    }
    const names = questions.flatMap(({ name }) => name ?? [])
    if (new Set(names).size < names.length) return inadmissible('two questions of one name')
    // Answers come in the order of the questions.
    for (const [at, question] of questions.entries()) {
      const one = membersOf(answers[at])
      if ((one['name'] ?? null) !== question.name) return inadmissible('answers missing')
      if (one['type'] === 'refusal') return inadmissible('refusal')
      if (!isAnswerTo(question, one, probabilitiesOf(one))) return inadmissible('invalid answer')
    }
    return admissible({ usage: tokenUsage(usage), created: null, id: null })
  },

  admitStream: () => inadmissible('decisions do not stream'),

  shownAnswer: (text) => text,
}

function questionsOf({ questions }: JsonObject): readonly ExpectedQuestion[] | undefined {
  return heldQuestions(itemsOf(questions).map(membersOf).map(questionOf))
}

function questionOf({ name, type, choices, levels }: JsonObject): ExpectedQuestion {
  const values = itemsOf(choices).map((choice) => membersOf(choice)['value'] ?? null)
  return {
    name: typeof name === 'string' ? name : null,
    type: typeof type === 'string' ? type : '',
    options:
      type === 'score'
        ? itemsOf(levels).map((_, level) => level)
        : values.filter((value) => typeof value === 'string' || typeof value === 'boolean'),
  }
}

function probabilitiesOf({ probabilities }: JsonObject): Probabilities {
  return itemsOf(probabilities)
    .map(membersOf)
    .map(({ value, probability }) => [value, probability] as const)
}
