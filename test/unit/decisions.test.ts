import { describe, expect, it } from 'vitest'
import { decisions } from '../../src/apis/decisions.ts'
import { systemone } from '../../src/apis/systemone.ts'
import type { Api } from '../../src/apis/api.ts'
import type { JsonObject } from '../../src/cache/json.ts'

/** A change to one value, by the path of its name. `undefined` removes it. */
type Change = Record<string, unknown>

function changed<Value>(value: Value, change: Change): Value {
  const copy = structuredClone(value)
  for (const [path, put] of Object.entries(change)) {
    const names = path.split('.')
    const last = names.pop()!
    const inside = (object: unknown, name: string) => (object as Change)[name]
    const parent = names.reduce(inside, copy) as Change
    if (put === undefined) delete parent[last]
    else parent[last] = put
  }
  return copy
}

function admit(api: Api, body: JsonObject, answer: unknown): string {
  const verdict = api.admitJson(answer, api.expected(body))
  return verdict.admissible ? 'admitted' : verdict.why
}

const body = {
  model: 'judge',
  input: 'The parcel arrived broken.',
  questions: [
    { type: 'predicate', name: 'refund', instructions: 'Is a refund asked for?' },
    {
      type: 'choice',
      instructions: 'What is it about?',
      choices: [{ value: 'parcel' }, { value: 'bill', description: 'money' }, { value: true }],
    },
    {
      type: 'score',
      name: 'anger',
      instructions: 'How angry is it?',
      levels: [{ label: 'calm' }, { label: 'cross' }, { label: 'furious' }],
    },
  ],
}
const answer = {
  model: 'judge',
  answers: [
    { type: 'predicate', name: 'refund', probability: 0.125 },
    {
      type: 'choice',
      name: null,
      choice: 'parcel',
      probabilities: [
        { value: 'parcel', probability: 0.75 },
        { value: 'bill', probability: 0.25 },
        { value: true, probability: 0 },
      ],
      confidence: 0.5,
    },
    {
      type: 'score',
      name: 'anger',
      score: 1.25,
      probabilities: [
        { value: 0, label: 'calm', probability: 0 },
        { value: 1, label: 'cross', probability: 0.75 },
        { value: 2, label: 'furious', probability: 0.25 },
      ],
      confidence: 1,
    },
  ],
  usage: { input_tokens: 12, output_tokens: 0, total_tokens: 12 },
}

describe('admission of decisions', () => {
  it('accepts one valid answer to each question, and reads its usage', () => {
    expect(decisions.admitJson(answer, decisions.expected(body))).toEqual({
      admissible: true,
      answer: {
        usage: { prompt_tokens: 12, completion_tokens: 0, total_tokens: 12 },
        created: null,
        id: null,
      },
    })
  })

  it.each<[what: string, change: Change, why: string]>([
    ['no usage', { usage: undefined }, 'admitted'],
    ['another choice', { 'answers.1.choice': true }, 'admitted'],
    ['no confidence', { 'answers.1.confidence': undefined }, 'admitted'],
    ['the highest score', { 'answers.2.score': 2 }, 'admitted'],
    ['a probability of 1', { 'answers.0.probability': 1 }, 'admitted'],
    ['an unknown member', { 'answers.0.reason': 'it says so' }, 'admitted'],
    ['an error', { error: { message: 'no' } }, 'error in the body'],
    ['an error in an answer', { 'answers.1.error': 'no' }, 'error in the body'],
    ['no answers', { answers: undefined }, 'not a decision'],
    ['named answers', { answers: { refund: { type: 'noul', noul: 1 } } }, 'not a decision'],
    ['an answer missing', { answers: answer.answers.slice(0, 2) }, 'answers missing'],
    ['an answer too many', { 'answers.3': answer.answers[0] }, 'answers missing'],
    ['answers in another order', { answers: answer.answers.toReversed() }, 'answers missing'],
    ['an answer without its name', { 'answers.0.name': undefined }, 'answers missing'],
    ['an answer with a name', { 'answers.1.name': 'topic' }, 'answers missing'],
    ['one name twice', { 'answers.2': answer.answers[0] }, 'answers missing'],
    ['a null answer', { 'answers.0': null }, 'answers missing'],
    ['a refusal', { 'answers.0': { type: 'refusal', name: 'refund' } }, 'refusal'],
    ['an answer of another type', { 'answers.0.type': 'score' }, 'invalid answer'],
    ['no probability', { 'answers.0.probability': undefined }, 'invalid answer'],
    ['a null probability', { 'answers.0.probability': null }, 'invalid answer'],
    ['a probability over 1', { 'answers.0.probability': 1.01 }, 'invalid answer'],
    ['a negative probability', { 'answers.0.probability': -0.01 }, 'invalid answer'],
    ['a probability as text', { 'answers.0.probability': '0.5' }, 'invalid answer'],
    ['a choice that there was not', { 'answers.1.choice': 'weather' }, 'invalid answer'],
    ['a choice of another type', { 'answers.1.choice': 'true' }, 'invalid answer'],
    ['no choice', { 'answers.1.choice': undefined }, 'invalid answer'],
    ['no probabilities', { 'answers.1.probabilities': undefined }, 'invalid answer'],
    [
      'the probability of something else',
      { 'answers.1.probabilities.0.value': 'weather' },
      'invalid answer',
    ],
    [
      'two probabilities of one choice',
      { 'answers.1.probabilities.1.value': 'parcel' },
      'invalid answer',
    ],
    [
      'an invalid probability of a choice',
      { 'answers.1.probabilities.1.probability': 2 },
      'invalid answer',
    ],
    [
      'only probabilities of 0, which LiteLLM fills in',
      { 'answers.1.probabilities.0.probability': 0, 'answers.1.probabilities.1.probability': 0 },
      'invalid answer',
    ],
    ['an invalid confidence', { 'answers.1.confidence': 1.5 }, 'invalid answer'],
    ['a score beyond the levels', { 'answers.2.score': 2.01 }, 'invalid answer'],
    ['a negative score', { 'answers.2.score': -1 }, 'invalid answer'],
    ['a level as score', { 'answers.2.score': 'cross' }, 'invalid answer'],
    [
      'the probability of an unknown level',
      { 'answers.2.probabilities.2.value': 3 },
      'invalid answer',
    ],
  ])('of an answer with %s: %j → %s', (_what, change, why) => {
    expect(admit(decisions, body, changed(answer, change))).toBe(why)
  })

  it.each([null, [], 'text', 7])('refuses an answer that is %j', (said) => {
    expect(admit(decisions, body, said)).toBe('not a decision')
  })

  it('refuses two questions of one name, whose answers could be confused', () => {
    const twice = changed(body, { 'questions.2.name': 'refund' })
    const both = changed(answer, { 'answers.2.name': 'refund' })
    expect(admit(decisions, twice, both)).toBe('two questions of one name')
  })

  it('refuses the answer to a question of an unknown type', () => {
    for (const type of ['rank', '', 7, undefined]) {
      const asked = changed(body, { questions: [{ type, name: 'a' }] })
      const said = changed(answer, { answers: [{ type, name: 'a', probability: 0.5, '': 0.5 }] })
      expect(admit(decisions, asked, said)).toBe('invalid answer')
    }
  })

  it('is not attempted if names and choices are too long to be held', () => {
    expect(decisions.bypass!(body)).toBeUndefined()
    const long = changed(body, { 'questions.1.choices.1.value': 'x'.repeat(20_000) })
    expect(decisions.bypass!(long)).toBe('questions too long')
    expect(decisions.expected(long)).toEqual({ count: 0, questions: [] })
    expect(admit(decisions, long, answer)).toBe('answers missing')
    const chatty = changed(body, { 'questions.1.instructions': 'x'.repeat(20_000) })
    expect(decisions.bypass!(chatty)).toBeUndefined()
  })

  it.each<[change: Change, param: string]>([
    [{ input: undefined }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: { a: 1 } }, 'input'],
    [{ questions: undefined }, 'questions'],
    [{ questions: [] }, 'questions'],
    [{ questions: { a: { type: 'noul' } } }, 'questions'],
    [{ questions: ['Is it?'] }, 'questions'],
  ])('refuses a request that names no input or questions: %j', (change, param) => {
    const check = (asked: JsonObject) => () => decisions.check(asked)
    expect(check(body)).not.toThrow()
    expect(check({ ...body, input: [{ role: 'user', content: 'a' }] })).not.toThrow()
    expect(check(changed(body, change) as JsonObject)).toThrow(expect.objectContaining({ param }))
  })
})

const state = {
  model: 'judge',
  state: { subject: 'parcel' },
  questions: {
    refund: { type: 'noul', instructions: 'Is a refund asked for?' },
    topic: { type: 'choice', criteria: { parcel: null, bill: 'money' } },
    anger: { type: 'score', criteria: ['calm', { label: 'cross' }, 'furious'] },
  },
}
const named = {
  model: 'judge',
  answers: {
    refund: { type: 'noul', noul: 0.125 },
    topic: { type: 'choice', choice: 'parcel', confidence: 1, probabilities: { parcel: 1 } },
    anger: {
      type: 'score',
      score: 1.25,
      confidence: 0.5,
      legend: { 0: 'calm', 1: { label: 'cross' }, 2: 'furious' },
      probabilities: { 0: 0, 1: 0.75, 2: 0.25 },
    },
  },
  usage: { input_tokens: 12, output_tokens: 3 },
}

