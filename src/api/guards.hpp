// What a request must be before anybody asks who sends it (security.md, Requests): for this host, over a
// connection that nobody else reads, and not sent by a stranger's page. Made once; const calls from any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/entry.hpp"
#include "base/network.hpp"
#include "http/message.hpp"

namespace latchkey::api {

struct Objection {
  int status = 0;
  std::string message;
};

class Guards {
 public:
  // Throws std::invalid_argument for a trusted proxy that is no network.
  explicit Guards(const EntryOptions& options);

  // The Host is the public URL's or an alias's: 400, 421.
  [[nodiscard]] std::optional<Objection> check_host(const http::Request& request) const;
  // TLS, this machine, or a trusted proxy: 403.
  [[nodiscard]] std::optional<Objection> check_transport(const http::Request& request) const;
  // Of a POST, PUT, PATCH, DELETE: Origin, Sec-Fetch-Site, content type: 403, 415. Others pass. `form`: the
  // body is one, else JSON.
  [[nodiscard]] std::optional<Objection> check_unsafe(const http::Request& request, bool form = false) const;

  // Whether an address is a trusted proxy's. Allocates nothing: forward-auth asks it of each request.
  [[nodiscard]] bool trusts(std::string_view address) const noexcept;

  // The rightmost hop that is no trusted proxy; a view into the request. Does not allocate.
  [[nodiscard]] std::string_view client_address(const http::Request& request) const;

 private:
  std::string origin_;
  std::vector<std::string> hosts_;  // each with and without its scheme's port
  std::vector<Network> proxies_;
};

}  // namespace latchkey::api
