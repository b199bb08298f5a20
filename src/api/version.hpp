// api-version, as Azure DevOps has it: in the query or in Accept; "{major}.{minor}[-{stage}[.{resource
// version}]]". Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "api/route.hpp"

namespace latchkey::api {

inline constexpr std::string_view oldest_version = "1.0", newest_version = "7.2", released_version = "7.1";

// What the request asks for, the query before Accept.
[[nodiscard]] std::optional<std::string> asked_version(const http::Head& head, const http::Parameters& query);

// Throws Refusal: version_missing, version_invalid, version_too_new, preview_flag_missing. A row without a
// resource version takes everything. A resource version newer than ours is answered as ours.
void check_version(const Route& route, http::Method method, const std::optional<std::string>& asked);

}  // namespace latchkey::api
