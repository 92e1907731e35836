-- Arguments: body, then names and values of headers.
local request_text

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for i = 2, #args, 2 do headers[args[i]] = args[i + 1] end
  request_text = wrk.format("POST", "/v1/chat/completions", headers, args[1])
end

function request()
  return request_text
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
