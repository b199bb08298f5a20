// SPDX-License-Identifier: Apache-2.0
#include "verify/credential.hpp"

#include <string.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/encoding.hpp"
#include "token/alphabet.hpp"

namespace latchkey::verify {
namespace {

constexpr std::size_t user_size_max = 4096;
constexpr std::size_t pair_size_max =
    std::size_t{12} * 1024;  // decoded: the most that a head of 16 KiB can hold

// A Basic pair, decoded; wiped when it goes.
class Pair {
 public:
  Pair() noexcept {
  }  // leaves bytes_ as they are: clearing 12 KiB for each request would cost more than all else
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() { explicit_bzero(bytes_.data(), size_); }

  // Reads base64 (RFC 4648 section 4) with all of its padding or none. False where it is none, too long, has
  // no colon, or holds a control character. The first colon ends the user name; a password may hold further
  // ones.
  [[nodiscard]] bool read(std::string_view text) noexcept;
  [[nodiscard]] std::string_view user() const noexcept { return whole().substr(0, colon_); }
  [[nodiscard]] std::string_view password() const noexcept { return whole().substr(colon_ + 1); }

 private:
  [[nodiscard]] std::string_view whole() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] bool decode(std::string_view text) noexcept;

  std::array<char, pair_size_max + 1> bytes_;  // one more: a group is stored as four bytes
  std::size_t size_ = 0, colon_ = 0;
};

bool Pair::decode(std::string_view text) noexcept {
  const auto last = text.find_last_not_of('=');
  const std::size_t size = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t padding = text.size() - size;
  if (size % 4 == 1 || (padding != 0 && padding != (4 - size % 4) % 4)) return false;
  if ((size + 3) / 4 * 3 > pair_size_max) return false;
  std::uint32_t flags = 0;
  const auto put = [&](const char* characters, std::size_t bytes) {
    const std::uint32_t group = token::base64_group(characters);
    flags |= group;
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(&bytes_[size_], &group, sizeof group);
    size_ += bytes;
  };
  std::size_t at = 0;
  for (; at + 4 <= size; at += 4) put(&text[at], 3);
  if (const auto rest = text.substr(at, size - at); !rest.empty()) {
    std::array<char, 4> group{'A', 'A', 'A', 'A'};
    std::ranges::copy(rest, group.begin());
    put(group.data(), rest.size() - 1);
    explicit_bzero(group.data(), group.size());
  }
  return (flags & token::not_base64) == 0;
}

bool Pair::read(std::string_view text) noexcept {
  if (!decode(text)) return false;
  bool control = false;
  for (const char c : whole()) control |= static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  colon_ = whole().find(':');
  return !control && colon_ != std::string_view::npos && colon_ <= user_size_max;
}

// A part of a pair, if it has a token's length.
std::string_view candidate(std::string_view part) noexcept {
  return part.size() == token::text_size ? part : std::string_view();
}

// Whether a text is meant as a token, a mistyped one too.
bool is_token_like(std::string_view text) noexcept {
  const auto parsed = token::parse(text);
  return parsed.has_value() || parsed.error() == token::Malformed::checksum;
}

struct Parts {
  std::string_view scheme, value;
};
Parts parts_of(std::string_view header) noexcept {
  const auto scheme = header.substr(0, header.find(' '));
  auto value = header.substr(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return {scheme, value};
}

}  // namespace

Credential::~Credential() { explicit_bzero(text_.data(), text_.size()); }

void Credential::read(std::string_view header, bool present) noexcept {
  if (kind_ == Kind::token) explicit_bzero(text_.data(), text_.size());  // one that was read before
  kind_ = present ? Kind::malformed : Kind::none;
  basic_ = false;
  if (!present) return;

  const auto [scheme, value] = parts_of(header);
  if (same_ascii(scheme, "Basic")) {
    basic_ = true;
    read_basic(value);
  } else if (same_ascii(scheme, "Bearer") && value.size() == token::text_size) {
    take(value);
  }
}

void Credential::read_basic(std::string_view encoded) noexcept {
  Pair pair;
  if (!pair.read(encoded)) return;
  const auto user = candidate(pair.user());
  const auto secret = pair.password().empty() ? user : candidate(pair.password());
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

std::optional<PasswordPair> read_password(std::string_view header) {
  Credential credential;
  credential.read(header, true);
  Pair pair;
  if (credential.kind() != Credential::Kind::password || !pair.read(parts_of(header).value) ||
      pair.user().empty() || pair.password().empty())
    return std::nullopt;
  return PasswordPair{std::string(pair.user()), Secret(std::string(pair.password()))};
}

}  // namespace latchkey::verify
