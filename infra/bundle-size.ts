/**
 * Fails if the built Worker is too large: `node infra/bundle-size.ts`, after the build. Cloudflare's
 * free plan allows 3 MB (https://developers.cloudflare.com/workers/platform/limits/). This limit is
 * lower, because an isolate must load the bundle to start.
 */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT_KIB = 150

const bundle = readFileSync(resolve(import.meta.dirname, '../dist/index.js'))
const kib = gzipSync(bundle).length / 1024
console.log(`The Worker is ${kib.toFixed(1)} KiB gzipped; at most ${LIMIT_KIB} are allowed.`)
if (kib > LIMIT_KIB) process.exitCode = 1
