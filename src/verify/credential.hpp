// What the Authorization header presents (token.md, How a request presents it). Reads bytes, not text: user
// names arrive as Latin-1 and UTF-8. The user name never decides who the caller is. Pure, noexcept, no
// allocation; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "token/text.hpp"

namespace latchkey::verify {

// A credential of a token's length, copied out of the header; wiped when it goes.
class Credential {
 public:
  enum class Kind : std::uint8_t {
    none = 1,   // no Authorization header
    malformed,  // one that can't be read, or a Bearer one that has not a token's length
    token,      // text() is a candidate of 84 characters
    password,   // a well-formed Basic pair whose secret is no token: for sign-in by password, where that is
                // allowed
  };

  Credential() noexcept = default;
  Credential(const Credential&) = delete;
  Credential& operator=(const Credential&) = delete;
  ~Credential();

  // `present` tells an absent header from an empty one.
  void read(std::string_view header, bool present) noexcept;
  // A text by itself, which another asks about. REQUIRES: nothing was read before.
  void take(std::string_view text) noexcept;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool basic() const noexcept { return basic_; }
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), token::text_size}; }

 private:
  void read_basic(std::string_view encoded) noexcept;

  Kind kind_ = Kind::none;
  bool basic_ = false;
  std::array<char, token::text_size> text_{};
};

// What a header of the kind `password` holds; nothing for any other, or where one half is empty. Apart from
// Credential, which has no room for it, and allocates nothing.
struct PasswordPair {
  std::string user;
  Secret password;
};
[[nodiscard]] std::optional<PasswordPair> read_password(std::string_view header);

}  // namespace latchkey::verify
