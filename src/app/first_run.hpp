// The first run: the first organization and its administrator, whose generated password is shown once on the
// terminal, else written into DATA/initial-password (0600). Main thread only.
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
// Throws Refusal when there is an organization already.
void first_run(authority::Authority& authority, const std::filesystem::path& data, FirstRunRequest request);

}  // namespace latchkey::app
