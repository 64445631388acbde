import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What the documentation says, and the code in its comments, strings and names. */
const FILES = [
  '*.md',
  '.github/**/*.md',
  'docs/**/*.md',
  'infra/**/*.md',
  'test/**/*.md',
  'src/**/*.{ts,tsx}',
  'Makefile',
  'package.json',
]

/** Files that are not checked. */
const EXCEPT = new Set<string>()

/** Phrases that make a reader stop, each with what to write instead. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\banew\b/i, 'again'],
  [/\beveryone asks the same\b/i, 'identical requests'],
  [/\b(hits?|answers?|match(ed|es)?) by meaning\b/i, 'semantic hit'],
  [/\bmeeting place\b/i, 'the coalescing pool, or its Durable Object'],
  [/\bat the object\b/i, 'in the Durable Object'],
  [/\b(is|are|was|were) stood in for\b/i, 'serves … instead'],
  [/\ban? (LiteLLM|Qdrant|MLflow) (that|which)\b/i, 'if LiteLLM …'],
  [/\banswers? of before\b/i, 'the last cached answer'],
  [/\b(one )?who takes nothing\b/i, 'a follower that reads nothing'],
  [/\b(is|are) let go\b/i, 'is dropped'],
  [/\bwhat is longer\b/i, 'keys longer than …'],
  [/\bstumbles? over\b/i, 'say what fails'],
]

/** A phrase may be broken by a line's end and the next line's comment sign. */
const unbroken = (text: string) => text.replace(/\n\s*(\*|\/\/|#)?\s*/g, ' ')

function phrasesIn(text: string): string[] {
  const line = unbroken(text)
  return PHRASES.flatMap(([phrase, instead]) => {
    const [found] = phrase.exec(line) ?? []
    return found === undefined ? [] : [`"${found}": ${instead}`]
  })
}

describe('the wording of documentation and comments', () => {
  const files = globSync(FILES, { cwd: root }).filter((file) => !EXCEPT.has(file))

  it('avoids the listed unclear phrases', () => {
    expect(files.length).toBeGreaterThan(100)
    const found = files.flatMap((file) =>
      phrasesIn(readFileSync(resolve(root, file), 'utf8')).map((phrase) => `${file}: ${phrase}`),
    )
    expect(found).toEqual([])
  })

  it.each([
    'A LiteLLM that fails is stood in for by the answer of before.',
    '/**\n * Streams that are asked\n * anew.\n */',
    'Requests come to a meeting\nplace.',
    'One who takes nothing is let go.',
  ])('rejects unclear phrases (control): %j', (text) => {
    expect(phrasesIn(text)).not.toEqual([])
  })

  it('accepts plain sentences (control)', () => {
    const text =
      'If LiteLLM fails, the gateway serves the last cached answer. A semantic hit is verified.'
    expect(phrasesIn(text)).toEqual([])
  })
})
