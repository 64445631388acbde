import { createHash, randomBytes } from 'node:crypto'
import { TENANT_NAME } from '../src/config.ts'

/** `npm run key -- tenant [model …]`: makes a key for a caller, and its entry in GATEWAY_KEYS. */
const [tenant, ...models] = process.argv.slice(2)
if (tenant === undefined || !TENANT_NAME.test(tenant)) {
  console.error(
    'npm run key -- tenant [model …]   (a tenant must not begin with [, team: or user:)',
  )
  process.exit(1)
}
const key = `gw-${randomBytes(24).toString('hex')}`
const sha256 = createHash('sha256').update(key).digest('hex')
const entry = { sha256, tenant, models: models.length === 0 ? ['*'] : models }
console.log(`For the caller, shown only now:\n  ${key}\n`)
console.log(`A member of the list in GATEWAY_KEYS:\n  ${JSON.stringify(entry)}`)
