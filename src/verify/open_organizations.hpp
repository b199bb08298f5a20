// The open organizations, by name and by id. There are few, so a change of one replaces all of it; once it is
// published it never changes. Const calls from any thread; they allocate nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.hpp"
#include "verify/use_rules.hpp"

namespace latchkey::verify {

class OpenOrganizations {
 public:
  void add(const OrganizationId& id, const std::string& name_key, std::shared_ptr<const UseRules> rules) {
    names_.emplace(id, name_key);
    if (rules) rules_.emplace(id, std::move(rules));
    // A name that two claim, for an instant between their changes, is nobody's.
    if (const auto [claimed, is_first] = ids_.try_emplace(name_key, id); !is_first) claimed->second.reset();
  }

  [[nodiscard]] std::optional<OrganizationId> find(std::string_view name_key) const noexcept {
    const auto found = ids_.find(name_key);
    return found == ids_.end() ? std::nullopt : found->second;
  }
  // Its folded name; nothing: it is not open.
  [[nodiscard]] std::optional<std::string_view> name_of(const OrganizationId& id) const noexcept {
    const auto found = names_.find(id);
    return found == names_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }

  // Null: it has none.
  [[nodiscard]] const UseRules* rules_of(const OrganizationId& id) const noexcept {
    if (rules_.empty()) return nullptr;
    const auto found = rules_.find(id);
    return found == rules_.end() ? nullptr : found->second.get();
  }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>()(name);
    }
  };
  boost::unordered_flat_map<std::string, std::optional<OrganizationId>, NameHash, std::equal_to<>> ids_;
  boost::unordered_flat_map<OrganizationId, std::string, std::hash<OrganizationId>> names_;
  boost::unordered_flat_map<OrganizationId, std::shared_ptr<const UseRules>, std::hash<OrganizationId>>
      rules_;
};

}  // namespace latchkey::verify
