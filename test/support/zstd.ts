interface Compressor extends AsyncIterable<Uint8Array> {
  end(bytes: Uint8Array): void
}
interface Zlib {
  readonly constants: Readonly<Record<string, number>>
  createZstdCompress(options: {
    readonly params: Readonly<Record<number, number>>
    readonly pledgedSrcSize?: number
    readonly chunkSize: number
  }): Compressor
}

/** Compresses to one Zstandard frame, with the encoder's parameters by their names. */
export async function zstd(
  body: string | Uint8Array,
  params: Readonly<Record<string, number>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { constants, createZstdCompress } = (await import('node:zlib')) as unknown as Zlib
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const known = Object.entries(params).map(([name, value]) => [constants[name]!, value])
  const compressor = createZstdCompress({
    params: Object.fromEntries(known) as Record<number, number>,
    // The runtime's encoder fails if its output needs several chunks.
    chunkSize: 2 ** 23,
    ...(params['ZSTD_c_contentSizeFlag'] === 0 ? {} : { pledgedSrcSize: bytes.length }),
  })
  compressor.end(bytes)
  const parts = await Array.fromAsync(compressor)
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}
