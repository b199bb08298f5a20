// SPDX-License-Identifier: Apache-2.0
#include "verify/credential.hpp"

#include <string.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "token/alphabet.hpp"

namespace latchkey::verify {
namespace {

constexpr std::size_t user_size_max = 4096;

// One half of a Basic pair: its length, and as much of its beginning as a token could need.
class Part {
 public:
  Part() noexcept = default;
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() { explicit_bzero(start_.data(), start_.size()); }

  void push(char c) noexcept {
    if (size_ < start_.size()) start_[size_] = c;
    ++size_;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  // The whole of it where it has a token's length, else nothing.
  [[nodiscard]] std::string_view candidate() const noexcept {
    return size_ == start_.size() ? std::string_view(start_.data(), size_) : std::string_view();
  }

 private:
  std::array<char, token::text_size> start_;
  std::size_t size_ = 0;
};

struct Pair {
  Part user, password;
  bool colon = false;

  // False for a control character. The first colon ends the user name; a password may hold further ones.
  bool push(unsigned char byte) noexcept {
    if (byte < 0x20 || byte == 0x7f) return false;
    if (byte == ':' && !colon) {
      colon = true;
      return true;
    }
    (colon ? password : user).push(static_cast<char>(byte));
    return true;
  }
};

// Base64 (RFC 4648 section 4) with all of its padding or none.
bool decode(std::string_view text, Pair& pair) noexcept {
  const auto last = text.find_last_not_of('=');
  const std::size_t size = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t padding = text.size() - size;
  if (size % 4 == 1 || (padding != 0 && padding != (4 - size % 4) % 4)) return false;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text.substr(0, size)) {
    const auto value = token::base64_value(c);
    if (value == token::no_base64) return false;
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (!pair.push(static_cast<unsigned char>(bits >> held & 0xff))) return false;
  }
  return pair.colon && pair.user.size() <= user_size_max;
}

// Whether a text is meant as a token, a mistyped one too.
bool is_token_like(std::string_view text) noexcept {
  const auto parsed = token::parse(text);
  return parsed.has_value() || parsed.error() == token::Malformed::checksum;
}

}  // namespace

Credential::~Credential() { explicit_bzero(text_.data(), text_.size()); }

void Credential::read(std::string_view header, bool present) noexcept {
  kind_ = present ? Kind::malformed : Kind::none;
  basic_ = false;
  explicit_bzero(text_.data(), text_.size());
  if (!present) return;

  const auto scheme = header.substr(0, header.find(' '));
  auto value = header.substr(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (same_ascii(scheme, "Basic")) {
    basic_ = true;
    read_basic(value);
  } else if (same_ascii(scheme, "Bearer") && value.size() == token::text_size) {
    take(value);
  }
}

void Credential::read_basic(std::string_view encoded) noexcept {
  Pair pair;
  if (!decode(encoded, pair)) return;
  const auto user = pair.user.candidate();
  const auto secret = pair.password.empty() ? user : pair.password.candidate();
  if (is_token_like(user) && user != secret) return;
  if (secret.empty())
    kind_ = Kind::password;
  else
    take(secret);
}

void Credential::take(std::string_view text) noexcept {
  kind_ = Kind::malformed;
  if (text.size() != token::text_size) return;
  std::ranges::copy(text, text_.begin());
  kind_ = Kind::token;
}

}  // namespace latchkey::verify
