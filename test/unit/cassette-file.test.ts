import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cassetteEntries, cassetteLines } from '../../infra/cli/cassette-file.ts'
import { CommandError } from '../../infra/cli/admin-client.ts'
import type { CassetteEntry } from '../../src/admin/cassette.ts'

const HEADER = { created_at: 1_796_000_000_000, filter: { tenant: 'ci' } }

/** An entry as it is stored, with anything in it replaced. */
function stored(over: Partial<CassetteEntry['entry']> = {}): CassetteEntry {
  const text = JSON.stringify(over)
  const md5 = createHash('md5').update(text).digest('hex')
  return {
    key: md5.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    entry: {
      v: 1,
      proof: createHash('sha256').update(text).digest('hex'),
      tenant: 'ci',
      path: '/v1/chat/completions',
      model: 'small',
      namespace: '',
      tags: [],
      stored_at: 1_796_000_000_000,
      expires_at: 1_796_000_600_000,
      status: 200,
      content_type: 'application/json',
      mode: 'json',
      body: '{"choices":[]}',
      usage: null,
      cost_usd: 0.001,
      latency_ms: 800,
      source: 'llm',
      created: 1_796_000_000,
      ...over,
    },
  }
}

async function* each<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values
}

async function cassette(entries: readonly CassetteEntry[]): Promise<Buffer> {
  const lines = await Array.fromAsync(cassetteLines(HEADER, each(entries)))
  return Buffer.from(lines.join(''))
}

/** The file as pieces of this many bytes, as a disk may read it. */
function* pieces(file: Buffer, bytes: number): Generator<Buffer> {
  for (let at = 0; at < file.length; at += bytes) yield file.subarray(at, at + bytes)
}

const read = (file: Buffer, bytes = 65_536) =>
  Array.fromAsync(cassetteEntries(each(pieces(file, bytes))))

/** The cassette with a checksum that is right for these lines. */
function signed(...lines: readonly string[]): Buffer {
  const text = lines.map((line) => `${line}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return Buffer.from(`${text}${JSON.stringify({ entries: lines.length - 1, sha256 })}\n`)
}

const header = (over: object) =>
  JSON.stringify({ cassette: 1, key_format: '2', ...HEADER, ...over })

const body = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const someEntries = fc
  .array(body, { maxLength: 4 })
  .map((bodies) => bodies.map((body) => stored({ body })))

describe('a cassette', () => {
  it('has the entries that were written, however its bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(someEntries, fc.integer({ min: 1, max: 200 }), async (entries, bytes) => {
        expect(await read(await cassette(entries), bytes)).toEqual(entries)
      }),
    )
  })

  it('is text of one line each: header, entries, and their number with a checksum', async () => {
    const file = await cassette([stored()])
    const [first, entry, trailer, ...rest] = file.toString().split('\n')
    expect(JSON.parse(first!)).toEqual({ cassette: 1, key_format: '2', ...HEADER })
    expect(JSON.parse(entry!)).toEqual(stored())
    const sha256 = createHash('sha256').update(`${first}\n${entry}\n`).digest('hex')
    expect(JSON.parse(trailer!)).toEqual({ entries: 1, sha256 })
    expect(rest).toEqual([''])
  })

  it('is refused if it is cut off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(someEntries, fc.nat(), async (entries, cut) => {
        const file = await cassette(entries)
        await expect(read(file.subarray(0, cut % file.length))).rejects.toThrow(CommandError)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused if any byte of it is another one', async () => {
    await fc.assert(
      fc.asyncProperty(
        someEntries,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (entries, at, change) => {
          const file = await cassette(entries)
          const place = at % file.length
          file[place] = file[place]! ^ change
          await expect(read(file)).rejects.toThrow(CommandError)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is refused if an entry is missing, moved, or there twice', async () => {
    const file = await cassette([stored({ body: '1' }), stored({ body: '2' })])
    const [first, one, two, last] = file.toString().split('\n')
    for (const lines of [
      [first, one, last],
      [first, two, one, last],
      [first, one, two, two, last],
    ]) {
      const changed = Buffer.from(`${lines.join('\n')}\n`)
      await expect(read(changed)).rejects.toThrow('changed')
    }
  })

  it('says what is wrong with it', async () => {
    const entry = JSON.stringify(stored())
    const broken = (over: object) => JSON.stringify({ ...stored(), ...over })
    for (const [file, reason] of [
      [Buffer.from(''), 'The file is empty.'],
      [Buffer.from('{"model":"m"}\n'), 'is no cassette'],
      [signed(header({ cassette: 2 }), entry), 'version 2'],
      [signed(header({ key_format: '3' }), entry), 'format 3'],
      [
        signed(header({ created_at: 'today' }), entry),
        'Line 1 is not what it should be. created_at',
      ],
      [signed(header({}), entry, 'no JSON'), 'Line 3'],
      [signed(header({}), broken({ key: 'x' })), 'Line 2 is not what it should be. key: must be'],
      [signed(header({}), broken({ entry: { ...stored().entry, v: 2 } })), 'entry.v'],
      [
        signed(header({}), broken({ entry: { ...stored().entry, proof: 'A'.repeat(64) } })),
        'proof',
      ],
      [Buffer.from(`${header({})}\n${entry}\n`), 'cut off'],
    ] as const) {
      await expect(read(file)).rejects.toThrow(reason)
    }
    // The control: with nothing wrong, the same helper makes a file that is read.
    expect(await read(signed(header({}), entry))).toEqual([stored()])
  })

  it('holds one line at a time, and refuses one that no gateway would take', async () => {
    async function* endless() {
      yield Buffer.from(`${header({})}\n`)
      for (;;) yield Buffer.alloc(1024 * 1024, 'x')
    }
    await expect(Array.fromAsync(cassetteEntries(endless()))).rejects.toThrow('Line 2 is longer')
  })
})
