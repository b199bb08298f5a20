// Asking whether a token is good: its text is read here, then the server is asked with it. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "base/secret.hpp"

namespace latchkey::app {

struct VerifyTarget {
  std::string server, organization, ca;
};
struct Verification {
  bool accepted = false;
  std::string reason;       // whose it is, or why it is refused
  std::string fingerprint;  // the public part; empty for a text that is none
};
// Throws Failure: usage without a server; unreachable when there is no answer, or the server can't decide.
[[nodiscard]] Verification verify_token(const Secret& secret, const VerifyTarget& target);

}  // namespace latchkey::app
