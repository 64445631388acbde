import { InvalidJson } from './json.ts'

/** The ranges of the bytes that must follow (RFC 3629, 4). */
export interface Utf8Rest {
  readonly low: number
  readonly high: number
  readonly next: Utf8Rest | undefined
}

const TAIL_1: Utf8Rest = { low: 0x80, high: 0xbf, next: undefined }
const TAIL_2: Utf8Rest = { ...TAIL_1, next: TAIL_1 }
const TAIL_3: Utf8Rest = { ...TAIL_1, next: TAIL_2 }
/** Lead bytes that restrict the next byte: no overlong forms, surrogates, or values beyond Unicode. */
const AFTER: ReadonlyMap<number, Utf8Rest> = new Map([
  [0xe0, { ...TAIL_2, low: 0xa0 }],
  [0xed, { ...TAIL_2, high: 0x9f }],
  [0xf0, { ...TAIL_3, low: 0x90 }],
  [0xf4, { ...TAIL_3, high: 0x8f }],
])

/** What must follow after one more byte; undefined for nothing. Throws on invalid UTF-8. */
export function afterByte(rest: Utf8Rest | undefined, byte: number): Utf8Rest | undefined {
  if (rest !== undefined) {
    if (byte < rest.low || byte > rest.high) throw notUtf8()
    return rest.next
  }
  if (byte < 0xc2 || byte > 0xf4) throw notUtf8()
  if (byte < 0xe0) return TAIL_1
  return AFTER.get(byte) ?? (byte < 0xf0 ? TAIL_2 : TAIL_3)
}

function notUtf8(): InvalidJson {
  return new InvalidJson('The text is not valid UTF-8.')
}
