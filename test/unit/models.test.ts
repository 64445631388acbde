import { describe, expect, it } from 'vitest'
import { matchesModel } from '../../src/auth/caller.ts'

describe("matching a model against a key's list", () => {
  it.each([
    ['gpt-5', ['gpt-5'], true],
    ['gpt-5-mini', ['gpt-5'], false],
    ['gpt-5', ['GPT-5'], false],
    ['anything at all', ['*'], true],
    ['openai/gpt-5', ['openai/*'], true],
    ['openai/', ['openai/*'], true],
    ['openai', ['openai/*'], false],
    ['not-openai/gpt-5', ['openai/*'], false],
    ['openai/a/b', ['openai/*'], true],
    ['a-mini', ['*-mini'], true],
    ['-mini', ['*-mini'], true],
    ['a-mini-b', ['*-mini'], false],
    ['openai/gpt-5-mini', ['openai/*-mini'], true],
    ['openai/-min', ['openai/*-mini'], false],
    ['aba', ['ab*ba'], false],
    ['abba', ['ab*ba'], true],
    ['a1b2c', ['a*b*c'], true],
    ['a1c2b', ['a*b*c'], false],
    ['gpt.5', ['gpt.5'], true],
    ['gptx5', ['gpt.5'], false],
    ['gpt-5', [], false],
    ['b', ['a', 'b'], true],
  ])('finds %s in %j: %s', (model, names, expected) => {
    expect(matchesModel(model, names)).toBe(expected)
  })
})
