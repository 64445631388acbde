import { GatewayError } from '../errors.ts'
import { admissible, inadmissible } from '../cache/admissibility.ts'
import type { ExpectedQuestion } from '../cache/admissibility.ts'
import { isObject, itemsOf, membersOf } from '../cache/json.ts'
import type { Json, JsonObject } from '../cache/json.ts'
import type { Api } from './api.ts'
import { hasError } from './completions/chat-answer.ts'
import { heldQuestions, isAnswerTo, TOO_LONG } from './decision-questions.ts'
import { tokenUsage } from './token-usage.ts'

/**
 * `POST /v1/systemone`: a decision model answers named questions about a state, in the System One
 * format (https://docs.litellm.ai/docs/decisions). LiteLLM leaves a refused answer out.
 */
export const systemone: Api = {
  path: '/v1/systemone',
  errorShape: 'openai',
  cached: true,
  semantic: false,

  check({ state, questions = null }) {
    if (typeof state !== 'string' && (typeof state !== 'object' || state === null)) {
      throw new GatewayError('invalid_request', 'state must be text or JSON.', 'state')
    }
    const asked = isObject(questions) ? Object.values(questions) : []
    if (asked.length === 0 || !asked.every(isObject)) {
      const message = 'questions must be an object of named questions.'
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
    const { answers = null, usage } = membersOf(answer as Json)
    if (!isObject(answers)) return inadmissible('not a decision')
    const isWhole = questions.every(({ name }) => name !== null && Object.hasOwn(answers, name))
    if (!isWhole || questions.length === 0 || Object.keys(answers).length !== questions.length) {
      return inadmissible('answers missing')
    }
    for (const question of questions) {
      const one = membersOf(answers[question.name ?? ''])
      const probabilities = Object.entries(membersOf(one['probabilities']))
      if (!isAnswerTo(question, one, probabilities)) return inadmissible('invalid answer')
    }
    return admissible({ usage: tokenUsage(usage), created: null, id: null })
  },

  admitStream: () => inadmissible('decisions do not stream'),

  shownAnswer: (text) => text,
}

function questionsOf({ questions }: JsonObject): readonly ExpectedQuestion[] | undefined {
  return heldQuestions(
    Object.entries(membersOf(questions)).map(([name, question]) => {
      const { type, criteria } = membersOf(question)
      return {
        name,
        type: typeof type === 'string' ? type : '',
        options:
          type === 'score'
            ? itemsOf(criteria).map((_, level) => String(level))
            : Object.keys(type === 'choice' ? membersOf(criteria) : {}),
      }
    }),
  )
}
