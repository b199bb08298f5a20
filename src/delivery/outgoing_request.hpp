// One outgoing connection under security.md's rules: the address is checked when the socket is opened, so
// that no name can lead elsewhere meanwhile; https alone, unless the server's own file allows http;
// certificates are verified; no redirects, no proxy of the environment; time and size are bounded. Any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authority/outgoing.hpp"
#include "base/secret.hpp"

namespace latchkey::delivery {

struct Answered {
  std::int64_t status = 0;
  std::string words{};  // the beginning of the answer's body, as it came
  std::chrono::seconds retry_after{};
};
// Posts and returns what the receiver answered within 30 seconds; throws Undelivered when it did not.
[[nodiscard]] Answered exchange(const authority::Outgoing& outgoing, const std::string& url,
                                const std::vector<std::string>& fields, const Secret& secret_field,
                                const std::string& body);
// `secret_field`: a header line that nobody may see; empty: none. Returns when the receiver answered 2xx;
// throws Undelivered.
void post(const authority::Outgoing& outgoing, const std::string& url, const std::vector<std::string>& fields,
          const Secret& secret_field, const std::string& body);

// Sends the bytes over TLS, says that they were all, and waits until the receiver, having read them, ends the
// connection too. `ca`: PEM to trust instead of the system's; empty: the system's. Throws Undelivered.
void send_over_tls(const authority::Outgoing& outgoing, const std::string& host, const std::string& port,
                   const std::string& ca, std::string_view bytes);

}  // namespace latchkey::delivery
