// What the audit tells of: one table of actions, with the kind of each and the sentence that its event is
// shown as. An action that is recorded is a row of it (a test reads the sources). Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace latchkey::authority {

enum class AuditCategory : std::uint8_t { unknown = 0, modify, remove, create, access, execute };

struct AuditAction {
  std::string_view id;  // "Token.PatCreateEvent"; the area is what stands before the dot
  AuditCategory category{};
  std::string_view details;  // {Name}: that member of the event's data

  [[nodiscard]] constexpr std::string_view area() const noexcept { return id.substr(0, id.find('.')); }
};
[[nodiscard]] std::span<const AuditAction> audit_actions() noexcept;
// For an action that is none of them: of its area, unknown, shown by its name.
[[nodiscard]] AuditAction audit_action(std::string_view id) noexcept;
[[nodiscard]] std::string_view category_name(AuditCategory category) noexcept;
// The sentence. What the data does not hold is left out.
[[nodiscard]] std::string audit_details(const AuditAction& action, const boost::json::object& data);

}  // namespace latchkey::authority
