// Forward-auth: before a proxy lets a request through it asks here whether its credential is good for it. One
// route for each dialect; each reads its own headers and no others, from trusted proxies alone. Decided from
// the head, at once, on the reactor; what is accepted costs no allocation, no lock, no log line.
//
// 200 has no body, and always bears every identity header, empty where unknown, so that a proxy never lets
// the client's own stand. 401 and 403 are refusals. Where nothing can be decided it is 503 everywhere: nginx
// makes 500 of it, which is what it is; 401 would make clients throw a good credential away.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "api/entry.hpp"
#include "api/guards.hpp"
#include "api/proxied_path.hpp"
#include "api/refusals.hpp"
#include "api/services_in_force.hpp"
#include "api/verifier.hpp"

namespace latchkey::api {

class ForwardAuth {
 public:
  // Belongs to its reactor; what it is given must outlive it.
  ForwardAuth(const EntryOptions& options, const Guards& guards, const Clock& clock);

  struct Dialect;
  // Whose route that is, the exact text of a path; null: another's.
  [[nodiscard]] static const Dialect* dialect_of(std::string_view path) noexcept;
  // `verifier` is the reactor's.
  [[nodiscard]] http::Action answer(const http::Request& request, const Dialect& dialect, Verifier& verifier);

 private:
  struct Asked {  // what the proxy asks about, as its client sent it
    std::string_view host, target, method;
  };
  // Empty: `asked` is whole.
  [[nodiscard]] bool is_trusted(std::string_view address);
  static std::string read(const http::Head& head, const Dialect& dialect, Asked& asked);
  http::Action decide(const http::Request& request, const Asked& asked, Verifier& verifier);
  http::Action accept(const verify::Principal& principal, const verify::Names& names,
                      const Services::Service& service);
  http::Action refuse_request(std::string_view message) const;
  http::Action nobody(bool browser) const;
  void log(const http::Request& request, std::string_view what);

  const EntryOptions& options_;
  const Guards& guards_;
  const Clock& clock_;
  ServicesInForce::View services_;
  PathBuffer path_;
  std::string trusted_;  // the address that was found to be a trusted proxy's last
  std::string user_data_;
  http::Response accepted_, nobody_, nobody_in_browser_;  // kept: what is answered often
  Time silent_until_{};
  unsigned unlogged_ = 0;
};

}  // namespace latchkey::api
