// Goal: identifiers are random version 4 UUIDs whose text form can be read back, and nothing else can be
// read. Method: round trips, the bits that RFC 9562 fixes, and each kind of broken text.
// SPDX-License-Identifier: Apache-2.0
#include "base/ids.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

namespace latchkey {
namespace {

static_assert(!std::is_convertible_v<UserId, TokenId> && !std::is_constructible_v<UserId, TokenId>);

TEST(Uuid, reads_what_it_writes) {
  for (int i = 0; i < 100; ++i) {
    const Uuid uuid = Uuid::random();
    EXPECT_EQ(Uuid::parse(uuid.text()), uuid);
    EXPECT_EQ(Uuid(uuid.bytes()), uuid);
  }
}

TEST(Uuid, has_the_text_form_of_rfc_9562) {
  const auto uuid = Uuid::parse("919108F7-52D1-4320-9BAC-F847DB4148A8");
  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(uuid->text(), "919108f7-52d1-4320-9bac-f847db4148a8");
  EXPECT_EQ(uuid->bytes()[0], std::byte{0x91});
  EXPECT_EQ(uuid->bytes()[15], std::byte{0xa8});
  EXPECT_EQ(Uuid().text(), "00000000-0000-0000-0000-000000000000");
}

TEST(Uuid, appends_its_text_to_what_is_there_however_little_room_is_left) {
  const auto uuid = *Uuid::parse("919108f7-52d1-4320-9bac-f847db4148a8");
  for (std::size_t before = 0; before < 100; ++before) {
    std::string text(before, 'x');
    text.shrink_to_fit();
    uuid.append_to(text);
    EXPECT_EQ(text, std::string(before, 'x') + "919108f7-52d1-4320-9bac-f847db4148a8");
  }
}

TEST(Uuid, is_version_4_when_random_and_never_the_same) {
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid uuid = Uuid::random();
    const std::string text = uuid.text();
    EXPECT_EQ(text[14], '4');
    EXPECT_TRUE(std::string_view("89ab").contains(text[19])) << text;
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

TEST(Uuid, rejects_everything_else) {
  const std::string good = "919108f7-52d1-4320-9bac-f847db4148a8";
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'g', '-', '+', ' ', '\0', 'x', '0'}) {
      std::string text = good;
      text[i] = c;
      const bool is_dash = good[i] == '-';
      const bool may_be_read = is_dash ? c == '-' : c == '0';
      EXPECT_EQ(Uuid::parse(text).has_value(), may_be_read) << text;
    }
  }
  for (const std::string& text : {std::string(), good + "0", good.substr(1), "{" + good + "}", " " + good,
                                  std::string("919108f752d143209bacf847db4148a8")}) {
    EXPECT_EQ(Uuid::parse(text), std::nullopt) << text;
  }
}

TEST(Id, can_be_kept_in_a_hash_table) {
  std::unordered_set<UserId> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(UserId::random());
  EXPECT_EQ(ids.size(), 1000u);
  EXPECT_TRUE(ids.contains(*UserId::parse(ids.begin()->text())));
}

}  // namespace
}  // namespace latchkey
