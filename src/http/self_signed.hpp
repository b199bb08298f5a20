// A self-signed certificate for a first server: P-256, 825 days, for the hosts given. Blocking: start-up
// only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "base/time.hpp"
#include "http/server.hpp"

namespace latchkey::http {

// Writes a new key (0600) and its certificate, PEM; what stood there is replaced. `hosts`: names or
// addresses, at least one; the first is the subject's name. Throws std::runtime_error with one sentence.
void make_self_signed(const TlsFiles& files, const std::vector<std::string>& hosts, Time now);

}  // namespace latchkey::http
