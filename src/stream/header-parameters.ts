/** A header field's value: its first part, and its parameters by lower-case name. */
export interface ParameterizedValue {
  /** In lower case. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

const VALUE = /^[^;]*/
/** RFC 9110, 5.6.6, and any characters in a value without quotes: clients do not quote boundaries. */
const PARAMETER =
  /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~0-9a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?[ \t]*/iy

/**
 * Splits a field value such as `multipart/form-data; boundary=x`. A backslash only escapes a quote or
 * a backslash, because clients send Windows paths. Undefined if it is malformed or names a parameter
 * twice, so that nobody reads it differently.
 */
export function parameterizedValue(field: string): ParameterizedValue | undefined {
  const value = VALUE.exec(field)?.[0] ?? ''
  const parameters = new Map<string, string>()
  PARAMETER.lastIndex = value.length
  while (PARAMETER.lastIndex < field.length) {
    const found = PARAMETER.exec(field)
    if (found === null) return undefined
    const [, name, quoted, token = ''] = found
    if (name === undefined) continue
    const key = name.toLowerCase()
    if (parameters.has(key)) return undefined
    parameters.set(key, quoted === undefined ? token : quoted.replaceAll(/\\(["\\])/g, '$1'))
  }
  return { value: value.trim().toLowerCase(), parameters }
}
