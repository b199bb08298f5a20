// Goal: a kept password is an argon2id hash at the promised cost, which only the password matches. Slow
// by design: each hash takes 64 MiB and a tenth of a second. Method: the few hashes that are needed,
// each used for much.
// SPDX-License-Identifier: Apache-2.0
#include "base/password.hpp"

#include <gtest/gtest.h>

#include <set>

namespace latchkey {
namespace {

TEST(Password, matches_its_hash_and_no_other_does_slow) {
  const Secret password(std::string("correct horse\0battery", 21));
  const std::string kept = hash_password(password);
  EXPECT_TRUE(kept.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << kept;
  EXPECT_FALSE(kept.contains("horse"));
  EXPECT_TRUE(password_matches(kept, password));
  EXPECT_FALSE(password_matches(kept, Secret(std::string("correct horse"))));
  EXPECT_FALSE(password_matches(kept, Secret()));
  EXPECT_NE(hash_password(password), kept) << "no salt";
}

TEST(Password, matches_nothing_that_is_no_hash) {
  for (const auto* kept : {"", "x", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$AAAA"}) {
    EXPECT_FALSE(password_matches(kept, Secret(std::string("x")))) << kept;
  }
}

TEST(Password, check_of_nobody_is_at_todays_cost_slow) {
  spend_a_password_check(
      Secret(std::string("anything")));  // ends the process if the constant hash is of another cost
}

TEST(GeneratePassword, gives_24_characters_of_base64url_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Secret password = generate_password();
    EXPECT_EQ(password.reveal().size(), 24u);
    EXPECT_EQ(password.reveal().find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string_view::npos);
    EXPECT_TRUE(seen.emplace(password.reveal()).second);
  }
}

}  // namespace
}  // namespace latchkey
