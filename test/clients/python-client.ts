import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Address, Client } from './client.ts'

const VENVS = resolve(import.meta.dirname, '../../.local/clients-venv')
const SCRIPTS = resolve(import.meta.dirname, 'python')

interface Line {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

export interface PythonScript {
  /** The lock file in infra/clients whose environment runs it. */
  readonly environment: 'current' | 'instructor'
  readonly script: string
  readonly args?: readonly string[]
}

/** A client in a Python process, whose calls are those of its script. */
export function pythonClient({ environment, script, args = [] }: PythonScript) {
  return ({ url, key }: Address): Client => {
    const python = resolve(VENVS, environment, 'bin/python')
    const child = spawn(python, [resolve(SCRIPTS, script), ...args, url, key], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const waiting = new Map<number, PromiseWithResolvers<never>>()
    createInterface(child.stdout).on('line', (text) => {
      const { id, value, error } = JSON.parse(text) as Line
      const { resolve: answer, reject } = waiting.get(id)!
      if (error === undefined) answer(value as never)
      else reject(new Error(error))
    })
    const fail = (why: string) => {
      for (const { reject } of waiting.values()) reject(new Error(why))
    }
    child.on('error', ({ message }) => fail(`${message}: make test-clients installs the SDKs`))
    child.on('exit', (code) => fail(`${script} ended with ${code}.`))
    const call = (name: keyof Client) => (asked?: string) => {
      const id = waiting.size
      const answer = Promise.withResolvers<never>()
      waiting.set(id, answer)
      child.stdin.write(`${JSON.stringify({ id, call: name, asked: asked ?? '' })}\n`)
      return answer.promise
    }
    return {
      chat: call('chat'),
      stream: call('stream'),
      tools: call('tools'),
      structured: call('structured'),
      embeddings: call('embeddings'),
      models: call('models'),
      wrongKey: call('wrongKey'),
      badRequest: call('badRequest'),
      headers: call('headers'),
      abort: call('abort'),
      close: () => child.stdin.end(),
    }
  }
}
