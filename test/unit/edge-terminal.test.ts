import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { confirmed } from '../../infra/cli/confirmation.ts'
import { progressBar } from '../../infra/cli/progress-bar.ts'

const note = vi.fn<(text: string) => void>()
const output = (json: boolean) => ({ json, note, result: () => {} })
let written: string
beforeEach(() => {
  note.mockReset()
  written = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Lets these streams be a terminal, or none. */
function terminal(isTTY: boolean) {
  for (const stream of [process.stderr, process.stdin]) {
    Object.defineProperty(stream, 'isTTY', { value: isTTY, configurable: true })
  }
}

describe('a progress bar', () => {
  it('is drawn on a terminal, and ends with its last line', () => {
    terminal(true)
    const bar = progressBar('Deleting', 10, output(false))
    bar.advance(5)
    bar.end('Deleted 10 entries.')
    expect(written).toContain('Deleted 10 entries.')
    expect(note).not.toHaveBeenCalled()
  })

  it('is only its last line elsewhere', () => {
    terminal(false)
    const bar = progressBar('Deleting', 10, output(false))
    bar.advance(5)
    bar.end('Deleted 10 entries.')
    expect([written, note.mock.calls]).toEqual(['', [['Deleted 10 entries.']]])
  })

  it('is never drawn with --json, not even on a terminal', () => {
    terminal(true)
    const bar = progressBar('Deleting', 10, output(true))
    bar.advance(5)
    bar.end('Deleted 10 entries.')
    expect(written).toBe('')
  })
})

describe('a confirmation', () => {
  it.each([
    ['without a terminal', false, false],
    ['with --json, not even on a terminal', true, true],
  ])('is not asked for %s, and nothing is done without --yes', async (_, isTTY, json) => {
    terminal(isTTY)
    await expect(confirmed('Delete?', { yes: false }, output(json))).rejects.toMatchObject({
      cure: 'Add --yes.',
    })
    expect(written).toBe('')
    await confirmed('Delete?', { yes: true }, output(json))
  })
})
