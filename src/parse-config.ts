import type * as z from 'zod'
import { settings } from './config.ts'
import type { Config } from './config.ts'
import { contradiction } from './contradictions.ts'

/** An invalid setting. The message names the variable and the rule, never the value. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured'
  readonly variable: string
  constructor(variable: string, rule: string) {
    super(`${variable}: ${rule}`)
    this.variable = variable
  }
}

/** Parses the Worker's vars and secrets. An empty string counts as not set. Throws `Misconfigured`. */
export function parseConfig(env: object): Config {
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== ''),
  )
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const variable = String(issue?.path[0])
    const isMissing = given[variable] === undefined
    throw new Misconfigured(variable, isMissing ? 'is required' : rule(issue))
  }
  const config = parsed.data
  const refused = contradiction(config, (variable) => given[variable] !== undefined)
  if (refused !== undefined) throw new Misconfigured(refused.variable, refused.rule)
  return config
}

/** Zod's message with the path inside the variable, without the rejected value. */
function rule(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'is not valid'
  const inside = issue.path.slice(1).join('.')
  return inside === '' ? issue.message : `${inside}: ${issue.message}`
}
