// The metrics, as Prometheus reads them (docs/operations.md lists each). Everything is only read here; what
// is counted, and where, is the business of the room that counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <string>

#include "api/counters.hpp"
#include "base/pool.hpp"
#include "git/git.hpp"
#include "http/message.hpp"
#include "store/store.hpp"
#include "verify/index.hpp"

namespace latchkey::app {

struct Measured {
  const std::deque<api::Counters>& reactors;
  const verify::Index& index;
  const store::Store& store;
  Pool& pool;
  const git::Git& git;
};

// The text format, version 0.0.4. Any thread.
[[nodiscard]] std::string metrics_text(const Measured& measured);

// Serves GET /metrics, and nothing else, at once on its reactor: the pool may be what is full.
[[nodiscard]] http::Entry metrics_entry(const Measured& measured);

}  // namespace latchkey::app
