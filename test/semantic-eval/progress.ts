const BAR = 30
const LINE_EVERY = 200

/** Reports the progress of some work. */
export type OnProgress = (done: number, total: number) => void

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Shows progress as a bar in a terminal, or as a line every 200 items elsewhere. */
export function progressOf(things: string, output: Output): OnProgress {
  let shown = 0
  return (done, total) => {
    const count = `${done} / ${total} ${things}`
    if (output.isTTY) {
      const filled = Math.round((BAR * done) / total)
      const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled)
      output.write(`\r${bar} ${count}${done === total ? '\n' : ''}`)
    } else if (done - shown >= LINE_EVERY || done === total) {
      shown = done
      output.write(`${count}\n`)
    }
  }
}
