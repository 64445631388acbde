/** `token`, `token=token` or `token="quoted"` (RFC 9111, 5.2; RFC 9110, 5.6). */
const DIRECTIVE = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g

/** The directives of a `Cache-Control` field by lower-case name, with their arguments in order. */
export function readDirectives(field: string): Map<string, string[]> {
  const directives = new Map<string, string[]>()
  for (const [, name = '', quoted, plain] of field.matchAll(DIRECTIVE)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
    const key = name.toLowerCase()
    const values = directives.get(key)
    if (values === undefined) directives.set(key, [value])
    else values.push(value)
  }
  return directives
}
