-- HAProxy has no call of its own to an authorization server: this action asks Latchkey about the request at hand,
-- and leaves its answer in variables for haproxy.cfg. Anything but 200, an answer that does not come among it,
-- lets nothing through.
-- SPDX-License-Identifier: Apache-2.0

local url = "http://127.0.0.1:8080/_auth"
local answers = {
  latchkey_remote_user = "remote-user",
  latchkey_user = "x-latchkey-user",
  latchkey_organization = "x-latchkey-organization",
  latchkey_scopes = "x-latchkey-scopes",
  latchkey_token = "x-latchkey-token",
  latchkey_challenge = "www-authenticate",
}

core.register_action("latchkey", { "http-req" }, function(txn)
  local headers = {
    ["x-original-host"] = { txn.sf:req_fhdr("host") },
    ["x-original-uri"] = { txn.sf:pathq() },
    ["x-original-method"] = { txn.sf:method() },
    ["x-forwarded-for"] = { txn.sf:src() },
  }
  -- All of them, so that Latchkey refuses a request with two; haproxy's lists begin at 0.
  local sent = txn.http:req_get_headers()
  for _, name in ipairs({ "authorization", "sec-fetch-mode" }) do
    if sent[name] then
      headers[name] = {}
      for at = 0, #sent[name] do table.insert(headers[name], sent[name][at]) end
    end
  end

  local answer = core.httpclient():get({ url = url, headers = headers, timeout = 5000 })
  txn:set_var("txn.latchkey_status", answer.status or 0)
  for variable, name in pairs(answers) do
    local values = answer.headers and answer.headers[name]
    txn:set_var("txn." .. variable, values and values[0] or "")
  end
end)
