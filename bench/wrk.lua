-- Arguments: file of requests (one "path token" a line), body (empty: GET).
local paths, tokens, number = {}, {}, 0
local body

function init(args)
  body = args[2] or ""
  for line in io.lines(args[1]) do
    local path, token = line:match("^(%S+) (%S*)$")
    paths[#paths + 1], tokens[#tokens + 1] = path, token
  end
  math.randomseed(os.time())
  number = math.random(0, 1000000)
end

function request()
  number = number + 1
  local place = number % #paths + 1
  local headers = {}
  if tokens[place] ~= "" then headers["Authorization"] = "Bearer " .. tokens[place] end
  if body == "" then return wrk.format("GET", paths[place], headers) end
  headers["Content-Type"] = "application/json"
  return wrk.format("POST", paths[place], headers, (body:gsub("%%d", tostring(number))))
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    '{"requests":%d,"errors":%d,"duration_s":%.4f,"p50_ms":%.4f,"p99_ms":%.4f}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
