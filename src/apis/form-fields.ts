import { GatewayError } from '../errors.ts'
import type { FormField } from '../stream/form-scanner.ts'
import { METADATA, STEERING } from './checks.ts'

/** What an API's form may contain. Other names are allowed for one text each. */
export interface FormRules {
  /** The fields that are files; `many` may be repeated, as `image` or as `image[]`. */
  readonly files: Readonly<Record<string, 'one' | 'many'>>
  /** The files without which LiteLLM answers 422. */
  readonly required: readonly string[]
  /** Texts that may be lists, as `name[]`. */
  readonly lists: readonly string[]
  /** Objects, as `name[key]`. */
  readonly objects: readonly string[]
}

/**
 * The names that are read alike everywhere: no quotes, no escapes, no spaces. A name that begins with
 * an underscore has a meaning of its own in forms (`_charset_`) or in JavaScript.
 */
const NAME = /^([a-z][a-z0-9_.-]*)(\[[a-z0-9_.-]*\])?$/i
const LONGEST_NAME = 128
/**
 * Names that steer LiteLLM. None is a parameter of these APIs, and LiteLLM parses objects from their
 * text, so forms may not contain them at all. The gateway sends `caching` itself.
 */
const REFUSED: ReadonlySet<string> = new Set([...STEERING, ...METADATA, 'extra_body', 'cache'])
const LITELLM = /^litellm_/i

/**
 * Rejects fields that steer LiteLLM, and names that it could read differently: it takes `api_base[]`
 * for `api_base` after it has checked `api_base`, and keeps the last of two `model` fields. Throws a
 * `GatewayError` that names the field.
 */
export function checkFields(fields: readonly FormField[], rules: FormRules): void {
  /** How each name was spelled, and all spellings. */
  const endings = new Map<string, string>()
  const seen = new Set<string>()
  for (const field of fields) {
    const { name } = field
    const [, base, key] = NAME.exec(name.slice(0, LONGEST_NAME + 1)) ?? []
    if (base === undefined || name.length > LONGEST_NAME) {
      throw refused(name.slice(0, LONGEST_NAME), 'is not a valid field name')
    }
    if (REFUSED.has(base) || LITELLM.test(base) || !isKnown(base, key, rules)) {
      throw refused(name, 'is not accepted here')
    }
    requireKind(field, Object.hasOwn(rules.files, base))
    const ending = endingOf(key)
    if ((endings.get(base) ?? ending) !== ending) throw refused(name, 'is spelled in two ways')
    if (seen.has(name) && ending !== '[]' && rules.files[base] !== 'many') {
      throw refused(name, 'is given twice')
    }
    endings.set(base, ending)
    seen.add(name)
  }
  const missing = rules.required.find((name) => !seen.has(name))
  if (missing !== undefined) throw refused(missing, 'must be a file with a name')
}

const endingOf = (key: string | undefined) =>
  key === undefined || key === '[]' ? (key ?? '') : '[key]'

/** Whether a name may have brackets. Elsewhere, LiteLLM would take them off. */
function isKnown(base: string, key: string | undefined, { files, lists, objects }: FormRules) {
  if (key === undefined) return true
  if (key !== '[]') return objects.includes(base)
  return lists.includes(base) || (Object.hasOwn(files, base) && files[base] === 'many')
}

function requireKind({ name, fileName }: FormField, isFile: boolean): void {
  // LiteLLM takes the type of audio from its file's name.
  if (isFile && !fileName) throw refused(name, 'must be a file with a name')
  if (!isFile && fileName !== undefined) throw refused(name, 'must not be a file')
}

function refused(name: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `${name} ${why}.`, name)
}
