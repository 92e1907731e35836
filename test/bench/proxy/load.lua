-- Arguments: method, number of routes, body (may be empty).
-- Requests are spread over all routes, /r0/item to /r<n-1>/item, the same way in every run.
local requests = {}

function init(args)
  local method, routes, body = args[1], tonumber(args[2]), args[3] or ""
  local headers = {}
  if body ~= "" then headers["Content-Type"] = "application/json" end
  for i = 0, routes - 1 do
    local content = nil
    if body ~= "" then content = body end
    requests[i + 1] = wrk.format(method, "/r" .. i .. "/item", headers, content)
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
