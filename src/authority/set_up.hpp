// The set-up: while nobody is in the database, whoever holds the code that went to the server's terminal may
// make the administrator and the first organization. The code is good once, for half an hour.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <string_view>

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace latchkey::authority {

constexpr std::chrono::minutes set_up_lasts{30};

class SetUp {
 public:
  // Opens it, and gives the code. Once, before any other thread asks.
  [[nodiscard]] Secret open(Time now);
  // The server waits for it. Any thread.
  [[nodiscard]] bool is_open() const noexcept { return open_; }
  // Compares in constant time. Any thread.
  [[nodiscard]] bool accepts(std::string_view code, Time now) const noexcept;
  void close() noexcept { open_ = false; }

 private:
  std::atomic<bool> open_ = false;
  Digest code_;
  Time ends_at_;
};

}  // namespace latchkey::authority
