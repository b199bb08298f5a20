// Passwords: argon2id (libsodium), at most two hashes at once on the machine's behalf. Blocking: pool threads only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "base/secret.hpp"

namespace latchkey {

// The text to keep: algorithm, cost and salt included (argon2id, 64 MiB, 2 passes).
[[nodiscard]] std::string hash_password(const Secret& password);
[[nodiscard]] bool password_matches(const std::string& kept, const Secret& password);
// As long as a real comparison takes, for a user that is not there: whether one exists can't be measured.
void spend_a_password_check(const Secret& password);
// 24 characters of base64url, 144 bits.
[[nodiscard]] Secret generate_password();

}  // namespace latchkey
