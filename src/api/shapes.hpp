// What several areas show of the same things: links, projects, people. Links come from the public URL alone.
// Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.hpp"
#include "store/directory.hpp"
#include "store/projects.hpp"

namespace latchkey::api {

// "{public URL}/{organization}/a/b": each segment encoded. REQUIRES: a call in an organization.
[[nodiscard]] std::string link(const Call& call, std::initializer_list<std::string_view> segments);
// TeamProjectReference, IdentityRef.
[[nodiscard]] boost::json::object project_shape(const Call& call, const store::Project& project);
[[nodiscard]] boost::json::object person_shape(const Call& call, const store::User& user);

// Of ids separated by blanks.
[[nodiscard]] boost::json::array ids_of(std::string_view text);
// {id, email, displayName}: a person in our own routes.
[[nodiscard]] boost::json::object plain_person_shape(const store::User& user);

// "enabled", "disabled", "invited": without a password yet.
[[nodiscard]] std::string_view state_name(const store::User& user) noexcept;
[[nodiscard]] std::string_view role_name(Role role) noexcept;
// [{id, name, role}]
[[nodiscard]] boost::json::array membership_shapes(const std::vector<store::Membership>& memberships);

// The project of the URL, if it names one; else of the body's `project` ({"id"} or {"name"}).
[[nodiscard]] std::optional<std::string_view> url_project(const Call& call) noexcept;
[[nodiscard]] std::string project_of(const Call& call, const boost::json::object& body);

}  // namespace latchkey::api
