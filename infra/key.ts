import { createHash, randomBytes } from 'node:crypto'

/** `npm run key -- tenant [model …]`: makes a caller's key, and its member of GATEWAY_KEYS. */
const [tenant, ...models] = process.argv.slice(2)
if (tenant === undefined || tenant === '' || tenant.startsWith('[')) {
  console.error('npm run key -- tenant [model …]   (a tenant begins with anything but a bracket)')
  process.exit(1)
}
const key = `gw-${randomBytes(24).toString('hex')}`
const sha256 = createHash('sha256').update(key).digest('hex')
const entry = { sha256, tenant, models: models.length === 0 ? ['*'] : models }
console.log(`For the caller, shown only now:\n  ${key}\n`)
console.log(`A member of the list in GATEWAY_KEYS:\n  ${JSON.stringify(entry)}`)
