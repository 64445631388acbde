-- The load of one measurement, for wrk: posts the text of a file. If a third argument is given, every
-- request is a new one: "[<id>]" in the text becomes a number after that seed.
local before, after, seed
local count = 0
local request_once

function init(args)
  local file = assert(io.open(args[1], "r"))
  local text = file:read("*a")
  file:close()
  seed = args[2]
  wrk.method = "POST"
  if seed == nil then
    request_once = wrk.format(nil, nil, nil, text)
    return
  end
  local from, to = text:find("[<id>]", 1, true)
  before, after = text:sub(1, from - 1), text:sub(to + 1)
end

function request()
  if request_once then return request_once end
  count = count + 1
  return wrk.format(nil, nil, nil, before .. seed .. "-" .. count .. after)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"p50Us": %d, "requests": %d, "durationUs": %d, "errors": %d}\n',
    latency:percentile(50), summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
