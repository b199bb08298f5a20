// First passwords: the administrator's of the first run, and that of a user who has lost theirs. A generated
// one is shown once on the terminal, else written into DATA/initial-password (0600); it is good for one
// sign-in within 30 minutes, which replaces it. Main thread only.
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
  std::string address;             // where to sign in, or empty
};
// The first organization and its administrator. Throws Refusal when there is an organization already.
void first_run(authority::Authority& authority, const std::filesystem::path& data, FirstRunRequest request);

// Throws Refusal when there is no such user.
void reset_password(authority::Authority& authority, const std::filesystem::path& data,
                    const std::string& email);

}  // namespace latchkey::app
