/** The ports of a benchmark's Workers, and the address of the stubs. */
export interface WorkerdOptions {
  readonly ports: Readonly<Record<'gateway' | 'alone' | 'reference', number>>
  readonly stubUrl: string
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
}

/**
 * A workerd configuration with the built gateway twice, with and without coalescing, beside the
 * reference Worker (https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp).
 * The settings are production's defaults; memory takes the place of the data centre's cache.
 */
export function workerdConfig({
  ports,
  stubUrl,
  compatibilityDate,
  compatibilityFlags,
}: WorkerdOptions): string {
  const text = (name: string, value: string) => `(name = "${name}", text = "${value}")`
  const addresses = [text('LITELLM_URL', stubUrl), text('QDRANT_URL', stubUrl)]
  const compatibility = `compatibilityDate = "${compatibilityDate}", compatibilityFlags = [${compatibilityFlags.map((flag) => `"${flag}"`).join(', ')}]`
  const worker = (name: string, file: string, bindings: string[], more = '') => `
const ${name} :Workerd.Worker = (
  modules = [(name = "${file}", esModule = embed "${file}")],
  ${compatibility},
  bindings = [${bindings.join(', ')}],
  globalOutbound = "network", cacheApiOutbound = "cache"${more}
);`
  const socket = (name: keyof typeof ports) =>
    `(name = "${name}", address = "127.0.0.1:${ports[name]}", http = (), service = "${name}")`
  const objects = `,
  durableObjectNamespaces = [(className = "Coalescer", uniqueKey = "coalescer", enableSql = true)],
  durableObjectStorage = (inMemory = void)`
  const coalescer = '(name = "COALESCER", durableObjectNamespace = "Coalescer")'
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "gateway", worker = .gateway),
    (name = "alone", worker = .alone),
    (name = "reference", worker = .reference),
    (name = "cache", worker = .cache),
    (name = "network", network = (allow = ["local"])),
  ],
  sockets = [${socket('gateway')}, ${socket('alone')}, ${socket('reference')}],
);
${worker('gateway', 'index.js', [...addresses, coalescer], objects)}
${worker('alone', 'index.js', [...addresses, coalescer, text('COALESCE', 'off')], objects)}
${worker('reference', 'reference.js', addresses)}
const cache :Workerd.Worker = (
  modules = [(name = "cache.js", esModule = "export default { fetch: ({ method }) => method === 'PUT' ? new Response(null, { status: 204 }) : new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } }) }")],
  ${compatibility}
);
`
}
