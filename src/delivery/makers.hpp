// What made a token, where it was not a person who knew: told by its name and by the program that asked for
// it, so that who reads of it understands what happened. Names are those that Azure DevOps' own list of
// unexpected tokens has. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace latchkey::delivery {

enum class Maker : std::uint8_t {
  person = 1,
  git_credential_manager,
  service_hook,
  oauth_client,
  command_line,
  teams,
  load_test,
};

struct MadeBy {
  Maker maker = Maker::person;
  std::string machine{};  // git_credential_manager: where, as the name says it
};
// `way`: store::Token::made_by.
[[nodiscard]] MadeBy maker_of(std::string_view name, std::string_view agent, std::string_view way);

}  // namespace latchkey::delivery
