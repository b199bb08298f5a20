// What decides, wired from the ground up and loaded: all that `latchkey init` needs, and the lower half of
// the server.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>

#include "authority/authority.hpp"
#include "authority/feed.hpp"
#include "base/time.hpp"
#include "store/store.hpp"
#include "verify/index.hpp"

namespace latchkey::app {

struct Decisions {
  // Throws store::Error with one sentence that says what to do. `disk_failed`: store.hpp.
  Decisions(const std::filesystem::path& data, unsigned readers, std::function<void()> disk_failed = {},
            authority::Settings settings = {})
      : index(readers),
        feed(index.writer()),
        store(data, clock, std::move(disk_failed)),
        authority{store, feed, clock, std::move(settings)} {
    feed.start(store);
  }

  Clock clock;
  verify::Index index;
  authority::Feed feed;
  store::Store store;  // below the feed: its writer thread ends first
  authority::Authority authority;
};

}  // namespace latchkey::app
