// Users and groups that something names: how they are sent, and how they are told. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "authority/groups.hpp"

namespace latchkey::api {

// {kind, id, name, broken}
[[nodiscard]] boost::json::object subject_shape(const authority::Subject& subject);
[[nodiscard]] boost::json::array subject_shapes(const std::vector<authority::Subject>& subjects);
// A list of {kind, id}; none where it is left out. Throws Refusal{invalid_value} for more than 100.
[[nodiscard]] std::vector<store::Grantee> subjects_field(const boost::json::object& body,
                                                         std::string_view name);

}  // namespace latchkey::api
