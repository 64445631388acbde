import type { PoliciesAnswer } from '../../src/admin/policies.ts'
import type { AddCommand } from './command.ts'
import { columns } from './output.ts'

/** `policies`: the rules of POLICIES, and which one applies to a model, path or tenant. */
export const policiesCommand: AddCommand = (program, context) =>
  program
    .command('policies')
    .description('show the cache policies, and which one applies to a request')
    .option('--model <name>', 'the model, as callers name it')
    .option('--path <path>', 'the canonical path, such as /v1/chat/completions')
    .option('--tenant <tenant>', 'the tenant of the caller')
    .action(async (asked: { model?: string; path?: string; tenant?: string }) => {
      const { admin, output } = context()
      const answer = await admin.get<PoliciesAnswer>('/admin/policies', asked)
      output.result(answer, textOf(answer))
    })

function textOf({ policies, applies, depends_on: open, effective }: PoliciesAnswer): string {
  if (effective === null) {
    const options = open.map((part) => `--${part}`).join(' and ')
    return `${tableOf(policies)}\n\nWhich policy applies depends on the ${open.join(' and ')}: add ${options}.`
  }
  const rows = Object.entries(effective).map(([member, { value, from }]) => [
    member,
    String(value),
    from,
  ])
  const which = applies === null ? 'No policy applies.' : `Policy ${applies.name} applies.`
  const values = columns([['member', 'value', 'from'], ...rows])
  return [...(policies.length === 0 ? [] : [tableOf(policies), '']), which, '', values].join('\n')
}

/** One line for each rule, in the order in which they are tried. */
function tableOf(policies: PoliciesAnswer['policies']): string {
  const rows = policies.map(({ matches, rule }, at) => {
    const { name, models, paths, tenants, ...decides } = rule
    const sets = Object.entries(decides).map(([member, value]) => `${member}=${value}`)
    const lists = [models, paths, tenants].map((list) => list?.join(' ') ?? 'every')
    return [String(at), name, matches, ...lists, sets.join(' ')]
  })
  return columns([['#', 'policy', 'matches', 'models', 'paths', 'tenants', 'sets'], ...rows])
}
