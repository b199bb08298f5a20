// ProvenPasswords: which passwords were found good in the past minutes, so that a client that sends one with
// each of its requests (Git sends several for one clone) costs one argon2id and not one for each.
//
// What is remembered is that a password is the one of which a text is kept, and nothing else: a fact of these
// two alone, which no change can make wrong. A changed password has another text kept, and is asked anew;
// whether its user is enabled, a member, or may use passwords at all is never remembered.
//
// A pair is remembered as a digest under a random key of this process; memory is fixed, and two pairs that
// share a place take it from one another.
//
// Blocking: pool threads only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/mutex.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace latchkey::authority {

class ProvenPasswords {
 public:
  static constexpr std::chrono::minutes remembered_for{5};
  // How many may check or wait for it at once: half of the pool, so that passwords leave the other to tokens.
  static constexpr std::size_t checks_most = 16;

  ProvenPasswords();

  // What is remembered of a password and the text that is kept of it.
  [[nodiscard]] Digest pair(std::string_view kept, const Secret& password) const;
  // Whether the pair is remembered, or else `check` finds it good, which is asked by one at a time for each
  // pair. Nothing: there is none that could be good, and none to remember; `check` is asked all the same.
  // Throws Refusal{busy} where too many check, and what `check` throws.
  [[nodiscard]] bool prove(Time now, const std::optional<Digest>& pair, const std::function<bool()>& check);

 private:
  struct Place {
    Digest pair;
    Time until{};
  };
  class Check;  // one that is under way
  [[nodiscard]] static std::size_t place_of(const Digest& pair) noexcept;
  [[nodiscard]] bool remembers(const Digest& pair, Time now) const LATCHKEY_REQUIRES(mutex_);
  [[nodiscard]] bool is_checked(const Digest& pair) const LATCHKEY_REQUIRES(mutex_);

  std::array<std::byte, 32> key_{};
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Place> places_ LATCHKEY_GUARDED_BY(mutex_);
  std::size_t waiting_ LATCHKEY_GUARDED_BY(mutex_) = 0;  // those that check, too
  std::vector<Digest> checked_ LATCHKEY_GUARDED_BY(mutex_);
};

}  // namespace latchkey::authority
