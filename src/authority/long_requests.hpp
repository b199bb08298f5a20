// LongRequests: what runs under a credential for longer than an instant (Git's transfers), so that whatever
// ends the credential reaches it, and no ref moves after the end was answered (revocation.md 6).
//
// A request is listed first and verified afterwards, and each change that could end it is told after the
// index has it: so either the verification sees the change, or the change finds the request in the list. The
// same with its window, in which refs may move: opened first, then verified. A decision is not answered while
// a window is open whose request was told of the decision's change, or of one before, and was not verified
// since.
//
// Threads: a LongRequest belongs to its reactor; tell() to the store's writer; wait_for_windows() to the
// pool.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "store/change.hpp"

namespace latchkey::authority {

class LongRequest;

class LongRequests {
 public:
  // Of `changes`, whose positions are `first` to `last`. REQUIRES: nobody acts any more on what was before
  // them.
  void tell(std::span<const store::Change> changes, store::Position first, store::Position last);
  // Until no ref moves any more under what the changes up to `position` have ended.
  void wait_for_windows(store::Position position);

 private:
  friend class LongRequest;
  [[nodiscard]] bool has_window_touched_by(store::Position position) const LATCHKEY_REQUIRES(mutex_);

  struct State {
    bool window = false;
    // The changes that it was told of since it was last verified: from where they begin, and the last.
    std::optional<store::Position> first_told, last_told;
  };

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::unordered_map<const LongRequest*, State> listed_ LATCHKEY_GUARDED_BY(mutex_);
};

class LongRequest {
 public:
  // What a verdict depends on: a change of one of them may end the request.
  struct Subjects {
    Digest presented;
    UserId owner;
    OrganizationId organization;
  };

  // Lists it. `accepted` verifies it anew. `touched`: a change may have ended it; called under the list's
  // lock on the writer's thread, it has still_accepted() called on the reactor.
  LongRequest(LongRequests& list, const Subjects& subjects, std::function<bool()> accepted,
              std::function<void()> touched);
  ~LongRequest();
  LongRequest(const LongRequest&) = delete;
  LongRequest& operator=(const LongRequest&) = delete;

  // Verifies it anew. Once after it was listed, then whenever it was touched, and at times for deadlines.
  [[nodiscard]] bool still_accepted();
  // Opens the window and verifies; false: it is not accepted, and the window is shut.
  [[nodiscard]] bool open_window();
  void shut_window();
  [[nodiscard]] bool window_is_open() const;

 private:
  friend class LongRequests;
  [[nodiscard]] bool depends_on(const store::Change& change) const;

  LongRequests& list_;
  const Subjects subjects_;
  const std::function<bool()> accepted_;
  const std::function<void()> touched_;
};

}  // namespace latchkey::authority
