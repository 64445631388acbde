import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Address, Client, Refusal } from './client.ts'
import { collect, HEADERS, MODELS } from './client.ts'

type CurlClient = Omit<Client, 'tools' | 'structured'>

/** curl, with chat completions and embeddings. */
export function curl({ url, key }: Address): CurlClient {
  const run = (path: string, body?: object, { by = key, more = [] as string[] } = {}) => {
    const headers = {
      ...HEADERS,
      authorization: `Bearer ${by}`,
      'content-type': 'application/json',
    }
    const args = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
    if (body !== undefined) args.push('-d', JSON.stringify(body))
    // Not the user's ~/.curlrc.
    const child = spawn('curl', ['-q', '-sS', ...more, ...args, `${url}/v1/${path}`])
    const code = new Promise<number | null>((ended) => child.on('close', ended))
    return { child, code }
  }
  const get = async (path: string, body?: object) => {
    const { child, code } = run(path, body, { more: ['--fail', '--retry', '2'] })
    const answer = await text(child.stdout)
    if ((await code) !== 0) throw new Error(`curl ended with ${child.exitCode}: ${answer}`)
    return JSON.parse(answer) as unknown
  }
  const question = (content: string) => ({
    model: MODELS.openai,
    messages: [{ role: 'user', content }],
  })
  const streamed = (asked: string) =>
    run('chat/completions', { ...question(asked), stream: true }, { more: ['--no-buffer'] })
  const refused = async (asked: string, by = key): Promise<Refusal> => {
    const more = ['--fail', '-o', '/dev/null', '-w', '%{http_code}']
    const { child, code } = run('chat/completions', question(asked), { by, more })
    const status = Number(await text(child.stdout))
    return { classes: [`exit code ${await code}`], status }
  }
  return {
    async chat(asked) {
      const whole = (await get('chat/completions', question(asked))) as Completion
      return { text: whole.choices[0]!.message.content, whole }
    },
    stream: (asked) => collect(pieces(streamed(asked).child.stdout)),
    async embeddings(asked) {
      const body = { model: MODELS.openai, input: [asked, 'And this.'] }
      const { data } = (await get('embeddings', body)) as { data: { embedding: number[] }[] }
      return data.map(({ embedding }) => embedding)
    },
    async models() {
      const { data } = (await get('models')) as { data: { id: string }[] }
      const ids = data.map(({ id }) => id)
      return { ids, one: ((await get(`models/${ids[0]}`)) as { id: string }).id }
    },
    wrongKey: (asked) => refused(asked, asked),
    badRequest: (asked) => refused(asked),
    async headers(asked) {
      const more = ['-D', '-', '-o', '/dev/null']
      const lines = await text(run('chat/completions', question(asked), { more }).child.stdout)
      const fields = lines.matchAll(/^([^:\r\n]+): (.*)\r$/gm)
      return Object.fromEntries([...fields].map(([, name, value]) => [name!, value!]))
    },
    async abort(asked) {
      const { child, code } = streamed(asked)
      let read = ''
      for await (const piece of pieces(child.stdout)) {
        read += piece
        if (read !== '') child.kill('SIGINT')
      }
      await code
      return { text: read, raised: [child.signalCode ?? ''] }
    },
  }
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
}
interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string | null } }[]
}

/** The text in the lines of a stream. */
async function* pieces(output: NodeJS.ReadableStream): AsyncIterable<string> {
  for await (const line of createInterface(output)) {
    if (!line.startsWith('data: {')) continue
    const { choices } = JSON.parse(line.slice('data: '.length)) as Chunk
    yield choices[0]?.delta.content ?? ''
  }
}
