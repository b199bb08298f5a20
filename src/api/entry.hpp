// The one request entry: every request of every connection passes through here, on its reactor (Host and
// Origin checks, route, credential, verdict), then, where work waits, on the pool (session, organization,
// handler, Refusal → answer). Git's routes go to git/.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "api/counters.hpp"
#include "api/route.hpp"
#include "api/services_in_force.hpp"
#include "http/message.hpp"
#include "verify/index.hpp"

namespace latchkey::api {

struct EntryOptions {
  std::string public_url;                    // "http://localhost:8080"
  std::vector<std::string> aliases;          // further URLs under which the server may be called
  std::vector<std::string> trusted_proxies;  // networks: "10.0.0.0/8"
  std::function<bool()> ready;               // /readyz; any thread
  ServicesInForce& services;                 // forward-auth's
};

// Makes the entry of one reactor. `api`, `options` and `counters`, the reactor's own, must outlive it.
[[nodiscard]] http::Entry make_entry(Api& api, const EntryOptions& options, verify::Index::Reader reader,
                                     Counters& counters);

}  // namespace latchkey::api
