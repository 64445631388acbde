/** What a trace shows of a request or an answer: an object, or JSON text as it is, also in UTF-8. */
export type Shown = object | string | Uint8Array

/** In characters. A trace stays in memory until its request has ended. */
const LONGEST_CONTENT = 262_144

/** Content as a trace has it. */
export interface ShownText {
  /** The JSON text of an object. */
  readonly text: string | Uint8Array
  /** Whether nothing was cut off or replaced. */
  readonly isComplete: boolean
}

/** Content as the JSON text of an object, which MLflow shows as fields, truncated if it is too long. */
export function shownText(content: Shown): ShownText {
  if (content instanceof Uint8Array) {
    const isCopied = content.length <= LONGEST_CONTENT && !hasUnicodeEscape(content)
    return isCopied ? { text: content, isComplete: true } : shownText(decoder.decode(content))
  }
  const whole = objectText(content)
  const isShort = whole.length <= LONGEST_CONTENT
  const text = storable(
    isShort ? whole : JSON.stringify({ truncated: whole.slice(0, LONGEST_CONTENT) }),
  )
  return { text, isComplete: text === whole }
}

const decoder = new TextDecoder()
const [BACKSLASH, U] = [0x5c, 0x75]

function hasUnicodeEscape(json: Uint8Array): boolean {
  for (let at = json.indexOf(BACKSLASH); at >= 0; at = json.indexOf(BACKSLASH, at + 2)) {
    if (json[at + 1] === U) return true
  }
  return false
}

function objectText(content: object | string): string {
  if (typeof content !== 'string') return JSON.stringify(content)
  if (!content.startsWith('{')) return JSON.stringify({ text: content })
  // Written again, pairs of surrogates have no escapes.
  return content.includes('\\u') ? JSON.stringify(JSON.parse(content)) : content
}

/** Databases refuse zero characters and lone surrogates, and MLflow then refuses the whole batch. */
function storable(text: string): string {
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\\ufffd') : text
}

const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi
