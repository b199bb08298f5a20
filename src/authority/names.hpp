// Names and other short texts from people: each function returns the text as it is kept (NFC, without blanks
// at its ends) or throws a Refusal whose sentence states the rule. None lets a control character or a token's
// text in (P2).
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/refusal.hpp"
#include "base/role.hpp"
#include "base/secret.hpp"

namespace latchkey::authority {

// What a text is called in sentences, the field that bears it, and its bounds in characters.
struct TextRule {
  std::string_view what, field;
  std::size_t longest = 100;
  std::size_t shortest = 1;
  RefusalCode code = RefusalCode::invalid_value;
};
[[nodiscard]] std::string checked_text(std::string_view text, const TextRule& rule);

[[nodiscard]] std::string token_name(std::string_view text);  // display_name_required, invalid_display_name
[[nodiscard]] std::string person_name(std::string_view text);
[[nodiscard]] std::string email_address(std::string_view text);
[[nodiscard]] std::string organization_name(std::string_view text, std::string_view field = "name");
// part of every URL: letters, digits, hyphens
[[nodiscard]] std::string project_name(std::string_view text);  // Azure DevOps' restrictions
[[nodiscard]] std::string repository_name(
    std::string_view text);  // the same, so that one may bear its project's

[[nodiscard]] std::string_view name_of(Role role);  // "reader"; invalid_value for what is none

// 12 to 200 characters; nothing else is asked of a password.
void check_new_password(const Secret& password, std::string_view field);

}  // namespace latchkey::authority
