-- Arguments: path, file of access tokens (one a line), body (empty: GET).
local tokens, number, errors = {}, 0, 0
local path, body

function init(args)
  path, body = args[1], args[3] or ""
  for line in io.lines(args[2]) do tokens[#tokens + 1] = line end
  number = math.random(0, 1000000)
end

function request()
  number = number + 1
  local headers = {}
  if #tokens > 0 then headers["Authorization"] = "Bearer " .. tokens[number % #tokens + 1] end
  if body == "" then return wrk.format("GET", path, headers) end
  headers["Content-Type"] = "application/json"
  return wrk.format("POST", path, headers, (body:gsub("%%d", tostring(number))))
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    '{"requests":%d,"errors":%d,"duration_s":%.4f,"p50_ms":%.4f,"p99_ms":%.4f}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
