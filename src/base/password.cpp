// SPDX-License-Identifier: Apache-2.0
#include "base/password.hpp"

#include <sodium.h>

#include <array>
#include <cstddef>
#include <new>
#include <semaphore>

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace latchkey {
namespace {

constexpr unsigned long long passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr std::size_t memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

// Nobody's password, at the cost above. A constant, so that the first check after a start takes no longer.
constexpr const char* nobodys_hash =
    "$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5J3Mgc2FsdC4uLg$bm9ib2R5J3MgcGFzc3dvcmQ6IG5vdGhpbmcgbWF0Y2g";

// A turn at hashing. Each hash takes 64 MiB and a core for a while: two at once leave room for everyone else.
class Turn {
 public:
  Turn() { turns_.acquire(); }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  static inline std::counting_semaphore<2> turns_{2};
};

void start_libsodium() {
  static const bool ready = sodium_init() >= 0;
  LATCHKEY_ASSERT(ready);
}

bool matches(const char* kept, const Secret& password) {
  start_libsodium();
  const Turn turn;
  return crypto_pwhash_str_verify(kept, password.reveal().data(), password.reveal().size()) == 0;
}

}  // namespace

std::string hash_password(const Secret& password) {
  start_libsodium();
  const Turn turn;
  std::array<char, crypto_pwhash_STRBYTES> kept{};
  if (crypto_pwhash_str(kept.data(), password.reveal().data(), password.reveal().size(), passes, memory) !=
      0) {
    throw std::bad_alloc();
  }
  return kept.data();
}

bool password_matches(const std::string& kept, const Secret& password) {
  return matches(kept.c_str(), password);
}

void spend_a_password_check(const Secret& password) {
  LATCHKEY_ASSERT(crypto_pwhash_str_needs_rehash(nobodys_hash, passes, memory) == 0);
  LATCHKEY_ASSERT(!matches(nobodys_hash, password));
}

Secret generate_password() {
  std::array<std::byte, 18> bytes{};
  fill_random(bytes);
  Secret password(base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  sodium_memzero(bytes.data(), bytes.size());
  return password;
}

}  // namespace latchkey
