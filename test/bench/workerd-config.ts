import { CACHE_HEADER } from './stub-cache.ts'

/** A Worker on bare workerd, with a port of its own. */
export interface Worker {
  readonly name: string
  readonly port: number
  /** The file of its module, beside the configuration. */
  readonly file: string
  /** Its settings; all others have production's defaults. */
  readonly vars: Readonly<Record<string, string>>
  /** Whether the data centre's cache stores anything. */
  readonly colo: boolean
}

export interface Compatibility {
  readonly date: string
  readonly flags: readonly string[]
}

/** The modules that are a gateway, with its Durable Objects. */
const GATEWAYS = new Set(['index.js', 'colo.js'])

/**
 * A workerd configuration with these Workers in one process
 * (https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp). The stub at
 * `stubPort` takes the place of the data centre's cache. Below the folder `objects`, each Worker has one
 * of its own name for its Durable Objects.
 */
export function workerdConfig(
  workers: readonly Worker[],
  { date, flags }: Compatibility,
  stubPort: number,
  objects: string,
): string {
  const quoted = flags.map((flag) => `"${flag}"`).join(', ')
  const compatibility = `compatibilityDate = "${date}", compatibilityFlags = [${quoted}]`
  const services = workers.map(({ name }) => `(name = "${name}", worker = .${name})`)
  const disks = workers.map(
    ({ name }) =>
      `(name = "${name}Objects", disk = (path = "${objects}/${name}", writable = true))`,
  )
  const sockets = workers.map(
    ({ name, port }) =>
      `(name = "${name}", address = "127.0.0.1:${port}", http = (), service = "${name}")`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${services.join(',\n    ')},
    ${cacheService('emptyCache', 'empty', stubPort)},
    ${cacheService('coloCache', 'storing', stubPort)},
    ${disks.join(',\n    ')},
    (name = "network", network = (allow = ["local"])),
  ],
  sockets = [
    ${sockets.join(',\n    ')},
  ],
);
${workers.map((worker) => definition(worker, compatibility)).join('')}
`
}

function cacheService(name: string, kind: string, stubPort: number): string {
  const header = `(name = "${CACHE_HEADER}", value = "${kind}")`
  const http = `(injectRequestHeaders = [${header}])`
  return `(name = "${name}", external = (address = "127.0.0.1:${stubPort}", http = ${http}))`
}

function definition({ name, file, vars, colo }: Worker, compatibility: string): string {
  const bindings = Object.entries(vars).map(
    ([setting, value]) => `(name = "${setting}", text = "${value}")`,
  )
  const isGateway = GATEWAYS.has(file)
  if (isGateway) {
    bindings.push('(name = "COALESCER", durableObjectNamespace = "Coalescer")')
    bindings.push('(name = "LEDGER_OBJECTS", durableObjectNamespace = "Ledger")')
    bindings.push('(name = "RECENT_REQUESTS", durableObjectNamespace = "RecentRequests")')
  }
  const objects = `,
  durableObjectNamespaces = [
    (className = "Coalescer", uniqueKey = "coalescer", enableSql = true),
    (className = "Ledger", uniqueKey = "ledger", enableSql = true),
    (className = "RecentRequests", uniqueKey = "recent-requests", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "${name}Objects")`
  return `
const ${name} :Workerd.Worker = (
  modules = [(name = "${file}", esModule = embed "${file}")],
  ${compatibility},
  bindings = [${bindings.join(', ')}],
  globalOutbound = "network", cacheApiOutbound = "${colo ? 'coloCache' : 'emptyCache'}"${isGateway ? objects : ''}
);`
}
