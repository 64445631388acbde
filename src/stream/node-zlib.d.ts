/** The part of the runtime's `node:zlib` that is used: the types of Workers do not include it. */
declare module 'node:zlib' {
  interface ZstdDecompress extends AsyncIterable<Uint8Array> {
    /** How many bytes of the input were used. */
    readonly bytesWritten: number
    write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean
    end(): void
    destroy(error?: Error): void
    on(event: 'error', listener: (error: Error) => void): void
  }
  export const constants: { readonly ZSTD_d_windowLogMax: number }
  export function createZstdDecompress(options: {
    readonly params: Readonly<Record<number, number>>
  }): ZstdDecompress
}
