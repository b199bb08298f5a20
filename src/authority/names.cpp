// SPDX-License-Identifier: Apache-2.0
#include "authority/names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

namespace latchkey::authority {
namespace {

constexpr std::string_view forbidden_in_resources = R"(/:\~&%;@'"?<>|#$*}{,+=[])";
constexpr std::size_t resource_name_longest = 64;
constexpr std::size_t password_shortest = 12, password_longest = 200;

// Names that Azure DevOps keeps for itself, and those of devices: a working copy may be a folder of that
// name.
constexpr std::array<std::string_view, 36> reserved_resources{"App_Browsers",
                                                              "App_Code",
                                                              "App_Data",
                                                              "App_GlobalResources",
                                                              "App_LocalResources",
                                                              "App_Themes",
                                                              "App_WebResources",
                                                              "bin",
                                                              "web.config",
                                                              "DefaultCollection",
                                                              "Server",
                                                              "SignalR",
                                                              "Web",
                                                              "AUX",
                                                              "CON",
                                                              "NUL",
                                                              "PRN",
                                                              "COM1",
                                                              "COM2",
                                                              "COM3",
                                                              "COM4",
                                                              "COM5",
                                                              "COM6",
                                                              "COM7",
                                                              "COM8",
                                                              "COM9",
                                                              "COM10",
                                                              "LPT1",
                                                              "LPT2",
                                                              "LPT3",
                                                              "LPT4",
                                                              "LPT5",
                                                              "LPT6",
                                                              "LPT7",
                                                              "LPT8",
                                                              "LPT9"};
// The first segments of this server's own URLs.
constexpr std::array<std::string_view, 8> reserved_organizations{"tfs",   "healthz", "readyz", "metrics",
                                                                 "oauth", "assets",  "static", "api"};

bool is_reserved(std::string_view name, std::span<const std::string_view> reserved) {
  return std::ranges::any_of(reserved, [&](std::string_view one) { return same_ascii(one, name); });
}

std::string_view without_outer_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

[[noreturn]] void refuse(const TextRule& rule, const std::string& sentence) {
  throw Refusal(rule.code, std::string(rule.what) + " " + sentence, std::string(rule.field));
}

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string resource_name(std::string_view text, const TextRule& rule) {
  std::string name = checked_text(text, rule);
  if (name.find_first_of(forbidden_in_resources) != std::string::npos)
    refuse(rule, "must not contain any of / : \\ ~ & % ; @ ' \" ? < > | # $ * } { , + = [ ].");
  if (name.front() == '_' || name.front() == '.' || name.back() == '_' || name.back() == '.')
    refuse(rule, "must not begin or end with a dot or an underscore.");
  if (name.contains("..")) refuse(rule, "must not contain two dots in a row.");
  // Git asks for NAME and NAME.git alike, so they can't be two repositories.
  if (name.size() >= 4 && same_ascii(std::string_view(name).substr(name.size() - 4), ".git"))
    refuse(rule, "must not end with \".git\".");
  if (is_reserved(name, reserved_resources)) refuse(rule, "is a reserved one. Choose another.");
  if (Uuid::parse(name)) refuse(rule, "must not have the form of an id.");
  return name;
}

}  // namespace

std::string checked_text(std::string_view text, const TextRule& rule) {
  const auto kept = normalized(without_outer_blanks(text));
  if (!kept) refuse(rule, "must be UTF-8 text without control characters.");
  const std::size_t count = characters(*kept);
  if (count < rule.shortest || count > rule.longest)
    refuse(rule, "must have " + std::to_string(rule.shortest) + " to " + std::to_string(rule.longest) +
                     " characters.");
  if (masked(*kept) != *kept)
    refuse(rule, "holds the text of a token. Take it out; tokens are shown to nobody.");
  return *kept;
}

std::string token_name(std::string_view text) {
  if (without_outer_blanks(text).empty())
    throw Refusal(RefusalCode::display_name_required, "Give the token a name.", "displayName");
  return checked_text(text, {"The token's name", "displayName", 100, 1, RefusalCode::invalid_display_name});
}

std::string person_name(std::string_view text) { return checked_text(text, {"The name", "displayName"}); }

std::string email_address(std::string_view text) {
  const TextRule rule{"The email address", "email", 254, 3};
  std::string address = checked_text(text, rule);
  const auto at = address.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == address.size() ||
      address.find('@', at + 1) != std::string::npos || address.contains(' '))
    refuse(rule, "must look like name@example.com.");
  return address;
}

std::string organization_name(std::string_view text, std::string_view field) {
  const TextRule rule{"The organization's name", field, 50};
  std::string name = checked_text(text, rule);
  if (!std::ranges::all_of(name, [](char c) { return letter_or_digit(c) || c == '-'; }) ||
      !letter_or_digit(name.front()) || !letter_or_digit(name.back()))
    refuse(rule, "may have letters, digits and hyphens, and begins and ends with a letter or digit.");
  if (is_reserved(name, reserved_organizations)) refuse(rule, "is a reserved one. Choose another.");
  return name;
}

std::string project_name(std::string_view text) {
  return resource_name(text, {"The project's name", "name", resource_name_longest});
}

std::string repository_name(std::string_view text) {
  return resource_name(text, {"The repository's name", "name", resource_name_longest});
}

void check_new_password(const Secret& password, std::string_view field) {
  // Counted here, for a normalized copy of it would be one more to wipe.
  const auto count = std::ranges::count_if(
      password.reveal(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  if (std::cmp_less(count, password_shortest) || std::cmp_greater(count, password_longest))
    throw Refusal(RefusalCode::invalid_value, "A password must have 12 to 200 characters.",
                  std::string(field));
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::reader:
      return "reader";
    case Role::contributor:
      return "contributor";
    case Role::administrator:
      return "administrator";
  }
  throw Refusal(RefusalCode::invalid_value, "A role is reader, contributor or administrator.", "role");
}

}  // namespace latchkey::authority
