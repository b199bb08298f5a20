// Counters: what one reactor counts: the uses of tokens (for the ledger), verdicts and latencies (for the
// metrics). It and the pool's jobs for it add; whoever watches reads. No lock, and no allocation for what was
// seen before.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "api/route.hpp"
#include "authority/use_counts.hpp"
#include "base/counters.hpp"
#include "verify/verdict.hpp"

namespace latchkey::api {

// Microseconds.
inline constexpr std::array<std::uint64_t, 14> latency_bounds{
    10, 25, 50, 100, 250, 1'000, 2'500, 10'000, 25'000, 100'000, 250'000, 1'000'000, 10'000'000, 60'000'000};
using Latencies = Histogram<latency_bounds>;

struct Counters {
  // `timed`: measure latencies, which costs two looks at the clock for each request.
  explicit Counters(bool measure) : timed(measure), latencies(routes().size()) {}

  const bool timed;
  authority::UseCounts uses;
  Counter accepted, unavailable;
  std::array<Counter, std::size_t{verify::last_reason} + 1> refused;  // by reason
  std::vector<Latencies> latencies;                                   // by the row of routes()
};

// From a request's head to its answer; of a stream, to its end.
class Stopwatch {
 public:
  void stop(Latencies& latencies) const noexcept {
    const auto took = std::chrono::steady_clock::now() - began_;
    latencies.add(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace latchkey::api
