// Answers that Git shows to people: text/plain, each line behind "remote:" (clients.md's refusals at
// info/refs). Pure; any thread. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "base/refusal.hpp"
#include "http/message.hpp"
#include "store/errors.hpp"

namespace latchkey::git {

// `text` tells its reader what to do.
[[nodiscard]] http::Response plain(int status, std::string text);
// The same, to be repeated a little later.
[[nodiscard]] http::Response try_again(std::string text);

[[nodiscard]] http::Response refused(const Refusal& refusal);
[[nodiscard]] http::Response failed(const store::Error& error);

}  // namespace latchkey::git
