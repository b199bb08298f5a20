// Whatever comes as a JSON body: it is an object or refused as malformed, without a word of it; each of its
// fields is read by each reader, in any case of its name, or refused by that name.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "api/fields.hpp"
#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/refusal.hpp"

using namespace latchkey;

namespace {

constexpr api::EnumValue values[] = {{0, "none"}, {1, "inProgress"}, {2, "completed"}, {-4, "all"}};

// Reads, or is refused by the field's name.
template <class Read>
void check_reader(std::string_view name, Read read) {
  try {
    static_cast<void>(read());
  } catch (const Refusal& refusal) {
    LATCHKEY_ASSERT(refusal.code() == RefusalCode::invalid_value && refusal.field() == name);
  }
}

void check_field(const boost::json::object& object, std::string_view name) {
  std::string upper(name);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  LATCHKEY_ASSERT(api::find_field(object, upper) == api::find_field(object, name));
  check_reader(name, [&] { return api::text_field(object, name); });
  check_reader(name, [&] { return api::bool_field(object, name); });
  check_reader(name, [&] { return api::number_field(object, name); });
  check_reader(name, [&] { return api::enum_field(object, name, values); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  boost::json::object object;
  try {
    object = api::parse_object(body);
  } catch (const Refusal& refusal) {
    LATCHKEY_ASSERT(refusal.code() == RefusalCode::malformed_request && refusal.message().size() < 100);
    return 0;
  }
  for (const auto& member : object) check_field(object, member.key());
  return 0;
}
