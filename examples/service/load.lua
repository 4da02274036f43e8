-- Mixed and repeated texts for wrk: one in four has been sent before, lengths differ, a few ask for everything.
local words = { "bright", "quiet", "flat", "the", "park", "close", "receipt", "late", "delivery", "never", "again", "good", "service", "film", "slow", "warm" }
local sent, count = {}, 0

function init()
  math.randomseed(os.time())
end

function request()
  local text
  if count > 0 and math.random(4) == 1 then
    text = sent[math.random(math.min(count, 256))]
  else
    local many = {}
    for i = 1, math.random(5, 120) do many[i] = words[math.random(#words)] end
    text = table.concat(many, " ") .. "."
    count = count + 1
    sent[(count - 1) % 256 + 1] = text
  end
  local all = math.random(10) == 1 and ', "includeModeration": true, "includeEmbedding": true, "includeSummary": true' or ''
  return wrk.format("POST", "/analyze/text", { ["Content-Type"] = "application/json" },
    '{"text": "' .. text .. '", "includeSentiment": true' .. all .. '}')
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end
refused, failed = 0, 0
function response(status)
  if status == 429 then refused = refused + 1 elseif status ~= 200 then failed = failed + 1 end
end
function done()
  local refusals, failures = 0, 0
  for _, thread in ipairs(threads) do
    refusals = refusals + thread:get("refused")
    failures = failures + thread:get("failed")
  end
  print("refused (429): " .. refusals .. ", other than 200: " .. failures)
end
