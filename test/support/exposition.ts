/** One line of the text format: its name, its labels and its value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"/
const SAMPLE = new RegExp(`^([a-zA-Z_]\\w*)(?:\\{((?:${LABEL.source},?)*)\\})? (\\S+)$`)
const META = /^# (HELP [a-z]\w* \S.*|TYPE [a-z]\w* (counter|gauge|histogram))$/

/** Reads Prometheus' text format, strictly. Throws at a line that is not valid. */
export function samplesOf(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  return text
    .slice(0, -1)
    .split('\n')
    .filter((line) => !META.test(line))
    .map((line) => {
      const [, name, labels = ''] = SAMPLE.exec(line) ?? []
      const value = Number(line.split(' ').at(-1)!.replace('Inf', 'Infinity'))
      if (name === undefined || Number.isNaN(value)) throw new Error(`not valid: ${line}`)
      return { name, labels: labelsOf(labels), value }
    })
}

function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(new RegExp(LABEL.source, 'g'))]
  return Object.fromEntries(
    pairs.map(([, name, value]) => [
      name!,
      value!.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)),
    ]),
  )
}

/** The value of the only sample with this name and these labels; undefined if there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (one) =>
      one.name === name &&
      Object.keys(one.labels).length === Object.keys(labels).length &&
      Object.entries(labels).every(([label, text]) => one.labels[label] === text),
  )
  if (found.length > 1) throw new Error(`${name} appears ${found.length} times`)
  return found[0]?.value
}