describe('admission of System One answers', () => {
  it('accepts one valid answer to each question, and reads its usage', () => {
    expect(systemone.admitJson(named, systemone.expected(state))).toEqual({
      admissible: true,
      answer: {
        usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
        created: null,
        id: null,
      },
    })
  })

  it.each<[what: string, change: Change, why: string]>([
    ['null usage', { usage: null }, 'admitted'],
    ['an unknown member', { 'answers.refund.reason': 'it says so' }, 'admitted'],
    ['the probability of each choice', { 'answers.topic.probabilities.bill': 0 }, 'admitted'],
    ['an error', { error: 'no' }, 'error in the body'],
    ['an error in an answer', { 'answers.topic.error': { code: 500 } }, 'error in the body'],
    ['a list of answers', { answers: [{ type: 'noul', noul: 1 }] }, 'not a decision'],
    ['no answers', { answers: undefined }, 'not a decision'],
    [
      'a refused answer, which LiteLLM leaves out',
      { 'answers.topic': undefined },
      'answers missing',
    ],
    ['an answer to another question', { 'answers.more': { type: 'noul' } }, 'answers missing'],
    ['a null answer', { 'answers.refund': null }, 'invalid answer'],
    ['an answer of another type', { 'answers.refund.type': 'predicate' }, 'invalid answer'],
    ['no probability', { 'answers.refund.noul': undefined }, 'invalid answer'],
    ['a probability over 1', { 'answers.refund.noul': 1.5 }, 'invalid answer'],
    ['a choice that there was not', { 'answers.topic.choice': 'weather' }, 'invalid answer'],
    [
      'the probability of something else',
      { 'answers.topic.probabilities.weather': 0 },
      'invalid answer',
    ],
    ['no probabilities', { 'answers.topic.probabilities': {} }, 'invalid answer'],
    ['a score beyond the levels', { 'answers.anger.score': 3 }, 'invalid answer'],
    [
      'the probability of an unknown level',
      { 'answers.anger.probabilities.3': 0 },
      'invalid answer',
    ],
    ['an invalid confidence', { 'answers.anger.confidence': 'high' }, 'invalid answer'],
  ])('of an answer with %s: %j → %s', (_what, change, why) => {
    expect(admit(systemone, state, changed(named, change))).toBe(why)
  })

  it('handles questions named like members of every object', () => {
    const asked = JSON.parse('{"questions":{"__proto__":{"type":"noul"},"error":{"type":"noul"}}}')
    const said = (text: string) => JSON.parse(`{"answers":{${text}}}`) as unknown
    const proto = '"__proto__":{"type":"noul","noul":1}'
    expect(admit(systemone, asked, said(`${proto},"error":{"type":"noul","noul":0}`))).toBe(
      'admitted',
    )
    expect(admit(systemone, asked, said('"error":{"type":"noul","noul":0}'))).toBe(
      'answers missing',
    )
    expect(admit(systemone, { questions: { toString: { type: 'noul' } } }, said(''))).toBe(
      'answers missing',
    )
  })

  it('refuses the answer to a question of an unknown type', () => {
    const asked = { questions: { a: { type: 'rank' } } }
    const said = { answers: { a: { type: 'rank', rank: 1, noul: 1 } } }
    expect(admit(systemone, asked, said)).toBe('invalid answer')
  })

  it('is not attempted if names and choices are too long to be held', () => {
    expect(systemone.bypass!(state)).toBeUndefined()
    const long = { questions: { ['x'.repeat(20_000)]: { type: 'noul' } } }
    expect(systemone.bypass!(long)).toBe('questions too long')
    expect(admit(systemone, long, named)).toBe('answers missing')
  })

  it.each<[change: Change, param: string]>([
    [{ state: undefined }, 'state'],
    [{ state: null }, 'state'],
    [{ state: 7 }, 'state'],
    [{ questions: undefined }, 'questions'],
    [{ questions: {} }, 'questions'],
    [{ questions: [{ type: 'noul' }] }, 'questions'],
    [{ questions: { a: 'Is it?' } }, 'questions'],
  ])('refuses a request that names no state or questions: %j', (change, param) => {
    const check = (asked: JsonObject) => () => systemone.check(asked)
    expect(check(state)).not.toThrow()
    expect(check({ ...state, state: '' })).not.toThrow()
    expect(check(changed(state, change) as JsonObject)).toThrow(expect.objectContaining({ param }))
  })
})
