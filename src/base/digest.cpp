// SPDX-License-Identifier: Apache-2.0

// The plain functions are called deprecated since OpenSSL 3, whose own interface allocates. These neither
// allocate nor fail, and use the processor's SHA instructions: 0.2 µs for a token, libsodium 0.75.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include <algorithm>

#include "base/check.hpp"

namespace latchkey {

Digest::Digest(std::span<const std::byte> bytes) noexcept {
  LATCHKEY_ASSERT(bytes.size() == size);
  std::ranges::copy(bytes, bytes_.begin());
}

Digest Digest::of(std::string_view text) noexcept {
  static_assert(SHA256_DIGEST_LENGTH == size);
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.bytes_.data()), &context);
  explicit_bzero(&context, sizeof context);  // it holds the end of what may be a secret
  return digest;
}

bool Digest::operator==(const Digest& other) const noexcept {
  return CRYPTO_memcmp(bytes_.data(), other.bytes_.data(), size) == 0;
}

}  // namespace latchkey
