// SPDX-License-Identifier: Apache-2.0
#include "api/subjects.hpp"

#include "api/fields.hpp"

namespace latchkey::api {

namespace json = boost::json;

namespace {

constexpr std::size_t subjects_most = 100;

std::optional<store::Grantee> grantee_from(const json::value& value) {
  if (!value.is_object()) return {};
  const auto id = Uuid::parse(text_field(value.get_object(), "id").value_or(""));
  return id ? store::grantee_of(text_field(value.get_object(), "kind").value_or(""), *id) : std::nullopt;
}

}  // namespace

json::object subject_shape(const authority::Subject& subject) {
  return {{"kind", store::kind_of(subject.grantee)},
          {"id", store::id_of(subject.grantee).text()},
          {"name", subject.name},
          {"broken", subject.broken}};
}

json::array subject_shapes(const std::vector<authority::Subject>& subjects) {
  json::array shapes;
  for (const auto& subject : subjects) shapes.push_back(subject_shape(subject));
  return shapes;
}

std::vector<store::Grantee> subjects_field(const json::object& body, std::string_view name) {
  const auto* const value = find_field(body, name);
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().size() > subjects_most)
    refuse_value(name, "must be a list of at most " + std::to_string(subjects_most) + " users and groups");
  std::vector<store::Grantee> grantees;
  for (const auto& element : value->get_array()) {
    const auto grantee = grantee_from(element);
    if (!grantee) refuse_value(name, R"(must be a list of {"kind": "user" or "group", "id": …})");
    grantees.push_back(*grantee);
  }
  return grantees;
}

}  // namespace latchkey::api
