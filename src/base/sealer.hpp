// Sealer: secrets that must be read again (the key of a webhook, the token of a collector) and so can't be
// digests: XChaCha20-Poly1305 under a key in a file of its own (0600), which is made when it is first needed.
// Whoever has the database without that file has nothing. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.hpp"
#include "base/secret.hpp"

namespace latchkey {

class Sealer {
 public:
  explicit Sealer(std::filesystem::path key_file) : key_file_(std::move(key_file)) {}

  // Text that open() takes back, for the same `owner` alone. Throws std::runtime_error when the key can't be
  // read or made.
  [[nodiscard]] std::string seal(const Secret& secret, std::string_view owner);
  // Nothing: sealed under another key, for another owner, or changed.
  [[nodiscard]] std::optional<Secret> open(std::string_view sealed, std::string_view owner);

 private:
  // Reads or makes it the first time.
  [[nodiscard]] std::string_view key() LATCHKEY_REQUIRES(mutex_);
  std::filesystem::path key_file_;
  Mutex mutex_;
  Secret key_ LATCHKEY_GUARDED_BY(mutex_);
};

// HMAC-SHA-256 in hexadecimal (RFC 2104).
[[nodiscard]] std::string hmac_hex(const Secret& key, std::string_view text);

}  // namespace latchkey
