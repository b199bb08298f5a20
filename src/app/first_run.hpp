// How a server gets its first administrator: a set-up link, or `latchkey init`; and first passwords, the
// administrator's or that of a user who has lost theirs. What is generated is shown once on the terminal, else
// written into a file (0600); it is good once, within 30 minutes. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "authority/directory.hpp"

namespace latchkey::app {

struct FirstRunRequest {
  std::string organization, email;
  std::optional<Secret> password;  // none: a generated one
};
// The first organization and its administrator. Throws Refusal when there is an organization already.
void first_run(authority::Authority& authority, const std::filesystem::path& data, FirstRunRequest request);

// Of a server that nobody has set up: opens its set-up, and returns the line that shows the link; the link
// itself goes into DATA/set-up-link (0600) where no terminal is there. Empty where it is set up already.
[[nodiscard]] std::string open_set_up(authority::Authority& authority, const std::filesystem::path& data,
                                      const std::string& public_url);

// Throws Refusal when there is no such user.
void reset_password(authority::Authority& authority, const std::filesystem::path& data,
                    const std::string& email);

}  // namespace latchkey::app
