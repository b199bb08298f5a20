// Goal: a secret's bytes exist in one place and are gone after it; a token's text is masked wherever it
// stands. Method: the memory of moved-from and wiped objects is looked at, short texts (kept inside
// std::string) and long ones.
// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <ostream>
#include <type_traits>

namespace latchkey {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Comparable = requires(const T& value) { value == value; };
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(!Printable<Secret> && !Comparable<Secret>);

template <class Object>
bool holds(const Object& object, std::string_view text) {
  std::string memory(sizeof object, '\0');
  std::memcpy(memory.data(), static_cast<const void*>(&object), sizeof object);
  return memory.contains(text);
}

TEST(Secret, leaves_nothing_behind_when_a_short_one_is_moved) {
  Secret from(std::string("hunter2-short"));
  ASSERT_TRUE(holds(from, "hunter2-short"));
  Secret to(std::move(from));
  EXPECT_FALSE(holds(from, "unter2"));
  EXPECT_EQ(to.reveal(), "hunter2-short");
  Secret assigned(std::string("old"));
  assigned = std::move(to);
  EXPECT_FALSE(holds(to, "unter2"));
  EXPECT_EQ(assigned.reveal(), "hunter2-short");
}

TEST(Secret, is_empty_after_a_move) {
  Secret from(std::string(100, 's'));
  const Secret to(std::move(from));
  EXPECT_TRUE(from.empty());
  EXPECT_EQ(to.reveal(), std::string(100, 's'));
}

TEST(Secret, keeps_its_text_when_assigned_to_itself) {
  Secret secret(std::string("hunter2"));
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(Wipe, overwrites_the_whole_capacity) {
  std::string text(100, 's');
  text.resize(10);  // ninety more are still there, behind its end
  const char* const begin = text.data();
  const std::size_t capacity = text.capacity();
  wipe(text);
  EXPECT_TRUE(text.empty());
  ASSERT_EQ(text.data(), begin);
  EXPECT_TRUE(std::all_of(begin, begin + capacity, [](char c) { return c == '\0'; }));
}

const std::string token = std::string(52, 'a') + "JQQJ99AK" + std::string(24, 'b');

TEST(Masked, replaces_each_token) {
  EXPECT_EQ(masked(token), "[token]");
  EXPECT_EQ(masked("https://" + token + "@host/?a=" + token + "&b"), "https://[token]@host/?a=[token]&b");
  EXPECT_EQ(masked(token + token), "[token][token]");
}

TEST(Masked, finds_a_token_inside_a_longer_word) {
  EXPECT_EQ(masked("xyz" + token + "uvw"), "xyz[token]uvw");
  EXPECT_EQ(masked("\xc3\xa4" + token + "\n"), "\xc3\xa4[token]\n");
}

TEST(Masked, hides_all_of_a_token_whose_secret_holds_the_mark_too) {
  std::string tricky = token;
  tricky.replace(30, 5, "JQQJ9");
  EXPECT_EQ(masked(std::string(40, 'x') + tricky), std::string(18, 'x') + "[token]");
  tricky.replace(30, 5, "aaaaa").replace(79, 5, "JQQJ9");
  EXPECT_EQ(masked(tricky + "."), "[token].");
}

TEST(Masked, leaves_everything_else_alone) {
  for (const std::string& text : {std::string(), std::string("JQQJ9"), token.substr(1), token.substr(0, 83),
                                  std::string(84, 'a'), token.substr(0, 40) + "-" + token.substr(41)}) {
    EXPECT_EQ(masked(text), text);
  }
}

}  // namespace
}  // namespace latchkey
