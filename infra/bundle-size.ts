/**
 * Fails if the built Worker is too large: `node infra/bundle-size.ts`, after the build. Cloudflare's
 * free plan allows 3 MB (https://developers.cloudflare.com/workers/platform/limits/). This limit is
 * lower, because an isolate must load the bundle to start.
 */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

export const LIMIT_KIB = 250

/** The size of a file after gzip, in KiB. */
export const gzippedKib = (file: string) => gzipSync(readFileSync(file)).length / 1024

if (import.meta.main) {
  const kib = gzippedKib(resolve(import.meta.dirname, '../dist/index.js'))
  console.log(`The Worker is ${kib.toFixed(1)} KiB gzipped; at most ${LIMIT_KIB} are allowed.`)
  if (kib > LIMIT_KIB) process.exitCode = 1
}
