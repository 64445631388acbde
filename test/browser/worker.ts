import { createApp } from '../../src/app.ts'
import { dependenciesFor } from '../../src/dependencies.ts'
import { Misconfigured } from '../../src/parse-config.ts'
import { fakeLedger } from '../support/fake-ledger.ts'

let app: ReturnType<typeof createApp> | undefined

function gateway(env: Env) {
  const dependencies = dependenciesFor(env)
  if (dependencies instanceof Misconfigured) throw dependencies
  return createApp({ ...dependencies, ledgerReader: fakeLedger })
}

/** The gateway as it is, with a ledger whose traffic is made up. */
export default {
  fetch: (request, env, context) => (app ??= gateway(env)).fetch(request, env, context),
} satisfies ExportedHandler<Env>
