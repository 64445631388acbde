/**
 * The load of one measurement, for autocannon: `node autocannon.js OPTIONS FILE` posts the text of a
 * file. Prints what wrk.lua prints. autocannon's histogram counts whole milliseconds, more than a hit
 * takes, so the median is that of its single responses.
 */

import { readFileSync } from 'node:fs'
import autocannon from 'autocannon'

const [options, file] = process.argv.slice(2)
const body = readFileSync(file, 'utf8')
const times = []
const run = autocannon({
  ...JSON.parse(options),
  method: 'POST',
  body,
  idReplacement: body.includes('[<id>]'),
  timeout: 30,
})
run.on('response', (_client, _status, _bytes, ms) => times.push(ms))
const { errors, non2xx, duration } = await run
times.sort((a, b) => a - b)
console.log(
  JSON.stringify({
    p50Us: times[Math.floor(times.length / 2)] * 1e3,
    requests: times.length,
    durationUs: duration * 1e6,
    errors: errors + non2xx,
  }),
)
